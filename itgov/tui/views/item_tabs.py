"""The tabs of what is selected: facts, findings, value, history, file, notes; each as lines of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, get_args

from itgov.files.git_history import CommitDetails, commit_details
from itgov.insight.items import Item
from itgov.insight.value_curve import Curve, CurveKind, curve_of
from itgov.model.change_log import UNCOMMITTED
from itgov.model.derive_reviews import in_order
from itgov.model.finding import SEVERITIES, Finding, item_of
from itgov.model.portfolio import Source, UnitEntry
from itgov.model.text import plural
from itgov.report.review_words import said
from itgov.review.dossier import Changed, changes_of
from itgov.tui.state.room import Room
from itgov.tui.views.formatting import SEVERITY_ROLES, SEVERITY_SIGNS, value_lines
from itgov.tui.views.item_page import fact_lines, findings_lines, heading, unit_lines
from itgov.tui.views.outcome_lines import outcome_lines
from itgov.tui.views.tenure_lines import unit_opportunities
from itgov.tui.views.value_plot import curve_lines, series_of
from itgov.tui.widgets.plot import plot_lines
from itgov.tui.widgets.styled_text import Line, Role, Span

Tab = Literal["facts", "findings", "value", "history", "file", "notes"]
TABS: tuple[Tab, ...] = get_args(Tab)
_MOST = 500
"""Lines of a file that are shown; an editor is for more."""
_PLOT_HEIGHT = 11
_ITEM: CurveKind = "investment"
_UNIT: CurveKind = "business_unit"

Lines = Sequence[Line] | Callable[[int], Sequence[Line]]


class ItemTabs:
    """Makes the tabs of one state of the portfolio; what is slow to make is made once."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._curves: dict[tuple[CurveKind, str], Curve] = {}
        self._told: dict[str, CommitDetails | None] = {}

    def of_item(self, item: Item, tab: Tab) -> Callable[[int], Sequence[Line]]:
        """Return a tab of an investment or service, made for a width."""
        room, entry = self.room, item.entry

        def lines(width: int) -> Sequence[Line]:
            match tab:
                case "facts":
                    return fact_lines(room, item)
                case "findings":
                    return findings_lines(room, item.findings.found)
                case "value":
                    return self._value(_ITEM, item.id, width, _outcomes(room, item))
                case "history":
                    return self._history(item)
                case "file":
                    return file_lines(room, entry.source, item.findings.found)
                case "notes":
                    return note_lines(room, _ITEM, item.id)

        return lambda width: [_tabs(tab), (), *_said(lines(width), tab)]

    def of_unit(self, unit: UnitEntry, tab: Tab) -> Callable[[int], Sequence[Line]]:
        """Return a tab of a business unit, made for a width."""
        room, identifier = self.room, unit.record.id
        found = room.findings_of_unit.get(identifier, ())

        def lines(width: int) -> Sequence[Line]:
            match tab:
                case "facts":
                    return [*unit_lines(room, unit), *unit_opportunities(room, unit)]
                case "findings":
                    return findings_lines(room, found)
                case "value":
                    known = (u.value for u in room.value.units if u.id == identifier)
                    figures = [line for value in known if value for line in value_lines(value)]
                    return self._value(_UNIT, identifier, width, figures)
                case "history":
                    return [(("History is shown for one item; select one below.", "muted"),)]
                case "file":
                    own = [f for f in found if item_of(f.subject) is None]
                    return file_lines(room, unit.source, own)
                case "notes":
                    return note_lines(room, _UNIT, identifier)

        return lambda width: [_tabs(tab), (), *_said(lines(width), tab)]

    def _value(
        self, kind: CurveKind, identifier: str, width: int, above: Iterable[Line]
    ) -> list[Line]:
        of = (kind, identifier)
        if of not in self._curves:
            self._curves[of] = curve_of(self.room.portfolio, "year", kind, identifier)
        curve = self._curves[of]
        drawn = plot_lines(series_of(curve), width, _PLOT_HEIGHT) if len(curve.points) > 1 else []
        return [*drawn, *curve_lines(curve, without_fading=True), (), *above]

    def _history(self, item: Item) -> list[Line]:
        changed = changes_of(item.entry)
        asked = [c.commit for c in changed if c.commit not in self._told]
        if asked and self.room.git:
            details = commit_details(self.room.root, asked)
            self._told |= {commit: details.get(commit) for commit in asked}
        return history_lines([(c, self._told.get(c.commit)) for c in changed])


def _tabs(shown: Tab) -> Line:
    parts: list[Span] = [(" ", "")]  # where there is no room for all, they go on below the first
    for tab in TABS:
        name = tab.capitalize()
        parts.append((f"[{name}] ", "strong") if tab == shown else (f"{name} ", "muted"))
    return tuple(parts)


def _said(lines: Sequence[Line], tab: Tab) -> Sequence[Line]:
    """Return lines; where there are none, that there is nothing."""
    nothing = {
        "findings": "No findings", "history": "No change known: git has no commit of this item up to the as-of date",
        "file": "The file could not be read", "notes": "No decision or note in the minutes",
    }  # fmt: skip
    return lines or [((nothing.get(tab, "Nothing recorded"), "muted"),)]


def _outcomes(room: Room, item: Item) -> Iterator[Line]:
    from itgov.insight.value import outcome_node

    yield heading("Outcomes", f"{len(item.entry.outcomes)}" if item.entry.outcomes else "none")
    for outcome in item.entry.outcomes:
        yield from outcome_lines(outcome_node(outcome, room.portfolio), outcome)


def history_lines(changes: Iterable[tuple[Changed, CommitDetails | None]]) -> list[Line]:
    """Return the last change of each field as git knows it, by commit, the latest first."""
    lines: list[Line] = []
    for changed, told in changes:
        if told is not None:
            lines.append(
                ((f"  {told.day}  ", ""), (f"{told.author}: ", "strong"), (told.title, ""))
            )
        elif changed.commit == UNCOMMITTED:
            lines.append((("  not committed yet", "warning"),))
        else:
            lines.append(((f"  {plural(changed.days, 'day')} ago, in {changed.commit}", ""),))
        lines.append(((f"    {', '.join(changed.fields)}", "muted"),))
    return [heading("Last change of each field in git"), *lines] if lines else []


def file_lines(room: Room, source: Source, found: Iterable[Finding]) -> list[Line]:
    """Return the lines of a record in its file, each with its number and the finding on it."""
    document = room.governed.linked.documents.get(source.path)
    record = document.find_record(source.route) if document is not None else None
    if document is None or record is None:
        return []
    first, _ = document.position(document.starts[record])
    last, _ = document.position(max(document.ends[record] - 1, document.starts[record]))
    worst: dict[int, Finding] = {}
    for f in sorted(found, key=lambda f: SEVERITIES.index(f.severity)):
        if f.path == source.path and not f.waived:
            worst.setdefault(f.line, f)
    signs = [
        f"{SEVERITY_SIGNS[s]} {s}"
        for s in SEVERITIES
        if any(f.severity == s for f in worst.values())
    ]
    lines: list[Line] = [((f"{source.path}:{first}  ", "muted"), ("  ".join(signs), "muted"))]
    for number in range(first, min(last, first + _MOST - 1) + 1):
        on = worst.get(number)
        sign = SEVERITY_SIGNS[on.severity] if on is not None else " "
        mark: Span = (f"{number:>5} {sign} ", SEVERITY_ROLES[on.severity] if on else "muted")
        lines.append((mark, *yaml_spans(document.line_text(number))))
    if last - first + 1 > _MOST:
        left = last - first + 1 - _MOST
        lines.append(((f"{left:,} more lines in the file", "warning"),))
    return lines


_YAML = re.compile(
    r"""(?P<comment>(?:^|(?<=\s))\#.*)
    |(?P<key>[\w.-]+)(?=:(?:\s|$))
    |(?P<text>"(?:[^"\\]|\\.)*"|'[^']*')
    |(?P<figure>(?<![\w.-])-?\d[\d.,:-]*(?![\w-]))
    |(?P<sign>[-:,{}\[\]](?=\s|$)|[{}\[\]])""",
    re.VERBOSE,
)
_COLOURS: dict[str, Role] = {
    "comment": "muted", "key": "key", "text": "ok", "figure": "info", "sign": "muted",
}  # fmt: skip


def yaml_spans(line: str) -> list[Span]:
    """Return a line of YAML with its keys, texts, figures and comments in their colours."""
    parts: list[Span] = []
    at = 0
    for match in _YAML.finditer(line):
        if match.start() > at:
            parts.append((line[at : match.start()], ""))
        parts.append((match[0], _COLOURS[match.lastgroup or ""]))
        at = match.end()
    return [*parts, (line[at:], "")] if at < len(line) else parts


def note_lines(room: Room, kind: str, identifier: str) -> list[Line]:
    """Return what review sessions decided and noted on a record, the latest first."""
    names = {i: p.name for i, p in room.portfolio.people.items()}
    lines: list[Line] = []
    for minutes in reversed(in_order(room.portfolio.minutes, room.portfolio.today)):
        for item in minutes.items:
            if (item.subject.kind, item.subject.id) != (kind, identifier) or not item.decisions:
                continue
            lines.append(heading(str(minutes.review.date), minutes.review.id))
            lines += [(("  ", ""), (said(d, names, item.subject.kind), "")) for d in item.decisions]
    return lines
