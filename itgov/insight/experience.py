"""What a person has managed, and from whose side."""

from __future__ import annotations

from itgov.insight.manager_types import HeldExperience
from itgov.model.portfolio import Portfolio
from itgov.model.reach import is_evidence


def experience_in(portfolio: Portfolio, person: str) -> tuple[HeldExperience, ...]:
    """Return the experience recorded of a person's post and of the person."""
    post, entry = portfolio.managers.get(person), portfolio.people.get(person)
    records = (
        *(post.record.experience if post is not None else ()),
        *(entry.record.experience if entry is not None else ()),
    )
    files = portfolio.evidence_files
    return tuple(HeldExperience(e, is_evidence(e.evidence, files)) for e in records)
