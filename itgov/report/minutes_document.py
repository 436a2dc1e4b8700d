"""Minutes laid out: what people read of a closed session, and what its seal holds to the byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from itgov.model.minutes import (
    Decision,
    ItemKind,
    Minutes,
    MinutesItem,
    is_settled,
    tally,
    verdict_of,
)
from itgov.report.blocks import (
    Block,
    Code,
    Column,
    Heading,
    Id,
    Lines,
    Para,
    Piece,
    Stack,
    Table,
    Text,
    Words,
    begun,
)
from itgov.report.figures import money
from itgov.report.review_words import done_of, said, spent

_LONG = 1000
"""Characters of what was written down in a session; a whole decision may have three such texts."""


def minutes_document(
    minutes: Minutes, names: Mapping[str, str], units: Mapping[str, str], organisation: str
) -> Iterator[Block]:
    """Lay minutes out; `names` are people's names by id, `units` those of business units."""
    review = minutes.review
    scope = units.get(review.business_unit or "", review.business_unit) or organisation
    yield Heading(("Review of ", Text(scope), f", {review.date}"), everywhere=True, level=1)
    decided = [i for i in minutes.items if is_settled(i.decisions)]
    rest = [i for i in minutes.items if not is_settled(i.decisions)]
    lines: list[Words] = []
    if review.chair:
        lines.append(("Chair: ", _person(review.chair, names)))
    if review.present:
        people = [piece for p in review.present for piece in (", ", _person(p, names))]
        lines.append(("Present: ", *people[1:]))
    if review.scenarios:
        chosen = [piece for name in review.scenarios for piece in (", ", Id(name))]
        lines.append(("Scenarios carried out: ", *chosen[1:]))
    seconds = sum(i.seconds or 0 for i in minutes.items)
    lines.append(f"{tally(i.decisions for i in minutes.items).says} in {spent(seconds)}")
    yield Stack(lines)
    actions = [(i, d) for i in minutes.items for d in i.decisions if d.decision == "action"]
    if actions:
        rows = [
            (
                Text(d.what or "", _LONG),
                _person(d.owner, names),
                str(d.due),
                Text(item.subject.id),
            )
            for item, d in sorted(actions, key=lambda pair: str(pair[1].due))
        ]
        yield Heading("Actions", everywhere=True, level=2)
        yield Table([Column(t) for t in ("What", "Who", "Due", "About")], rows, most=len(rows))
    if decided:
        yield Heading("Decisions", everywhere=True, level=2)
        for item in decided:
            yield from _item(item, names)
    if rest:
        yield Heading("Not decided: comes back", everywhere=True, level=2)
        bare = [i for i in rest if not i.decisions]
        for item in rest:  # a waiver, a name, an action or a note is recorded, and decides nothing
            if item.decisions:
                yield from _item(item, names)
        if bare:
            yield Lines([(_called(item),) for item in bare])
    if minutes.seal is not None:
        yield Para(("Seal: ", Code(minutes.seal.hash)))


def _item(item: MinutesItem, names: Mapping[str, str]) -> Iterator[Block]:
    verdict = verdict_of(item.decisions)
    about = item.subject.kind
    word = f": {done_of(verdict, about)}" if verdict is not None else ""
    yield Heading((_called(item), word), everywhere=True)
    if item.money:
        yield Para(f"Spend: {money(item.money)}")
    yield Lines(
        [(_said(d, names, about),) for d in sorted(item.decisions, key=lambda d: d is not verdict)]
    )
    if item.reasons:
        yield Para("Why it is here:")
        yield Lines(
            [(*((Text(r.rule), ": ") if r.rule else ()), Text(r.says, _LONG)) for r in item.reasons]
        )


def _said(decision: Decision, names: Mapping[str, str], about: ItemKind) -> Piece:
    words = said(decision, names, about)
    return Text(begun(words), 3 * _LONG)


def _called(item: MinutesItem) -> Piece:
    title, identifier = item.title or "", item.subject.id
    if title in ("", identifier):
        return Text(identifier)
    shared = title.endswith(f" ({identifier})")  # one of several people of a name
    return Text(title if shared else f"{title} ({identifier})")


def _person(identifier: str | None, names: Mapping[str, str]) -> Piece:
    return "nobody" if identifier is None else Text(names.get(identifier, identifier))
