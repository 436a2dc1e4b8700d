"""Every finding, in groups; beside them the selected one at its line, and its rule explained."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult

from itgov.files.places import locate
from itgov.model.filter_query import exactly
from itgov.model.finding import Place
from itgov.model.portfolio import Source
from itgov.tui.state.findings import GROUPINGS, NO_ITEM, FindingGroup, FindingRow, Grouping
from itgov.tui.state.room import Room
from itgov.tui.state.row_filter import RowFilter
from itgov.tui.state.selection import Selection, Target
from itgov.tui.views.base import View
from itgov.tui.views.finding_page import finding_lines, group_lines, rule_lines
from itgov.tui.views.finding_rows import FINDINGS, Findings, cells_of, columns_beside
from itgov.tui.views.subjects import is_about, person_of, target_of
from itgov.tui.views.turning import Turning
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.panes import SideBySide
from itgov.tui.widgets.styled_text import Cell
from itgov.tui.widgets.table import Table


class FindingsView(Turning, View):
    """Groups of findings, and the selected one beside them where there is room."""

    NAME: ClassVar[str] = "findings"
    FIELDS = FINDINGS.fields
    SORTED_BY = {"found": "findings"}
    SCOPED_CSS = False

    DEFAULT_CSS = """
    FindingsView #found { width: 1fr; }
    FindingsView #ruling { width: 38%; height: 1fr; }
    .-narrow FindingsView #ruling { display: none; }
    .-narrow FindingsView.-reading #found { display: none; }
    .-narrow FindingsView.-reading #ruling { display: block; width: 1fr; }
    """
    table = getters.query_one("#found", Table)
    page = getters.query_one("#ruling", Page)
    """The page of what is selected."""

    def __init__(self) -> None:
        super().__init__()
        self.grouping: Grouping = "rule"
        self.waived = False
        self._all: Findings | None = None
        self._groups: dict[str, FindingGroup] = {}
        self._group_of: dict[str, str] = {}
        self._key: tuple[object, ...] = ()
        self._turned: set[str] = set()
        """Groups that are not as they begin: open while a filter is set, else closed."""

    def compose(self) -> ComposeResult:
        """Make the tree and the page."""
        with SideBySide():
            yield Table(FINDINGS.shown, empty="No finding.", id="found").add_class("pane")
            yield Page(id="ruling").add_class("pane")

    # -- rows --------------------------------------------------------------------------------

    def set_filter(self, text: str) -> None:
        """Filter; what is found is shown with its groups open."""
        if text != self.filter_text:
            self._turned = set()
            self.remove_class("-reading")
        super().set_filter(text)

    def fill(self, room: Room) -> None:
        """Show the findings, grouped, filtered and sorted."""
        if self._all is None or self._all.room is not room:
            self._all = Findings(room)
        key = (id(room), self.filter_text, self.grouping, self.waived, self.sorting("found"))
        if key != self._key:
            self._key = key
            self._regroup(self._all)
        self._show_rows()

    def _regroup(self, findings: Findings) -> None:
        waived = self.waived or any(word.field == "waived" for word in self.sought.words)
        sort = self.table.sorted_by = self.sorting("found")
        rows = findings.select(self.sought, waived, sort)
        hidden = sum(r.finding.waived for r in findings.rows.values()) if not waived else 0
        groups = findings.groups(rows, self.grouping, sort)
        self._groups = {group.id: group for group in groups}
        self._group_of = {row: group.id for group in groups for row in group.rows}
        total = len(findings.rows) - hidden
        self.found = (len(rows), total)
        shown = f"{len(rows):,} of {total:,}" if self.filter_text else f"{total:,}"
        below = [self.filter_words] if self.filter_text else []
        if hidden:
            below.append(f"{hidden:,} waived hidden")
        self.title(self.table, f"Findings by {self.grouping}: {shown}", "  ".join(below))
        self.table.empty = "No finding matches the filter." if self.filter_text else "No finding."
        self.table.set_columns(columns_beside(self.grouping))
        self.table.measure(findings.measured(self.grouping))
        self.table.hits = frozenset(self._group_of) if self.filter_text else None

    def _is_open(self, group: str) -> bool:
        return (group in self._turned) is not bool(self.filter_text)

    def _show_rows(self, cursor: str | None = None) -> None:
        rows: list[str] = []
        for group in self._groups.values():
            rows.append(group.id)
            if self._is_open(group.id):
                rows += group.rows
        if cursor is None and self.table.cursor not in rows:
            cursor = self._group_of.get(self.table.cursor or "")
        self.table.show(
            rows, self._cells, shape=self._shape, wanted=self.sought.highlights, cursor=cursor
        )

    def _shape(self, row: str) -> tuple[int, bool | None]:
        return (0, self._is_open(row)) if row in self._groups else (1, None)

    def _cells(self, row: str) -> tuple[Cell, ...]:
        assert self._all is not None
        group = self._groups.get(row)
        return cells_of(self._all.rows[row] if group is None else group, self.grouping)

    # -- selection ---------------------------------------------------------------------------

    @property
    def current(self) -> FindingRow | FindingGroup | None:
        """The finding or the group that the cursor is on."""
        row = self.table.cursor or ""
        if row in self._groups:
            return self._groups[row]
        return self._all.rows.get(row) if self._all is not None else None

    def searched(self) -> RowFilter[str] | None:
        """Return the findings."""
        return self._all.row_filter if self._all is not None else None

    def selection(self) -> Selection:
        """Return the finding, or what a group has in common."""
        room, current = self.room, self.current
        if room is None or current is None:
            return Selection()
        if isinstance(current, FindingGroup):
            return self._selection_of_group(room, current)
        f, item = current.finding, current.item
        return Selection(
            kind=f.subject.kind,
            id=f.subject.id,
            unit=f.business_unit,
            investment=item.id if item is not None else None,
            person=current.owner if item is not None else person_of(f),
            finding=f,
            place=f.place,
        )

    def _selection_of_group(self, room: Room, group: FindingGroup) -> Selection:
        documents = room.governed.linked.documents

        def place(source: Source) -> Place:
            return locate(documents, source, None)

        if self.grouping == "unit" and group.key in room.portfolio.units:
            unit = room.portfolio.units[group.key]
            return Selection(
                kind="business_unit", id=group.key, unit=group.key, place=place(unit.source)
            )
        if self.grouping == "owner" and group.key not in ("", NO_ITEM):
            person = room.portfolio.people.get(group.key)
            at = place(person.source) if person is not None else None
            return Selection(kind="person", id=group.key, person=group.key, place=at)
        if self.grouping == "rule":
            loaded = next((r for r in room.book.rules if r.rule.id == group.key), None)
            own = loaded is not None and not loaded.shipped  # the pack's files are not the user's
            rule = room.rules.get(group.key)
            return Selection(kind="rule", id=group.key, place=rule.place if own and rule else None)
        return Selection()

    def go_to(self, target: Target) -> bool:
        """Select a finding by its fingerprint, a rule, or the first finding on something."""
        if self._all is None:
            return False
        if target.kind == "rule":
            return self._go_to_rule(target.id)
        if target.kind == "finding":
            return self._go_to_row(target.id)
        current = self.current
        if isinstance(current, FindingRow) and is_about(current, target):
            return True
        wanted = [row for row in self._group_of if is_about(self._all.rows[row], target)]
        return bool(wanted) and self._go_to_row(wanted[0])

    def _go_to_row(self, row: str) -> bool:
        assert self._all is not None
        found = self._all.rows.get(row)
        if found is None:
            return False
        if found.finding.waived and not self.waived:
            self.waived = True
            self._refill()
        if row not in self._group_of and self.filter_text:
            self.set_filter("")
        group = self._group_of[row]
        if not self._is_open(group):
            self._turned ^= {group}
        self._show_rows(cursor=row)
        return self._select(row)

    def _select(self, row: str) -> bool:
        self.remove_class("-reading")
        self.table.focus()
        return self.table.select(row)

    def _go_to_rule(self, rule: str) -> bool:
        if self.room is None or rule not in self.room.rules:
            return False
        if self.grouping != "rule":
            self._group_by("rule")
        if f"={rule}" not in self._groups:  # the page explains it all the same
            self.set_filter(exactly("rule", rule))
        return self._select(f"={rule}") or not self._groups

    def first(self) -> Table:
        """Begin with the findings."""
        return self.table

    def on_table_moved(self, message: Table.Moved) -> None:
        """Explain another finding, or another group."""
        message.stop()
        self._explain()
        self.post_message(self.Changed())

    def _explain(self) -> None:
        room, current, findings = self.room, self.current, self._all
        if room is None or findings is None:
            return
        if isinstance(current, FindingRow):
            found = current
            self.title(self.page, f"{found.finding.rule}  {found.subject}", "enter open")
            self.page.show(lambda width: finding_lines(room, found, width))
        elif isinstance(current, FindingGroup):
            self.title(self.page, current.title if self.grouping != "rule" else current.key)
            if self.grouping == "rule":
                self.page.show(rule_lines(room, current.key))
            else:
                self.page.show(group_lines(room, findings, current))
        else:
            asked = [w.text.upper() for w in self.sought.words if w.field == "rule"]
            rule = next((r for r in asked if r in room.rules), None)
            self.title(self.page, rule or "")
            text = "No finding of this rule is shown." if rule else ""
            self.page.show([((text, "muted"),), (), *rule_lines(room, rule)] if rule else [])

    # -- what can be done ----------------------------------------------------------------------

    def on_table_opened(self, message: Table.Opened) -> None:
        """Open or close a group; read a finding, and from there go to what it is about."""
        message.stop()
        row = message.row or ""
        if row in self._groups:
            self._turned ^= {row}
            self._show_rows()
            return
        if self.has_class("-zoomed"):
            self.do_zoom()
        if self.page.display and self.page.region.width:
            self.do_open()
            return
        self.add_class("-reading")
        self.page.focus()

    def do_open(self) -> None:
        """Go to what the finding is about."""
        room, current = self.room, self.current
        if room is None or not isinstance(current, FindingRow):
            return
        target = target_of(room, current.finding)
        if target is not None:
            self.post_message(self.GoTo(target))
        elif current.finding.subject.kind == "organisation":
            self.home.say("nothing to open for the organisation; e edits it at the line")
        else:
            self.home.say(f"nothing to open for {current.finding.path}; e edits it at the line")

    def on_table_folded(self, message: Table.Folded) -> None:
        """Open or close a group, or all."""
        message.stop()
        groups = list(self._groups) if message.row is None else [message.row]
        for group in groups:
            if self._is_open(group) is not message.opened:
                self._turned ^= {group}
        self._show_rows()

    def _refill(self) -> None:
        if self.room is not None:
            self.fill(self.room)
        self.post_message(self.Changed())

    def _group_by(self, grouping: Grouping) -> None:
        """Group in another way; the cursor stays on its finding."""
        row = self.table.cursor or ""
        self.grouping, self._turned = grouping, set()
        if self.sorting("found")[0] == grouping:
            del self.sorts["found"]
        group = None
        if self._all is not None and row in self._all.rows:
            group = f"={self._all.key_of(row, grouping)}"
            if not self._is_open(group):
                self._turned = {group}
        self._refill()

    def turn(self, step: int) -> None:
        """Group in the next way, or in the way before."""
        at = GROUPINGS.index(self.grouping)
        self._group_by(GROUPINGS[(at + step) % len(GROUPINGS)])

    def do_group(self) -> None:
        """Group in the next way."""
        self.turn(1)

    def do_waived(self) -> None:
        """Show waived findings as well, or hide them."""
        self.waived = not self.waived
        self._refill()

    def do_back(self) -> bool:
        """From the page to the findings, before anything else."""
        if self.has_class("-reading") or self.page.has_focus:
            self.remove_class("-reading")
            self.table.focus()
            return True
        return super().do_back()
