"""Who and what is the same under another id in two states of a portfolio.

Records say it (`formerly`), or one went as one came that is called the same, or measures the same.
The result is always the new id by the old one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from itgov.model.drawn_texts import drawn
from itgov.model.types import Investment, Outcome, Person


def same_people(before: Mapping[str, Person], after: Mapping[str, Person]) -> dict[str, str]:
    """Match people who got another id: as the new record says (`formerly`), or because somebody of
    that name went as somebody of that name came."""
    gone = {i: p for i, p in before.items() if i not in after}
    come = {i: p for i, p in after.items() if i not in before}
    found = {old: new for new, p in after.items() for old in p.formerly if old in gone}
    names = {i: drawn(p.name) for i, p in gone.items() if i not in found}
    others = {i: drawn(p.name) for i, p in come.items() if i not in found.values()}
    return found | _pairs(names, others)


def same_investments(
    before: Mapping[str, Investment], after: Mapping[str, Investment], taken: Container[str] = ()
) -> dict[str, str]:
    """Match investments that got another id: as the new record says (`formerly`), else by title; ids
    that are `taken` are nobody's new one."""
    gone = {i: r for i, r in before.items() if i not in after}
    come = {i: r for i, r in after.items() if i not in before and i not in taken}
    found = {old: new for new, r in come.items() for old in r.formerly if old in gone}
    return found | _pairs(
        {i: r.title.casefold() for i, r in gone.items() if i not in found},
        {i: r.title.casefold() for i, r in come.items() if i not in found.values()},
    )


def same_outcomes(
    before: Mapping[str, Outcome], after: Mapping[str, Outcome], taken: Container[str] = ()
) -> dict[str, str]:
    """Match outcomes of one investment that got another id, by what they measure or say."""
    return _pairs(
        {i: _gist(o) for i, o in before.items() if i not in after},
        {i: _gist(o) for i, o in after.items() if i not in before and i not in taken},
    )


def _gist(outcome: Outcome) -> str:
    return (outcome.measure or outcome.statement or "").casefold()


def _pairs(gone: Mapping[str, str], come: Mapping[str, str]) -> dict[str, str]:
    """Return the new id by the old one where exactly one that went and one that came say the same."""
    went: dict[str, list[str]] = {}
    came: dict[str, list[str]] = {}
    for ids, found in ((gone, went), (come, came)):
        for identifier, said in ids.items():
            if said:
                found.setdefault(said, []).append(identifier)
    return {
        ids[0]: came[said][0]
        for said, ids in went.items()
        if len(ids) == 1 and len(came.get(said, ())) == 1
    }
