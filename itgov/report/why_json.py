"""`itgov why --format json`: for other programs; its shape is a promise."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.insight.why_types import Explanation, Figure, Kind, Value, WhyInput, WhySubject
from itgov.model.derivation import How
from itgov.report.json_text import json_text
from itgov.report.why_words import assumed_words, left_out_words

SCHEMA = 1


class _Subject(Struct):
    kind: Kind
    id: str


class _Asked(Struct):
    subject: str
    figure: str


class _Input(Struct):
    says: str
    value: Value
    path: str | None
    line: int | None
    column: int | None
    commit: str | None
    why: _Asked | None


class _Explanation(Struct):
    schema: int
    as_of: str
    subject: _Subject
    figure: str
    value: Value
    formula: str
    how: How
    inputs: list[_Input]
    divided_by: list[_Input]
    assumed: Sequence[str]
    left_out: Sequence[str]


class _Figure(Struct):
    figure: str
    value: Value
    formula: str


class _Figures(Struct):
    schema: int
    as_of: str
    subject: _Subject
    figures: list[_Figure]


def explanation_json(explanation: Explanation, unread: Sequence[str]) -> str:
    """Write one figure taken apart down as one JSON object."""
    e, parts = explanation, explanation.parts
    return json_text(
        _Explanation(
            SCHEMA, e.as_of.isoformat(), _subject(e.subject), e.figure, e.value, e.formula,
            parts.how, [_input(i) for i in parts.inputs], [_input(i) for i in parts.over],
            assumed_words(parts), [*left_out_words(parts), *unread],
        )
    )  # fmt: skip


def figures_json(subject: WhySubject, figures: Sequence[Figure], as_of: str) -> str:
    """Write the figures of a subject down as one JSON object."""
    listed = [_Figure(f.name, f.value, f.words) for f in figures]
    return json_text(_Figures(SCHEMA, as_of, _subject(subject), listed))


def _subject(subject: WhySubject) -> _Subject:
    return _Subject(subject.kind, subject.id)


def _input(i: WhyInput) -> _Input:
    place = i.place
    path, line, column = (place.path, place.line, place.column) if place else (None, None, None)
    return _Input(
        i.says, i.value, path, line, column, i.commit, _Asked(*i.figure) if i.figure else None
    )
