"""The business's own words in the files: answers, scores and confirmations, by a key each.

A key says what was said, about what, by whom and when, so that git can be asked who entered it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

from itgov.model.types import (
    BusinessUnit,
    Engagement,
    OrganisationFile,
    Result,
    SeenBy,
    Step,
    UnitFile,
)

_BETWEEN = "\x1f"


def answer_key(person: str, said: SeenBy) -> str | None:
    """Return the key of an answer to whom a relationship manager speaks for."""
    return _key("answer", person, said.by, said.on, said.says)


def step_key(person: str, step: Step) -> str | None:
    """Return the key of the confirmation of a relationship manager's step."""
    return _key("step", person, step.confirmed_by, step.done, step.what)


def score_key(unit: str, engagement: Engagement) -> str | None:
    """Return the key of the satisfaction score of an engagement."""
    said = engagement.satisfaction
    return (
        None if said is None else _key("score", unit, said.by, engagement.date, f"{said.score:g}")
    )


def result_key(outcome: str, result: Result) -> str | None:
    """Return the key of the confirmation of a result; `outcome` is `<investment>/<outcome>`."""
    said = f"{result.actual}/{result.value}"
    return _key("result", outcome, result.confirmed_by, result.date, said)


def _key(
    kind: str, about: str, by: str | None, on: datetime.date | None, said: object
) -> str | None:
    if by is None:
        return None
    return _BETWEEN.join((kind, about, by, str(on), str(said)))


def words_of(content: object) -> Iterator[str]:
    """Yield the keys of all words of the business that one file holds."""
    found: list[str | None] = []
    if isinstance(content, OrganisationFile):
        for manager in content.relationship_managers:
            found += [answer_key(manager.person, said) for said in manager.represents_seen_by]
            found += [step_key(manager.person, step) for step in manager.steps]
    elif isinstance(content, UnitFile):
        unit = content.business_unit
        unit_id = unit.id if isinstance(unit, BusinessUnit) else unit
        found += [score_key(unit_id, engagement) for engagement in content.engagements]
        for investment in content.investments:
            for outcome in investment.outcomes:
                name = f"{investment.id}/{outcome.id}"
                found += [result_key(name, result) for result in outcome.results]
    yield from (key for key in found if key is not None)


def with_items(key: str, renumbered: Mapping[str, str]) -> str:
    """Return a key with the new ids of items that got another."""
    kind, about, *rest = key.split(_BETWEEN)
    item, _, outcome = about.rpartition("/")
    if kind == "result" and item in renumbered:
        about = f"{renumbered[item]}/{outcome}"
    return _BETWEEN.join((kind, about, *rest))


def with_people(key: str, renamed: Mapping[str, str]) -> str:
    """Return a key with the new ids of people who got another."""
    kind, about, by, *rest = key.split(_BETWEEN)
    if kind in ("answer", "step"):
        about = renamed.get(about, about)
    return _BETWEEN.join((kind, about, renamed.get(by, by), *rest))
