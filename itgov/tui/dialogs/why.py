"""A figure taken apart: the list of a subject's figures, and one of them with what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual import events
from textual.widget import Widget

from itgov.insight.why_types import Explanation, Figure, WhyInput, WhySubject, largest
from itgov.model.derivation import How
from itgov.report.why_document import HOW, nothing_words, value_words
from itgov.report.why_words import assumed_words, left_out_words
from itgov.tui.dialogs.picker import Picker, PickerColumn
from itgov.tui.state.fuzzy import Finder
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line
from itgov.tui.widgets.table import Table

BACK = "back"
"""What the page gives for going back to where it was opened from."""
EDIT = "edit:"
"""What stands before the row whose line the editor is to be opened at."""
_MOST = 2000
"""Figures that are listed at once."""


class WhyRow(Struct, frozen=True):
    """An input as a row."""

    input: WhyInput
    divides: bool = False
    """Whether it is of what a ratio is divided by."""


FIGURES: tuple[PickerColumn[Figure], ...] = (
    PickerColumn("figure", "figure", 24, flex=2, cell=lambda f: ((f.name, "accent"),), found=True),
    PickerColumn("value", "value", 16, right=True, cell=lambda f: value_words(f.value)),
    PickerColumn("words", "what it is", 30, flex=4, drop=1, cell=lambda f: ((f.words, "muted"),)),
)
INPUTS: tuple[PickerColumn[WhyRow], ...] = (
    PickerColumn("over", "part", 7, cell=lambda r: "divisor" if r.divides else ""),
    PickerColumn("says", "made of", 30, flex=4, cell=lambda r: r.input.says),
    PickerColumn(
        "value", "value", 16, flex=1, right=True,
        cell=lambda r: value_words(r.input.value) if r.input.value is not None else (("not recorded", "muted"),),
    ),
    PickerColumn("place", "place", 24, flex=2, drop=2, cell=lambda r: ((_place(r.input), "muted"),)),
    PickerColumn("commit", "last changed by", 15, drop=1, cell=lambda r: ((_last(r.input), "muted"),)),
)  # fmt: skip


def _place(row: WhyInput) -> str:
    return f"{row.place.path}:{row.place.line}" if row.place is not None else ""


def _last(row: WhyInput) -> str:
    if row.figure is not None:
        return "derived"
    return row.commit or "commit unknown" if row.place is not None else ""


def figure_picker(
    subject: WhySubject, figures: Sequence[Figure], typed: str = "", first: str | None = None
) -> Picker[Figure]:
    """Return the dialog that asks which figure of a subject to take apart, the cursor on `first`."""
    figures = sorted(figures, key=lambda f: not f.value)  # what is nothing comes last
    known = {f.name: f for f in figures}
    finder = Finder([(f.name, f.words) for f in figures])

    def find(text: str) -> list[str]:
        return [figures[i].name for i in finder.find(text, _MOST)]

    return Picker(
        f"Why: figures of {subject.name}", FIGURES, known.__getitem__, find, typed=typed, current=first,
        placeholder="type to filter", width=132, tall=True,
        note=lambda f: f.words,
        count=lambda shown, _typed: f"first {shown:,}" if shown == _MOST else f"{shown:,}",
        keys=(("enter", "take apart"), ("↑↓", "move"), ("esc", "cancel")),
    )  # fmt: skip


class WhyPage(Picker[WhyRow]):
    """One figure: its value and formula, what it is made of, what is assumed and left out.

    Gives the number of the input that was chosen, that of one to edit, or `BACK`.
    """

    DEFAULT_CSS = """
    WhyPage Page { height: auto; max-height: 12; min-height: 1; }
    WhyPage.-tall Page { height: auto; max-height: 12; }
    """

    def __init__(self, explanation: Explanation, unread: Sequence[str]) -> None:
        self.explanation = explanation
        self.unread = unread
        parts = explanation.parts
        rows = [WhyRow(i) for i in largest(parts.inputs, parts.how)]
        rows += [WhyRow(i, divides=True) for i in largest(parts.over, parts.how)]
        self.rows = rows
        super().__init__(
            f"Why: {explanation.figure} of {explanation.subject.name}", INPUTS,
            lambda row: rows[int(row)], lambda _typed: [str(n) for n in range(len(rows))],
            width=132, tall=True, shortcuts={"backspace": BACK},
            empty=nothing_words(parts.how),
            keys=(("enter", "take apart, or go there"), ("e", "editor"), ("backspace", "back"), ("esc", "close")),
        )  # fmt: skip

    def body(self) -> list[Widget]:
        """Return the value and the formula, the inputs, and what is to be known besides."""
        explanation = self.explanation
        head = Page(id="why-head")
        head.can_focus = False
        head.show(_head(explanation))
        table = Table(self.columns, empty=self._empty)
        parts: list[Widget] = [head, table]
        if lines := _beside(explanation, self.unread):
            below = Page(id="why-below")
            below.can_focus = False
            below.show(lines)
            parts.append(below)
        return parts

    def take_key(self, event: events.Key) -> bool:
        """Open the editor at the line of an input, or do what any list does."""
        row = self.chosen()
        if event.key in self.home.keys.of("editor") and row is not None:
            self.dismiss(f"{EDIT}{row}")
            return True
        return super().take_key(event)


def _head(e: Explanation) -> list[Line]:
    how: How = e.parts.how
    return [
        ((f"{e.figure}  ", "strong"), (value_words(e.value), "accent")),
        ((e.formula, ""),),
        ((f"Made of: {HOW[how]}", "muted"),),
    ]


def _beside(e: Explanation, unread: Sequence[str]) -> list[Line]:
    lines: list[Line] = [((f"Assumed: {said}", "warning"),) for said in assumed_words(e.parts)]
    left_out = [*left_out_words(e.parts), *unread]
    return lines + [((f"Left out: {said}", "muted"),) for said in left_out]
