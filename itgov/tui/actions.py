"""The one list of everything that can be done in the review room.

Key bindings, the footer, the help, the command palette, the `:` commands, the keymap of
`itgov.yaml` and the page of keys in the docs are all made from it.  An action is carried out by
the method `do_<id>` of the focused widget, else of whatever encloses it, else of the room.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from itgov.model.minutes import Verdict

Need = Literal[
    "loaded", "rows", "tree", "marks", "selection", "investment", "unit", "finding", "place",
    "person", "scenario", "writable", "git", "changes", "uncommitted", "undo", "redo", "filter", "session", "agenda", "terminal", "empty",
]  # fmt: skip
"""What has to be there for an action to work."""

Argument = Literal["", "theme", "filter", "target", "person", "stage", "confidence", "date", "text"]
"""What may be typed after an action on the `:` line."""

Group = Literal["Move", "View", "Find", "Edit", "Session", "Room"]
GROUPS: tuple[Group, ...] = ("Move", "View", "Find", "Edit", "Session", "Room")

_VIEWS = {
    "portfolio": ("1", "Business units, their investments, and the selected one in full."),
    "findings": ("2", "Every finding, with its rule explained."),
    "health": ("3", "The score of each business unit explained, and the best next steps."),
    "value": ("4", "Line of sight: spend, outcome, result."),
    "managers": ("5", "The relationship managers' scorecards."),
    "trend": ("6", "Health and line of sight over the git history."),
    "people": ("7", "People and their roles."),
    "session": ("8", "The review session: its agenda, and one item at a time."),
    "changes": (
        "9",
        "Uncommitted files and what changed in them; commit them, or revert a change.",
    ),
    "roadmap": ("0", "Items along quarters or years: what runs, what is due, what waits for what."),
    "scenarios": ("S", "Scenarios: decisions under consideration, and their effects."),
}
"""The views with their keys and what they show, in the order of the tabs; `views/<name>.py` has each."""
VIEWS = tuple(_VIEWS)


class RoomAction(Struct, frozen=True, kw_only=True):
    """One thing that can be done.

    `label` is the footer's word, `help` a sentence.  `views` are those in which it has a meaning,
    all where it is empty.  `weight` is its place in the footer, the highest first; 0 keeps it out.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: Group
    needs: tuple[Need, ...] = ()
    views: tuple[str, ...] = ()
    weight: int = 0
    aliases: tuple[str, ...] = ()
    """Other names for it on the `:` line."""
    argument: Argument = ""
    letter: str = ""
    """Its key in the dialog of decisions; it means nothing outside."""
    verdict: Verdict | None = None
    """What it says of an item of the agenda as a whole."""

    @property
    def method(self) -> str:
        """The method that carries it out."""
        return f"do_{self.id.replace('-', '_')}"


class Context(Struct, frozen=True, kw_only=True):
    """What there is to work with at this moment."""

    view: str = "portfolio"
    loaded: bool = False
    trouble: bool = False
    """Whether there is nothing to show: no portfolio, or none that can be read."""
    sample: bool = False
    read_only: bool = False
    browser: bool = False
    empty: bool = False
    git: bool = False
    changes: bool = False
    """Whether any file differs from what the changes view compares with."""
    uncommitted: str = ""
    """Why there is nothing to commit; nothing where there is."""
    rows: bool = False
    tree: bool = False
    marks: int = 0
    chosen: bool = False
    """Whether the cursor is on anything, of whatever kind."""
    filter: bool = False
    unit: str | None = None
    investment: str | None = None
    finding: bool = False
    place: bool = False
    person: str | None = None
    scenario: bool = False
    undo: str | None = None
    redo: str | None = None
    session: bool = False
    agenda: bool = False


def why_not(action: RoomAction, context: Context) -> str | None:
    """Return why an action cannot be carried out now, or None where it can."""
    if action.views and context.view not in action.views:
        return f"not in the {context.view} view"
    for need in action.needs:
        if need == "writable" and context.read_only:
            return "the room was opened read-only"
        reason = context.uncommitted if need == "uncommitted" else _missing(need, context)
        if reason:
            return reason
    return None


def _missing(need: Need, context: Context) -> str | None:
    there = {
        "loaded": context.loaded,
        "rows": context.rows,
        "tree": context.tree,
        "marks": bool(context.marks),
        "selection": bool(
            context.chosen
            or context.unit
            or context.investment
            or context.finding
            or context.person
        ),
        "investment": context.investment is not None,
        "unit": context.unit is not None,
        "finding": context.finding,
        "place": context.place,
        "person": context.person is not None,
        "scenario": context.scenario,
        "writable": not context.sample,
        "git": context.git,
        "changes": context.changes,
        "undo": context.undo is not None,
        "redo": context.redo is not None,
        "filter": context.filter,
        "session": context.session,
        "agenda": context.agenda,
        "terminal": not context.browser,
        "empty": context.empty,
    }
    if need == "loaded" and context.trouble:
        return "there is no portfolio to show"
    if need == "empty" and context.sample:
        need = "writable"  # what is said of the sample says what to do
    return None if there[need] else _REASONS[need]


_REASONS: dict[Need, str] = {
    "loaded": "the portfolio is still being read",
    "rows": "no list in this view",
    "tree": "no group to open or close",
    "marks": "no row is marked; space marks one",
    "selection": "no row is selected",
    "investment": "no investment is selected",
    "unit": "no business unit is selected",
    "finding": "no finding is selected",
    "place": "the selected row has no place in a file",
    "person": "no person is selected",
    "scenario": "no scenario is selected; start one first",
    "writable": "the sample is read-only; start your own with `itgov init`",
    "git": "this is not a git repository",
    "changes": "no file differs",
    "undo": "no decision or edit to undo",
    "redo": "no edit to redo",
    "filter": "no filter; / sets one",
    "session": "no review session is open",
    "agenda": "no item on the agenda",
    "terminal": "not available in a browser",
    "empty": "a portfolio exists already",
}


def _move(name: str, keys: tuple[str, ...], label: str, text: str, *needs: Need) -> RoomAction:
    return RoomAction(id=name, keys=keys, label=label, help=text, group="Move", needs=needs)


def _view(name: str, key: str, text: str) -> RoomAction:
    return RoomAction(
        id=f"show-{name}", keys=(key,), label=name.capitalize(), help=text, group="View",
        aliases=(name,),
    )  # fmt: skip


def _verdict(name: Verdict, letter: str, text: str, weight: int) -> RoomAction:
    return RoomAction(
        id=name, keys=(), label=name, help=text, group="Session", needs=("agenda",),
        views=("session",), weight=weight, letter=letter, verdict=name,
    )  # fmt: skip


def _step(name: str, letter: str, label: str, text: str) -> RoomAction:
    return RoomAction(
        id=name, keys=(), label=label, help=text, group="Session", needs=("agenda",),
        views=("session",), letter=letter,
    )  # fmt: skip


def _change(
    name: str, key: str, label: str, text: str, weight: int, *needs: Need, argument: Argument = ""
) -> RoomAction:
    writes: tuple[Need, ...] = ("writable",) if needs else ()
    return RoomAction(
        id=name, keys=(key,), label=label, help=text, group="Edit", views=("changes",),
        needs=("loaded", *writes, "git", *needs), weight=weight, argument=argument,
    )  # fmt: skip


def _scenario(
    name: str, keys: tuple[str, ...], label: str, text: str, weight: int, *needs: Need
) -> RoomAction:
    return RoomAction(
        id=name, keys=keys, label=label, help=text, group="Edit", needs=("loaded", *needs),
        views=("scenarios",), weight=weight,
    )  # fmt: skip


ACTIONS: tuple[RoomAction, ...] = (
    # -- moving ----------------------------------------------------------------------------
    _move("down", ("j", "down"), "down", "Next row.", "rows"),
    _move("up", ("k", "up"), "up", "Previous row.", "rows"),
    _move("top", ("g", "home"), "top", "First row; gg does the same.", "rows"),
    _move("bottom", ("G", "end"), "bottom", "Last row.", "rows"),
    _move("page-down", ("pagedown", "ctrl+f"), "page down", "Page down.", "rows"),
    _move("page-up", ("pageup", "ctrl+b"), "page up", "Page up.", "rows"),
    _move("half-down", ("ctrl+d",), "half page down", "Half a page down.", "rows"),
    _move("half-up", ("ctrl+u",), "half page up", "Half a page up.", "rows"),
    _move("left", ("h", "left"), "close / left", "Close the group, or go left.", "rows"),
    _move("right", ("l", "right"), "open / right", "Open the group, or go right.", "rows"),
    _move("close-all", ("minus",), "close all", "Close every group.", "tree"),
    _move("open-all", ("equals_sign",), "open all", "Open every group.", "tree"),
    RoomAction(id="next-pane", keys=("tab",), label="pane", help="Next pane.", group="Move", needs=("loaded",), weight=10),
    RoomAction(id="previous-pane", keys=("shift+tab",), label="previous pane", help="Previous pane.", group="Move"),
    RoomAction(id="open", keys=("enter",), label="open", help="Open the selected row.", group="Move", needs=("loaded", "rows"), weight=90),
    RoomAction(id="back", keys=("escape",), label="back", help="Close the input, then the page, the zoom, the marks, the filter. Never quits.", group="Move"),
    RoomAction(id="last-view", keys=("underscore", "ctrl+o"), label="last view", help="Previous view; press again to return.", group="Move"),
    # -- views -----------------------------------------------------------------------------
    *(_view(name, key, text) for name, (key, text) in _VIEWS.items()),
    RoomAction(id="next-tab", keys=("right_square_bracket", "right_parenthesis"), label="next tab", help="Next tab: facts, findings, value, history, file or notes of what is selected; a grouping or a figure.", group="View", needs=("loaded",)),
    RoomAction(id="previous-tab", keys=("left_square_bracket", "left_parenthesis"), label="previous tab", help="Previous tab.", group="View", needs=("loaded",)),
    RoomAction(id="group", keys=("b",), label="group by", help="Group findings by rule, unit, owner or severity in turn; the roadmap by business unit, objective or nothing.", group="View", needs=("loaded",), views=("findings", "roadmap"), weight=70),
    RoomAction(id="period", keys=("p",), label="period", help="The history by month, by commit or by tag; money over time and the roadmap by year or by quarter.", group="View", needs=("loaded",), views=("trend", "value", "roadmap"), weight=70),
    RoomAction(id="sort", keys=("s",), label="sort", help="Choose the column to sort by.", group="View", needs=("loaded", "rows"), weight=60),
    RoomAction(id="sort-left", keys=("less_than_sign",), label="sort by previous column", help="Sort by the previous column.", group="View", needs=("rows",)),
    RoomAction(id="sort-right", keys=("greater_than_sign",), label="sort by next column", help="Sort by the next column.", group="View", needs=("rows",)),
    RoomAction(id="zoom", keys=("z",), label="zoom", help="Show this pane on the whole screen, or return.", group="View", needs=("loaded",), weight=20),
    RoomAction(id="waived", keys=("w",), label="waived", help="Show or hide waived findings.", group="View", needs=("loaded",), views=("findings",)),
    RoomAction(id="theme", keys=("T",), label="theme", help="The next theme: dark, light, colour-blind, the terminal's own colours.", group="View", argument="theme"),
    # -- finding ---------------------------------------------------------------------------
    RoomAction(id="filter", keys=("slash",), label="filter", help="Filter as you type: words, field:value, !not, spend:>1m.", group="Find", needs=("loaded",), weight=80, argument="filter"),
    RoomAction(id="saved-filters", keys=("apostrophe",), label="saved filters", help="Use a saved filter, save the present one under a name, or delete one.", group="Find", needs=("loaded",), weight=12, aliases=("saved",), argument="text"),
    RoomAction(id="narrow", keys=("exclamation_mark",), label="show only", help="Show only items with no owner or manager; then those with errors; then overdue ones; then all. On the roadmap: those due this quarter; then overdue ones.", group="Find", needs=("loaded",), views=("portfolio", "roadmap"), weight=67),
    RoomAction(id="next-hit", keys=("n",), label="next hit", help="Next match of the filter.", group="Find", needs=("filter",)),
    RoomAction(id="previous-hit", keys=("N",), label="previous hit", help="Previous match of the filter.", group="Find", needs=("filter",)),
    RoomAction(id="jump", keys=("f",), label="jump to", help="Find a unit, an investment, a person or a rule.", group="Find", needs=("loaded",), weight=30, aliases=("go",), argument="target"),
    RoomAction(id="go-findings", keys=("x",), label="its findings", help="Findings of the selected row.", group="Find", needs=("selection",), weight=40),
    RoomAction(id="why", keys=("Y",), label="why", help="Explain a figure of the selected row: formula, inputs with their lines, assumptions.", group="Find", needs=("loaded",), argument="text"),
    RoomAction(id="mark", keys=("space",), label="mark", help="Mark the row, to edit many at once.", group="Find", needs=("rows",)),
    RoomAction(id="mark-range", keys=("v",), label="mark range", help="Mark all rows from the last marked one.", group="Find", needs=("rows",)),
    RoomAction(id="mark-all", keys=("asterisk",), label="mark all", help="Mark all rows shown.", group="Find", needs=("rows",)),
    # -- editing ---------------------------------------------------------------------------
    RoomAction(id="editor", keys=("e",), label="editor", help="Open $EDITOR at the line.", group="Edit", needs=("place", "writable", "terminal"), weight=75),
    RoomAction(id="set-owner", keys=("o",), label="owner", help="Set the outcome owner.", group="Edit", needs=("investment", "writable"), weight=65, aliases=("owner",), argument="person"),
    RoomAction(id="set-manager", keys=("m",), label="manager", help="Set the relationship manager.", group="Edit", needs=("investment", "writable"), weight=64, aliases=("manager",), argument="person"),
    RoomAction(id="set-stage", keys=("t",), label="stage", help="Set the stage.", group="Edit", needs=("investment", "writable"), aliases=("stage",), argument="stage"),
    RoomAction(id="set-confidence", keys=("c",), label="confidence", help="Set the confidence in delivery, and who rated it.", group="Edit", needs=("investment", "writable"), aliases=("confidence",), argument="confidence"),
    RoomAction(id="set-review", keys=("d",), label="next review", help="Set the date of the next review.", group="Edit", needs=("investment", "writable"), aliases=("next-review",), argument="date"),
    RoomAction(id="waive", keys=("W",), label="waive", help="Waive the finding: reason, approver, last day.", group="Edit", needs=("finding", "writable")),
    RoomAction(id="engagement", keys=("E",), label="engagement", help="Record an engagement with the business unit.", group="Edit", needs=("unit", "writable")),
    RoomAction(id="add-action", keys=("A",), label="action", help="Add an action to the last engagement.", group="Edit", needs=("unit", "writable"), aliases=("action",)),
    RoomAction(id="new", keys=("plus", "insert"), label="new", help="Make a record: unit, investment, service, outcome, result, opportunity, step …", group="Edit", needs=("loaded", "writable"), weight=24, aliases=("add",), argument="text"),
    RoomAction(id="change", keys=("ctrl+e",), label="change", help="Change any field of the selected record, or of one that lies in it.", group="Edit", needs=("selection", "writable")),
    RoomAction(id="add-person", keys=("ctrl+n",), label="new person", help="Add a person.", group="Edit", needs=("loaded", "writable"), views=("people",), weight=66),
    RoomAction(id="undo", keys=("u",), label="undo", help="Undo the last decision or edit, and name it; decisions until the session is closed.", group="Edit", needs=("undo",), weight=15),
    RoomAction(id="redo", keys=("ctrl+r",), label="redo", help="Redo the edit that was undone.", group="Edit", needs=("redo",)),
    RoomAction(id="copy", keys=("y",), label="copy", help="Copy id, place, row or YAML of the selected row; works over ssh.", group="Edit", needs=("selection",), weight=25),
    RoomAction(id="write-table", keys=("X",), label="write table", help="Write the table, as filtered and sorted, to a CSV, XLSX or Markdown file, or to the clipboard.", group="Edit", needs=("loaded", "terminal"), weight=12, aliases=("export",), argument="text"),
    # -- the review session ------------------------------------------------------------------
    RoomAction(id="meet", keys=("M",), label="review", help="Open a review session, or continue the open one.", group="Session", needs=("loaded", "writable"), weight=35, aliases=("review", "meeting")),
    RoomAction(id="present", keys=("V", "f5"), label="present", help="Present the selected item large, with its decision and the time spent on it.", group="Session", needs=("loaded", "selection"), weight=33),
    RoomAction(id="put", keys=("P",), label="on agenda", help="Add the selected row to the agenda.", group="Session", needs=("session", "selection")),
    _verdict("approve", "a", "Continue unchanged.", 99),
    _verdict("hold", "h", "Wait, with a reason; comes back.", 98),
    _verdict("challenge", "c", "Ask for an answer, with a reason; comes back.", 97),
    _verdict("escalate", "e", "Pass on, with a reason; shown until decided.", 96),
    _verdict("stop", "s", "End it, with a reason; edits its stage.", 95),
    _verdict("skip", "i", "No decision; comes back.", 94),
    _step("decide-waive", "w", "waive", "Waive a finding until a day; edits its file."),
    _step("assign-owner", "o", "outcome owner", "Name the outcome owner; edits its file."),
    _step("assign-manager", "m", "manager", "Name the relationship manager; edits its file."),
    _step("decide-action", "t", "action", "Record an agreed action; edits the unit's file."),
    _step("done", "d", "done", "Mark an open action as done; edits its file."),
    _step("note", "n", "note", "Add a note to the minutes; no decision."),
    _step("withdraw", "b", "withdraw", "Withdraw the last decision on it, with its edit."),
    _step("item-record", "r", "record", "Go to the record that it is about."),
    RoomAction(id="item-after", keys=("full_stop",), label="next item", help="Next item without a decision.", group="Session", needs=("agenda",), views=("session",), weight=93, letter="full_stop"),
    RoomAction(id="item-before", keys=("comma",), label="previous item", help="Previous item.", group="Session", needs=("agenda",), views=("session",)),
    RoomAction(id="drop", keys=("delete",), label="remove item", help="Remove the item from the agenda.", group="Session", needs=("agenda",), views=("session",)),
    RoomAction(id="item-up", keys=("K",), label="move up", help="Move the item up the agenda.", group="Session", needs=("agenda",), views=("session",)),
    RoomAction(id="item-down", keys=("J",), label="move down", help="Move the item down the agenda.", group="Session", needs=("agenda",), views=("session",)),
    RoomAction(id="close-session", keys=("Z",), label="close", help="Close the session: write the minutes, and commit if you like.", group="Session", needs=("session",), views=("session",), weight=45),
    # -- changes ---------------------------------------------------------------------------
    _change("commit", "C", "commit", "Commit the marked files, or all: the message is proposed, and shown first.", 99, "uncommitted"),
    _change("revert", "D", "revert", "Revert the selected change, or the marked or selected files: shown as a diff first.", 98, "changes"),
    _change("compare-with", "H", "compare with", "Show what changed since the last commit, yesterday, the last review session, or a revision or day.", 97),
    # -- scenarios ---------------------------------------------------------------------------
    _scenario("new-scenario", ("Q",), "new", "Start a scenario.", 99),
    _scenario("plan-stop", ("O",), "stop", "Stop the item in the scenario, on the first of next month.", 98, "scenario", "investment"),
    _scenario("plan-delay", ("F",), "delay", "Delay the item by six months, and by six more each time.", 97, "scenario", "investment"),
    _scenario("plan-approve", ("percent_sign",), "approve", "Approve the proposed item.", 96, "scenario", "investment"),
    _scenario("plan-money", ("dollar_sign",), "money", "Give the item another budget in one fiscal year.", 95, "scenario", "investment"),
    _scenario("plan-none", ("r",), "remove changes", "Remove the item's changes from the scenario.", 94, "scenario", "investment"),
    _scenario("save-scenario", ("ctrl+w",), "save", "Write the scenario's file.", 93, "scenario", "writable"),
    _scenario("carry-out", ("ctrl+x",), "carry out", "Turn the scenario into edits of the files; they are shown first.", 92, "scenario", "writable"),
    # -- the room --------------------------------------------------------------------------
    RoomAction(id="help", keys=("question_mark", "f1"), label="help", help="All keys, with a search; enter runs one.", group="Room", weight=100),
    RoomAction(id="palette", keys=("ctrl+p",), label="palette", help="All commands, with a search.", group="Room"),
    RoomAction(id="command", keys=("colon",), label="command", help="Type a command, with completion.", group="Room"),
    RoomAction(id="reload", keys=("R",), label="reload", help="Read the files again.", group="Room"),
    RoomAction(id="messages", keys=("L",), label="messages", help="Earlier messages.", group="Room"),
    RoomAction(id="init", keys=("I",), label="start a portfolio", help="Start a portfolio here: an organisation with one unit, rules and CI.", group="Room", needs=("empty", "terminal"), weight=99),
    RoomAction(id="import", keys=("ctrl+t",), label="import a table", help="Bring in a CSV or XLSX table: its questions, then what would be written.", group="Room", needs=("empty", "terminal"), weight=98),
    RoomAction(id="sample", keys=("B",), label="sample", help="Open the sample organisation, read-only.", group="Room", needs=("empty",), weight=97),
    RoomAction(id="tour", keys=("i", "f2"), label="tour", help="Take the tour: six steps on the sample; nothing is changed.", group="Room", needs=("terminal",)),
    RoomAction(id="suspend", keys=("ctrl+z",), label="suspend", help="Go to the shell; `fg` returns.", group="Room", needs=("terminal",)),
    RoomAction(id="quit", keys=("q", "ctrl+c", "ctrl+q"), label="quit", help="Quit.", group="Room", aliases=("q", "exit")),
)  # fmt: skip

BY_ID: dict[str, RoomAction] = {a.id: a for a in ACTIONS}
