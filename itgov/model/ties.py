"""What ties business units together: ids that records define or name, and benefits that may be one.

The facts of a unit and of what lies in it follow from its own records, from the organisation's, and from
what is tied to it directly or through others.  Those of people, relationship managers and the
organisation follow from a share of every unit (`itgov.model.unit_shares`).  One fact has no tie: an
item that is not committed has the past of one of its title that went from another file at the same time,
which `Evidence.renumbered` tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from itgov.model.claims import claim_key
from itgov.model.drawn_texts import drawn
from itgov.model.fields import Kind
from itgov.model.one_form import one_form
from itgov.model.types import BusinessUnit, UnitFile

_TYING: tuple[Kind, ...] = ("business_unit", "investment", "outcome")
"""What units may name of each other; an objective is its unit's own."""


def tie(kind: str, identifier: str) -> str:
    """Return the tie of all that define or name an id, or one that differs from it in its case alone."""
    return f"{kind}:{one_form(identifier).lower()}"


def _ties_of_id(kind: str, identifier: str) -> tuple[str, ...]:
    """Return the ties of a record that defines an id: others may have one that looks like it."""
    own = tie(kind, identifier)
    return (own,) if identifier.isascii() else (own, f"{kind}:{drawn(identifier)}")


def ties_of_file(content: UnitFile, named: Mapping[Kind, Iterable[str]]) -> list[str]:
    """Return the ties of what a business unit's file says; `named` is all that `named_in` tells of it."""
    found = dict.fromkeys(ties_of_names(named))
    unit = content.business_unit
    if identifier := unit.id if isinstance(unit, BusinessUnit) else unit:
        found |= dict.fromkeys(_ties_of_id("business_unit", identifier))
    for record in content.investments:
        for identifier in (record.id, *record.formerly):
            found |= dict.fromkeys(_ties_of_id("investment", identifier))
        for outcome in record.outcomes:
            found[tie("outcome", f"{record.id}/{outcome.id}")] = None
            if (key := claim_key(outcome)) is not None:
                measure, unit_word, plan = key
                # of numbers a hash is the same at every run, and that of 1 is that of 1.0
                found[f"benefit:{measure}:{unit_word}:{hash(plan)}"] = None
    return list(found)


def ties_of_unit(
    unit: str, files: Iterable[tuple[UnitFile, Mapping[Kind, Iterable[str]] | None]]
) -> dict[str, None]:
    """Return the ties of a business unit: of what its files say, and of its id, which may stand in their paths alone."""
    ties = dict.fromkeys(_ties_of_id("business_unit", unit))
    for content, named in files:
        ties |= dict.fromkeys(ties_of_file(content, named or {}))
    return ties


def ties_of_names(named: Mapping[Kind, Iterable[str]]) -> list[str]:
    """Return the ties of all that `named_in` tells of some records."""
    return [tie(kind, name) for kind in _TYING for name in named.get(kind, ()) if name]


def tied_to(ties: set[str], others: Sequence[Collection[str]]) -> list[int]:
    """Return the places of all that are tied to some ties, directly or through others.

    Theirs are added to `ties`.
    """
    found: list[int] = []
    left = list(range(len(others)))
    grows = True
    while grows:
        near = [at for at in left if not ties.isdisjoint(others[at])]
        left = [at for at in left if at not in set(near)]
        ties.update(*(others[at] for at in near))
        found += near
        grows = bool(near)
    return sorted(found)
