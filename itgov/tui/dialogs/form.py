"""A few questions at once: texts, days, people, one of several words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from rich.cells import cell_len
from textual import events
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from itgov.model.day_words import DAY_HINT, day_of, read_back
from itgov.model.filter_query import choice_named
from itgov.model.person_names import KnownPerson, NotOnePerson, PersonNames
from itgov.model.text import amount_of, did_you_mean
from itgov.tui.dialogs.dialog import Dialog
from itgov.tui.dialogs.people import PersonChoice, person_picker
from itgov.tui.widgets.column_layout import middle
from itgov.tui.widgets.line_input import LineInput
from itgov.tui.widgets.styled_text import safe

Kind = Literal["text", "date", "person", "people", "choice", "number", "id", "ids", "texts"]
"""`id` is one of many known ones, `ids` several of them; `texts` are several texts."""


class Ask(Struct, frozen=True, kw_only=True):
    """One question: its label, what is there already, and whether it is optional.

    A day is typed as people say it: 2026-11-23, +30, next friday, 31 mar.  A person is an id, a name or
    the beginning of a word of it that fits nobody else; where several fit, enter asks which.
    """

    id: str
    label: str
    kind: Kind = "text"
    value: str = ""
    optional: bool = False
    choices: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
    """How choices that are ids are shown, "Retail banking (retail)": they can be typed so too."""
    help: str = ""
    words: str = ""
    """What the field holds, said below the form while it is typed in."""

    def called(self, choice: str) -> str:
        """Return a choice as it is shown."""
        return self.names.get(choice, choice)

    def chosen(self, typed: str) -> str | None:
        """Return the choice that is typed, or that alone begins so, by its id or as it is shown."""
        found = choice_named(typed, self.choices)
        if found is not None or not self.names:
            return found
        known = {self.called(c).casefold(): c for c in self.choices}
        name = choice_named(typed.casefold(), known)
        return known[name] if name is not None else None


_ROOM = 37
"""Columns that a line has for the words to choose from, at 80 columns and with `(optional)` behind them."""
_MEANT = 31
"""Columns for what an answer means, behind its arrow."""
_DECIMAL_COMMA = re.compile(r".*,(?!\d{3}(\D|$)).*")
"""A comma that groups no thousands: `1,5` is no fifteen."""
Answers = dict[str, str]
"""By question; days as ISO texts, people as ids, several people or ids with commas between them,
several texts with semicolons."""


class Form(Dialog[Answers]):
    """Gives the answers, each of which can be used as it is."""

    KEYS = (("enter", "next/save"), ("tab", "move"), ("ctrl+s", "save"), ("esc", "cancel"))
    SCOPED_CSS = False
    DEFAULT_CSS = """
    Form .rows { height: auto; max-height: 60vh; scrollbar-size-vertical: 1; }
    Form .row { height: 1; }
    Form .label { color: $role-muted; }
    Form .words { color: $role-muted; height: 2; margin-top: 1; }
    Form .meant { width: auto; max-width: 34; min-width: 2; padding-left: 1; color: $accent; }
    """

    def __init__(
        self,
        title: str,
        asks: Sequence[Ask],
        people: Sequence[PersonChoice],
        today: datetime.date,
        check: Callable[[Answers], str | None] | None = None,
    ) -> None:
        super().__init__(title, width=84)
        self.asks = asks
        self.people = people
        self.today = today
        self.check = check
        self._names = {c.id: c for c in people}
        self._people = PersonNames(
            [KnownPerson(c.id, c.name, (*c.names, *c.formerly)) for c in people]
        )
        self._several: tuple[str, ...] = ()
        """Who can be meant by the answer that was understood last, where that is not one person."""
        self._leaving = False

    def _answered(self) -> bool:
        """Say whether anything stands there that was not there to begin with."""
        return any(self._input(a).value.strip() not in ("", a.value) for a in self.asks)

    def body(self) -> list[Widget]:
        """Return a row for each question, and below them what the field with the focus holds."""
        rows = VerticalScroll(*map(self._row, self.asks), classes="rows", can_focus=False)
        if not any(ask.words for ask in self.asks):
            return [rows]
        return [rows, Static("", classes="words", markup=False)]

    def _row(self, ask: Ask) -> Widget:
        label = Static(Content(ask.label), classes="label")
        label.styles.width = max(20, *(len(a.label) + 1 for a in self.asks))
        line = LineInput(ask.value, placeholder=self._placeholder(ask), id=f"ask-{ask.id}")
        meant = Static("", classes="meant", id=f"meant-{ask.id}", markup=False)
        return Horizontal(label, line, meant, classes="row")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field with the focus holds."""
        ask = next((a for a in self.asks if f"ask-{a.id}" == event.widget.id), None)
        for place in self.query(".words"):
            if ask is not None and isinstance(place, Static):
                optional = " Optional." if ask.optional else ""
                place.update(Content(safe(f"{ask.label}: {ask.words}{optional}")))

    @staticmethod
    def _placeholder(ask: Ask) -> str:
        if ask.help:
            return ask.help
        words = {
            "date": DAY_HINT,
            "person": "a name, its beginning or an id",
            "people": "names, with commas between them",
            "choice": _some_of([ask.called(c) for c in ask.choices]),
            "number": "a number, such as 1200 or 1.2m",
            "id": "an id, or its beginning",
            "ids": "ids, with commas between them",
            "texts": "texts, with semicolons between them",
        }
        hint = words.get(ask.kind, "")
        return f"{hint} (optional)" if ask.optional and hint else hint or (
            "optional" if ask.optional else ""
        )  # fmt: skip

    def on_mount(self) -> None:
        """Say at once what each answer means."""
        for ask in self.asks:
            self._mean(ask)

    def _input(self, ask: Ask) -> Input:
        return self.query_one(f"#ask-{ask.id}", Input)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is meant by what is typed."""
        event.stop()
        ask = next(a for a in self.asks if f"ask-{a.id}" == event.input.id)
        self._mean(ask)
        self._leaving = False
        self.problem("")

    def _mean(self, ask: Ask) -> None:
        meant, _ = self.understand(ask, self._input(ask).value)
        shown = ""
        if ask.kind == "choice" and not meant and self._input(ask).value.strip():
            shown = " | ".join(map(ask.called, ask.choices))
        elif meant and ask.kind in ("person", "people"):
            shown = ", ".join(self._called(m) for m in meant.split(","))
        elif meant and ask.kind == "date":
            shown = read_back(datetime.date.fromisoformat(meant), self.today)
        elif meant and ask.names:
            shown = ", ".join(map(ask.called, meant.split(",")))
            shown = "" if shown == self._input(ask).value.strip() else shown
            shown = middle(shown, _MEANT) if cell_len(shown) > _MEANT else shown
        elif meant and meant != self._input(ask).value.strip():
            shown = meant
        self.query_one(f"#meant-{ask.id}", Static).update(
            Content(safe(f"→ {shown}" if shown else ""))
        )

    def _called(self, person: str) -> str:
        known = self._names.get(person)
        return known.name if known is not None else person

    def understand(self, ask: Ask, text: str) -> tuple[str, str | None]:
        """Return what an answer means, and what is wrong with it."""
        text = text.strip()
        self._several = ()
        if not text:
            return "", None if ask.optional else _required(ask)
        if ask.kind == "date":
            return self._day(ask, text)
        if ask.kind == "number":
            amount = amount_of(text.lower())
            if amount is None or _DECIMAL_COMMA.fullmatch(text):
                return "", f"{ask.label}: `{text}` is not a number"
            return f"{amount:.15g}", None
        if ask.kind == "texts":
            return "; ".join(filter(None, (part.strip() for part in text.split(";")))), None
        if ask.kind in ("id", "ids"):
            return self._ids(ask, text)
        if ask.kind == "choice":
            found = ask.chosen(text)
            if found is None:
                known = [ask.called(c) for c in ask.choices]
                return "", not_a_choice(text, ask.label, known)
            return found, None
        if ask.kind in ("person", "people"):
            parts = [text]
            if ask.kind == "people":
                mark = ";" if ";" in text else ","  # `Okafor, Amara; Lee, Ann`
                parts = [p.strip() for p in text.split(mark) if p.strip()]
            meant = []
            for part in parts:
                try:
                    meant.append(self._people.named(part))
                except NotOnePerson as problem:
                    self._several = problem.candidates
                    return "", f"{ask.label}: {problem}"
            return ",".join(meant), None
        return text, None

    @staticmethod
    def _ids(ask: Ask, text: str) -> tuple[str, str | None]:
        """Return the known ids that are meant, with commas between them."""
        parts = [p.strip() for p in text.split(",")] if ask.kind == "ids" else [text]
        meant = []
        for part in filter(None, parts):
            found = ask.chosen(part)
            if found is None:
                return "", f"{ask.label}: `{part}` is no known id{did_you_mean(part, ask.choices)}"
            meant.append(found)
        return ",".join(meant), None

    def _day(self, ask: Ask, text: str) -> tuple[str, str | None]:
        day = day_of(text, self.today)
        if day is None:
            return "", f"{ask.label}: {not_a_date(text)}"
        return day.isoformat(), None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next question; after the last, be done."""
        event.stop()
        inputs = [self._input(a) for a in self.asks]
        at = inputs.index(event.input)
        meant, wrong = self.understand(self.asks[at], event.value)
        if self._several and self.asks[at].kind == "person":
            self._ask_which(self.asks[at], self._several)
            return
        if wrong is None and self.check is not None:
            wrong = self.check({self.asks[at].id: meant})
        if wrong is not None:
            self.problem(wrong)
            return
        if at + 1 < len(inputs):
            inputs[at + 1].focus()
            return
        self._finish()

    def _ask_which(self, ask: Ask, several: Sequence[str]) -> None:
        """Ask which of several people is meant, and put the answer in its place."""
        picker = person_picker(
            f"{self._input(ask).value.strip()}: which {ask.label}?",
            [self._names[person] for person in several],
        )

        def take(person: str | None) -> None:
            if person is not None:
                self._input(ask).value = person
                self._input(ask).cursor_position = len(person)

        self.app.push_screen(picker, take)

    def _finish(self) -> None:
        answers: Answers = {}
        for ask in self.asks:
            answers[ask.id], wrong = self.understand(ask, self._input(ask).value)
            if wrong is not None:
                self.problem(wrong)
                self._input(ask).focus()
                return
        wrong = self.check(answers) if self.check is not None else None
        if wrong is not None:
            self.problem(wrong)
            return
        self.dismiss(answers)

    def leave(self) -> None:
        """Leave; what was typed is thrown away only when that is asked for twice."""
        if self._leaving or not self._answered():
            super().leave()
            return
        self._leaving = True
        self.problem("esc again discards the input")

    def take_key(self, event: events.Key) -> bool:
        """Move between the questions, finish or leave."""
        step = {"tab": 1, "down": 1, "shift+tab": -1, "up": -1}.get(event.key)
        inputs = [self._input(a) for a in self.asks]
        focused = next((i for i, field in enumerate(inputs) if field.has_focus), None)
        if step is not None and focused is not None:
            inputs[(focused + step) % len(inputs)].focus()
        elif event.key == "ctrl+s":
            self._finish()
        else:
            return super().take_key(event)
        return True


def not_a_date(text: str) -> str:
    """Return what is wrong with a text that means no day."""
    return f"`{text}` is not a date (use {DAY_HINT})"


def not_a_choice(text: str, label: str, known: Sequence[str]) -> str:
    """Return what is wrong with a text that is none of the known words."""
    return f"`{text}` is not {_article(label)} {label} (use {', '.join(known)})"


_UNCOUNTED = frozenset(
    ("confidence", "satisfaction", "satisfaction from", "participants", "present")
)


def _article(label: str) -> str:
    if label.startswith("first "):
        return "the"
    return "an" if label[:1] in "aeio" else "a"


def _required(ask: Ask) -> str:
    """Return what is said where an answer is missing."""
    label = ask.label
    if ask.kind == "date" and label != "date":
        return f"Enter a date ({label})"
    return f"Enter {label}" if label in _UNCOUNTED else f"Enter {_article(label)} {label}"


def _some_of(choices: Sequence[str]) -> str:
    """Return the words to choose from, as many as there is room for at 80 columns, and how many there are."""
    text = " | ".join(choices)
    if len(text) <= _ROOM:
        return text
    more = f" … {len(choices):,} in all"
    whole = text[: _ROOM - len(more) + len(" | ")].count(" | ")
    return " | ".join(choices[: max(whole, 1)]) + more
