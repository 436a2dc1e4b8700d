"""What a draft of a mapping is unsure of, as questions with a proposal, and their answers.

A draft is made again with each answer until no question is open, so that an answer steers whatever
depends on it. Terminal, room and the draft's comments show the same questions.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from itgov.importing.languages import month_of
from itgov.importing.trouble import shown
from itgov.importing.values import key_of, one_line, slug
from itgov.model.errors import ItgovError

MOST_QUESTIONS = 12
"""Most questions that one table may raise; beyond them the proposals are taken, and said."""

EXAMPLES = 3
"""How many values of the table stand beside a choice."""

NO_COLUMN = ""
"""The answer that no column is the field."""

ADD = "sum"
"""The answer that rows with one id are lines of one cost."""

ONLY, ALL = " only", " for all"
"""After a currency: rows in others are left out, or added up as they stand."""

FIRST = "first"
"""The answer that of rows with one id only the first counts."""

Takes = Literal["choice", "column", "text", "id", "currency", "month", "day", "year"]
"""What may be answered beside the choices: nothing else, any column, or a value of that kind."""

PLACES = ("sheet", "header_row")
"""Where the table is: all else follows from it."""

_ORDER = (
    *PLACES,
    "organisation",
    "id",
    "title",
    "unit",
    "spend",
    "budget",
    "actual",
    "forecast",
)
_LAST = (
    "merge",
    "date_order",
    "year",
    "currency",
    "decimal",
    "scale",
    "fiscal_year_start",
    "as_of",
)


def in_order(questions: list[Question]) -> list[Question]:
    """Return questions in the order in which they are asked: the table, its columns, what they mean."""

    def place(question: Question) -> int:
        field = "spend" if question.field.startswith("spend-") else question.field
        if field in _ORDER:
            return _ORDER.index(field)
        last = _LAST.index(question.field) + 1 if question.field in _LAST else 0
        return len(_ORDER) + last

    return sorted(questions, key=place)


ALONE = ("organisation", "year", "scale", "fiscal_year_start", "as_of")
"""Questions whose answers change no other question."""


class BadAnswer(ItgovError):
    """An answer that the question does not take; the text says why."""


class Choice(Struct, frozen=True):
    """One answer that a question offers, with values of the table that speak for it."""

    answer: str
    words: str = ""
    """How it is shown; the answer itself where that says enough."""
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.words or shown(self.answer)


class Question(Struct, frozen=True):
    """What a draft is unsure of."""

    field: str
    """What the answer decides: a field of the mapping, `scale`, `currency`, `sheet` … Each once."""
    asks: str
    proposal: Choice | None = None
    others: tuple[Choice, ...] = ()
    """The runners-up, the likeliest first."""
    why: str = ""
    """Why it is not sure."""
    examples: tuple[str, ...] = ()
    """Values of the table that the question is about, where they do not belong to one choice."""
    takes: Takes = "choice"
    explains: str = ""
    """What hangs on the answer, for who asks what is meant."""
    matters: bool = False
    """Whether money or what is one investment hangs on it: without an answer nothing is written."""
    columns: tuple[str, ...] = ()
    """The columns that may be answered, where it takes one."""
    is_assumed: bool = False
    """Whether an import without an answer assumes the proposal, and keeps that it was assumed."""

    @property
    def choices(self) -> list[Choice]:
        """All answers that are offered, the proposal first."""
        return [*([self.proposal] if self.proposal is not None else []), *self.others]

    def read(self, text: str) -> str:
        """Return an answer in the form in which it is kept; raise BadAnswer."""
        said = one_line(text)
        for choice in self.choices:
            if key_of(said) in (key_of(choice.answer), key_of(str(choice))):
                return choice.answer
        begins = [c.answer for c in self.choices if key_of(str(c)).startswith(key_of(said))]
        if len(begins) == 1 and len(said) > 2 and self.takes not in ("text", "day"):
            return begins[0]
        if self.takes == "choice":
            offered = ", ".join(f"`{choice}`" for choice in self.choices)
            raise BadAnswer(f"`{shown(said)}` is none of {offered}")
        return _READ[self.takes](said, self)


def _text(said: str, _question: Question) -> str:
    if not said:
        raise BadAnswer("nothing was entered")
    return said


def _id(said: str, question: Question) -> str:
    return slug(_text(said, question)) or _refuse(f"`{shown(said)}` has no letter or digit")


def _column(said: str, question: Question) -> str:
    found = [c for c in question.columns if key_of(c) == key_of(said)]
    return found[0] if found else _refuse(f"there is no column `{shown(said)}`")


def _currency(said: str, _question: Question) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", said):
        raise BadAnswer(f"`{shown(said)}` is not a currency (use three letters, such as EUR)")
    return said.upper()


def _month(said: str, _question: Question) -> str:
    if said.isdecimal() and 1 <= int(said) <= 12:
        return str(int(said))
    found = month_of(said)
    if found is None:
        raise BadAnswer(f"`{shown(said)}` is not a month (use April, or 4)")
    return str(found)


def _day(said: str, _question: Question) -> str:
    try:
        if len(said) != 10:
            raise ValueError
        return datetime.date.fromisoformat(said).isoformat()
    except ValueError:
        raise BadAnswer(f"`{shown(said)}` is not a date (use 2026-12-31)") from None


def _year(said: str, _question: Question) -> str:
    if not re.fullmatch(r"(19|20|21)\d\d", said):
        raise BadAnswer(f"`{shown(said)}` is not a year (use 2026)")
    return said


def _refuse(why: str) -> str:
    raise BadAnswer(why)


_READ = {
    "column": _column,
    "text": _text,
    "id": _id,
    "currency": _currency,
    "month": _month,
    "day": _day,
    "year": _year,
}


class Asked:
    """The questions of one draft: those that are open, and what the others were answered."""

    def __init__(
        self, answers: Mapping[str, str] | None = None, proposed: Iterable[str] = ()
    ) -> None:
        self.answers = dict(answers or {})
        self.proposed = frozenset(proposed)
        """Fields whose answer nobody gave: the proposal was taken."""
        self.open: list[Question] = []

    def ask(self, question: Question) -> str | None:
        """Return the answer, else the proposal; None where there is neither."""
        proposal = question.proposal.answer if question.proposal is not None else None
        answer = self.answered(question)
        return proposal if answer is None else answer

    def answered(self, question: Question) -> str | None:
        """Return the answer; where there is none, note the question and return None.

        An answer that the question does not take, since another answer has changed it, is asked
        again.
        """
        given = self.answers.get(question.field)
        if given is not None:
            try:
                return question.read(given)
            except BadAnswer:
                del self.answers[question.field]
        fields = [other.field for other in self.open]
        if question.field not in fields:
            self.open.append(question)
        elif question.matters:  # to one of the places that ask it
            self.open[fields.index(question.field)] = question
        return None

    def is_answered(self, question: Question) -> bool:
        """Say whether a question was answered."""
        return question.field in self.answers


def examples(cells: Iterable[object]) -> tuple[str, ...]:
    """Return the first different values of a column, as they are shown beside a choice."""
    found: dict[str, None] = {}
    for cell in cells:
        if word := shown(one_line(str(cell)))[:40]:
            found[word] = None
            if len(found) == EXAMPLES:
                break
    return tuple(found)


def lines(question: Question) -> list[str]:
    """Return a question as lines of text, for the comments of a draft and for messages."""
    found = [f"{question.field}: {question.asks}"]
    if question.why:
        found.append(f"    {question.why}")
    if question.examples:
        found.append(f"    in the table: {values(question.examples)}")
    for at, choice in enumerate(question.choices):
        word = "proposed" if at == 0 and question.proposal is not None else "or"
        found.append(f"    {word}: {choice}")
        if choice.examples:
            found[-1] += f" ({values(choice.examples)})"
    return found


def values(shown_values: tuple[str, ...]) -> str:
    """Return examples as one text."""
    return ", ".join(f"`{value}`" for value in shown_values)
