"""`itgov why`: laid out: the figures of a subject, or one figure taken apart."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence

from itgov.insight.why_types import Explanation, Figure, Value, WhyInput, WhySubject, largest
from itgov.model.derivation import How
from itgov.report.blocks import Block, Code, Column, Fact, Facts, Listing, Para, Table, Title, Words
from itgov.report.figures import UNKNOWN, number, short
from itgov.report.why_words import assumed_words, left_out_words

_GROUP = 40
"""Figures whose names begin alike from which a list of all names only how many there are."""
MOST = 10
"""How many inputs a page names; JSON has all."""
_CENTS = 100
"""From here on two decimals are shown, below it six: money to the cent, and shares."""
HOW: dict[How, str] = {
    "sum": "the sum of",
    "count": "the number of",
    "ratio": "the sum of these, divided by the sum of the others",
    "mean": "the mean of",
    "least": "the smallest of",
    "greatest": "the latest of",
    "days since": "the days from the latest day to the as-of date",
    "words": "from",
}


def value_words(value: Value) -> str:
    """Return the value of a figure or an input in full."""
    match value:
        case None:
            return UNKNOWN
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(round(value, 2 if abs(value) >= _CENTS else 6))
        case str():
            return short(value, 120)
        case list():
            return ", ".join(short(v, 60) for v in value) or "none"


def named(subject: WhySubject) -> str:
    """Return a subject as a title has it: its name, and its id where that is another."""
    name = short(subject.name)
    return name if name == subject.id else f"{name} ({short(subject.id)})"


def figures_document(
    subject: WhySubject, figures: Sequence[Figure], as_of: datetime.date
) -> Iterator[Block]:
    """Lay the figures of a subject out: the name of each, its value, what it is."""
    yield Title("figures", named(subject), as_of, f"{len(figures):,} figures")
    groups = Counter(f.name.partition(".")[0] for f in figures)
    many = {g: n for g, n in groups.items() if n > _GROUP and n < len(figures)}
    listed = [f for f in figures if f.name.partition(".")[0] not in many]
    rows: list[list[Words]] = [[f.name, value_words(f.value), f.words] for f in listed]
    for group, count in many.items():
        more = (f"{count:,} figures: ", Code(f"itgov why {subject.id} {group}"), " lists them")
        rows.append([f"{group}. …", "", more])
    columns = [Column("figure", "head"), Column("value", "number"), Column("what it is", "wide")]
    yield Table(columns, rows, most=len(rows))
    yield Para((Code(f"itgov why {subject.id} FIGURE"), " takes one apart."))


def explanation_document(
    explanation: Explanation, unread: Sequence[str], most: int = MOST
) -> Iterator[Block]:
    """Lay one figure out: its value, its formula, what it is made of, what is assumed or left out."""
    subject, parts = explanation.subject, explanation.parts
    yield Title(f"why {explanation.figure}", named(subject), explanation.as_of)
    yield Facts(
        [
            Fact("value", value_words(explanation.value)),
            Fact("formula", explanation.formula),
            Fact("made of", HOW[parts.how]),
        ]
    )
    yield from _inputs("", parts.inputs, parts.how, most)
    if parts.over:
        yield Para("Divided by the sum of")
        yield from _inputs("", parts.over, parts.how, most)
    if assumed := assumed_words(parts):
        yield Listing("Assumed", lines=assumed)
    if left_out := [*left_out_words(parts), *unread]:
        yield Listing("Left out", lines=left_out)


def _inputs(caption: str, inputs: Sequence[WhyInput], how: How, most: int) -> Iterator[Block]:
    if not inputs:
        yield Para(nothing_words(how))
        return
    shown = largest(inputs, how)[:most]
    rows: list[list[Words]] = [
        [
            i.says,
            value_words(i.value) if i.value is not None else "not recorded",
            i.place or UNKNOWN,
            _last(i),
        ]
        for i in shown
    ]
    columns = [
        Column("input", "head", 60),
        Column("value", "number", 70),
        Column("place"),
        Column("last changed by, or ask"),
    ]
    yield Table(columns, rows, caption=caption, most=most)
    if len(inputs) > most:
        yield Para(more_words(inputs, shown, how))


def _last(i: WhyInput) -> Words:
    if i.figure is not None:
        return Code(f"itgov why {' '.join(i.figure)}")
    if i.place is None:
        return UNKNOWN
    return i.commit or "commit unknown"


def nothing_words(how: How) -> str:
    """Return what is said where there are no inputs."""
    if how in ("sum", "count"):
        return "Nothing adds to it."
    return "Nothing is recorded that it could be made from."


def more_words(inputs: Sequence[WhyInput], shown: Sequence[WhyInput], how: How) -> str:
    """Return how many inputs are not shown, and what they come to."""
    words = f"and {len(inputs) - len(shown):,} more"
    if how not in ("sum", "ratio"):
        return words
    numbers = [
        [i.value for i in some if isinstance(i.value, int | float)] for some in (inputs, shown)
    ]
    return f"{words}, {number(round(sum(numbers[0]) - sum(numbers[1]), 6))} together"
