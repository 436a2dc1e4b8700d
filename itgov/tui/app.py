"""The review room: one screen, its views, and the way from a key to what it does.

Keys are looked up in the keymap made from `actions.ACTIONS`; an action is carried out by the
method `do_<id>` of the focused widget, else of what encloses it, else of the room.
"""

from __future__ import annotations

import datetime
import importlib
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.css.query import NoMatches
from textual.screen import ModalScreen, Screen

from itgov.tui.actions import ACTIONS, BY_ID, VIEWS, Action, Context, why_not
from itgov.tui.beside import Beside
from itgov.tui.editing import EditActions, Editor
from itgov.tui.keymap import Keymap, keymap, show_key
from itgov.tui.sitting import SessionActions
from itgov.tui.theme import NAMES, THEMES
from itgov.tui.widgets.bars import Bar, FilterBar, FootBar, Piece, Tone, TopBar
from itgov.tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from itgov.tui.load import Trouble
    from itgov.tui.room import Room
    from itgov.tui.views.base import Selection, Target, View

_VIEWS: Mapping[str, tuple[str, str]] = {
    name: (f"itgov.tui.views.{name}", f"{name.capitalize()}View") for name in VIEWS
}


class Main(Screen[None], inherit_bindings=False):
    """The one screen: bars at the edges, a view between them."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (170, "-broad")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]

    def compose(self) -> ComposeResult:
        """Make the bars and the place of the views."""
        yield TopBar()
        yield Container(Waiting(), id="views")
        yield FilterBar()
        yield FootBar()


class ReviewRoom(EditActions, SessionActions, Beside, inherit_bindings=False):
    """The room over the repository at `path`; without one here, over the sample.

    `today` is the as-of date, the day itself where it is None.  `watching` lets it notice what
    others change, and measure the history before anybody asks.
    """

    CSS_PATH = "room.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "itgov"
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self,
        path: Path | None = None,
        today: datetime.date | None = None,
        *,
        no_color: bool = False,
        watching: bool = False,
    ) -> None:
        super().__init__(ansi_color=True if no_color else None)
        self.watching = watching
        self.path = path
        self.asked_today = today
        self.room: Room | None = None
        self.trouble: Trouble | None = None
        self.view_name = VIEWS[0]
        self.history: list[Target] = []
        self.editing = Editor(self)
        self.keys: Keymap = keymap()
        self._by_key: dict[str, str] = {}
        self._views: dict[str, View] = {}
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "itgov-terminal" if no_color else "itgov-dark"
        self.set_keys(self.keys)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give themes that are not ours values for the room's own variables."""
        return {
            "ink-muted": "#a3b1c4",
            "ink-info": "#93d5ff",
            "ink-match": "#ffe08a",
            "ink-key": "#ffd479",
            "cursor": "#21446b",
            "cursor-idle": "#223042",
            "head": "#1a2330",
            "edge": "#46566c",
            "edge-focus": "#7cc0ff",
        }

    def get_default_screen(self) -> Screen[None]:
        """Return the room's screen."""
        return Main()

    # -- starting ----------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Paint first, read after."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.draw_bars()
        self.call_after_refresh(self.reload)

    def on_beside_progress(self, message: Beside.Progress) -> None:
        """Show how far reading has come."""
        for waiting in self.base.query(Waiting):
            waiting.progress(message.doing, message.done)

    async def receive(self, found: Room | Trouble | None) -> None:
        """Show a room, or say what keeps one from being shown."""
        from itgov.tui.room import Room

        if isinstance(found, Room):
            first = self.room is None
            self.room, self.trouble = found, None
            for waiting in self.base.query(Waiting):
                await waiting.remove()
            if first:
                self.configure(found)
                self.sit_down(found)
                await self.show_view(self.view_name)
            elif self.view is not None and self.view.room is not found:
                self.view.show(found)  # where the focus is, in the view or over it, it stays
        elif found is not None:
            self.trouble = found
            if self.room is None:
                for waiting in self.base.query(Waiting):
                    waiting.trouble(found)
            else:
                place = found.lines[0] if found.lines else ""
                self.say(f"{found.title}: {place}; what is shown is from before", "error")
        self.draw_bars()

    def on_beside_history_progress(self, message: Beside.HistoryProgress) -> None:
        """Show how far measuring the history is."""
        self.measured_share = message.done
        if self.view is not None:
            self.view.history_progress(message.done)

    def history_arrived(self) -> None:
        """Show what is known of the history now."""
        for view in self._views.values():
            view.show_history()
        self.draw_bars()

    def configure(self, room: Room) -> None:
        """Take theme and keys from the user's configuration and the repository's."""
        config = room.repository.config
        self.set_keys(keymap(("itgov.yaml", config.keys)))
        if config.theme in NAMES and self.ansi_color is None:
            self.theme = NAMES[config.theme].name
        if self.keys.problems:
            self.say("; ".join(self.keys.problems), "warning")

    def set_keys(self, keys: Keymap) -> None:
        """Use other keys."""
        self.keys = keys
        self._by_key = {key: action for action, some in keys.keys.items() for key in some}

    # -- views -------------------------------------------------------------------------------

    @property
    def base(self) -> Screen[Any]:
        """The room's own screen, whatever lies over it."""
        return self.screen_stack[0]

    @property
    def view(self) -> View | None:
        """The view that is shown."""
        return self._views.get(self.view_name)

    async def show_view(self, name: str) -> View | None:
        """Show a view, made when it is first asked for."""
        if self.room is None:
            self.view_name = name
            return None
        place = self.base.query_one("#views", Container)
        view = self._views.get(name)
        if view is None:
            module, kind = _VIEWS[name]
            made: View = getattr(importlib.import_module(module), kind)()
            view = self._views[name] = made
            await place.mount(view)
        if view.room is not self.room:
            view.show(self.room)
        for other in self._views.values():
            other.display = other is view
        self.view_name = name
        focused = self.focused
        if focused is None or view not in focused.ancestors:
            first = view.first()
            if first is not None:
                first.focus()
        self.draw_bars()
        return view

    async def go_to(self, target: Target, remember: bool = True) -> bool:
        """Show a view with something selected in it; return whether it is there."""
        here = self.here()
        view = await self.show_view(target.view)
        if view is None:
            return False
        if target.filter is not None:
            view.set_filter(target.filter)
        there = view.go_to(target) if target.id else True
        if remember and here is not None:
            self.history.append(here)
        if not there:
            self.say(f"{target.id} is not shown here", "warning")
        return there

    def here(self) -> Target | None:
        """Return where the room is."""
        from itgov.tui.views.base import Target

        view = self.view
        if view is None:
            return None
        chosen = view.selection()
        return Target(self.view_name, chosen.kind or "", chosen.id or "", view.filter_text)

    def selection(self) -> Selection | None:
        """Return what the cursor is on."""
        return self.view.selection() if self.view is not None else None

    def context(self) -> Context:
        """Return what there is to work with now."""
        from itgov.tui.widgets.page import Page
        from itgov.tui.widgets.table import Table

        room, view, focused = self.room, self.view, self.focused
        if room is None or view is None:
            return Context(view=self.view_name)
        chosen = view.selection()
        return Context(
            view=self.view_name,
            loaded=True,
            sample=room.sample,
            git=room.git,
            rows=isinstance(focused, Table | Page),
            tree=isinstance(focused, Table) and focused.is_tree,
            marks=len(chosen.marked),
            chosen=chosen.id is not None,
            filter=bool(view.filter_text),
            unit=chosen.unit,
            investment=chosen.investment,
            finding=chosen.finding is not None,
            place=chosen.place is not None,
            person=chosen.person,
            session=self.meeting is not None,
            agenda=self.meeting is not None
            and self.view_name == "session"
            and chosen.id is not None,
            undo=self.editing.ledger.next_undo if self.editing.ledger is not None else None,
            redo=self.editing.ledger.next_redo if self.editing.ledger is not None else None,
        )

    # -- from a key to what it does --------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Carry out the action of a key that nothing else has taken."""
        action = self._by_key.get(event.key) or self._by_key.get(event.character or "")
        if action is None:
            return
        if isinstance(self.screen, ModalScreen) and action != "quit":
            return
        if event.key in self.screen.active_bindings:  # an input's own keys come first
            return
        event.stop()
        event.prevent_default()
        await self.carry_out(action)

    async def carry_out(self, name: str) -> bool:
        """Carry an action out, or say why that cannot be; return whether it was."""
        action = BY_ID[name]
        reason = why_not(action, self.context())
        if reason is not None:
            self.say(f"{action.label}: {reason}", "warning")
            return False
        for node in self._handlers():
            method = getattr(node, action.method, None)
            if method is None:
                continue
            result = method()
            if inspect.isawaitable(result):
                result = await result
            if action.id == "back" and result is False:
                continue  # nothing to leave there: the next one may have something
            self.draw_bars()
            return True
        self.say(f"{action.label}: not here", "warning")
        return False

    def _handlers(self) -> list[Any]:
        focused = self.base.focused
        chain: list[Any] = list(focused.ancestors_with_self) if focused is not None else []
        view = self.view
        if view is not None and view not in chain:
            chain.append(view)
        return [*(n for n in chain if n is not self), self]

    async def on_bar_chosen(self, message: Bar.Chosen) -> None:
        """Carry out what was clicked."""
        await self.carry_out(message.action)

    # -- what the room itself does -----------------------------------------------------------------

    def do_quit(self) -> None:
        """Leave."""
        self.exit(0)

    def do_back(self) -> bool:
        """Take the filter away."""
        view = self.view
        if view is not None and view.filter_text:
            view.set_filter("")
            return True
        return False

    def do_editor(self) -> None:
        """Open the user's editor at the line, then read the files again."""
        from itgov.tui.editor import edit

        chosen = self.selection()
        if chosen is not None and chosen.place is not None and edit(self, chosen.place):
            self.do_reload()

    async def do_go_findings(self) -> None:
        """Show the findings on what is selected."""
        from itgov.tui.findings import filter_on
        from itgov.tui.views.base import Target

        chosen = self.selection()
        if chosen is not None:
            await self.go_to(Target("findings", filter=filter_on(chosen)))

    async def do_last_view(self) -> None:
        """Go to where the room was before."""
        if self.history:
            target = self.history.pop()
            here = self.here()
            await self.go_to(target, remember=False)
            if here is not None:
                self.history.append(here)

    def do_theme(self) -> None:
        """Use the next theme."""
        names = [t.name for t in THEMES]
        if self.ansi_color:
            self.say("colours are off (NO_COLOR)", "warning")
            return
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]
        self.say(f"theme: {self.theme.removeprefix('itgov-')}")

    def do_filter(self) -> None:
        """Open the filter."""
        if self.view is not None:
            self.base.query_one(FilterBar).open(self.view.filter_text)
            self._count()

    def on_filter_bar_changed(self, message: FilterBar.Changed) -> None:
        """Filter as it is typed."""
        if self.view is not None:
            self.view.set_filter(message.text)
            self._count()

    def on_filter_bar_done(self, message: FilterBar.Done) -> None:
        """Back to the rows, with the filter or without it."""
        view = self.view
        self.base.query_one(FilterBar).close()
        if view is not None:
            if not message.kept:
                view.set_filter("")
            first = view.first()
            if first is not None:
                first.focus()
        self.draw_bars()

    def _count(self) -> None:
        view = self.view
        if view is None:
            return
        shown = f"{view.found[0]:,} of {view.found[1]:,}" if view.found is not None else ""
        self.base.query_one(FilterBar).show_count(view.sought.problem or shown)

    # -- what is said ----------------------------------------------------------------------------

    def say(self, text: str, tone: Tone = "") -> None:
        """Say something on the last line, for a few seconds."""
        try:
            self.base.query_one(FootBar).say(text, tone)
        except NoMatches:  # too early for a screen
            return

    def on_descendant_focus(self) -> None:
        """Show the keys of another pane."""
        self.draw_bars()

    def on_view_changed(self) -> None:
        """Show what can be done with another selection."""
        self.draw_bars()

    async def on_view_go_to(self, message: View.GoTo) -> None:
        """Go somewhere else."""
        await self.go_to(message.target)

    def draw_bars(self) -> None:
        """Bring the lines at the edges up to date."""
        try:
            top, foot = self.base.query_one(TopBar), self.base.query_one(FootBar)
        except NoMatches:
            return
        top.show(*self._top())
        foot.show(self._foot())

    def _top(self) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        left = [Piece(((" itgov ", "accent"),))]
        for name in VIEWS:
            action = BY_ID[f"show-{name}"]
            key = self.keys.shown(action)
            current = name == self.view_name
            left.append(
                Piece(
                    ((f" {key} ", "key"), (f"{action.label} ", "strong" if current else "muted")),
                    action.id,
                    current,
                )
            )
        room = self.room
        if room is None:
            return tuple(left), ()
        stale = (("  ! files not usable", "error"),) if self.trouble is not None else ()
        counts = room.counts_of(room.findings)
        right = [
            Piece(((f" {room.name}", "muted"), ("  sample" if room.sample else "", "warning"))),
            Piece(((f"  as of {room.today}", "muted"), *stale)),
            Piece(((f"  {counts['error']:,}E", "error"), (f" {counts['warning']:,}W", "warning"), (" ", ""))),
        ]  # fmt: skip
        return tuple(left), tuple(right)

    def _foot(self) -> tuple[Piece, ...]:
        context = self.context()
        wanted = sorted((a for a in ACTIONS if a.weight), key=lambda a: -a.weight)
        pieces = []
        for action in wanted:
            key = self.keys.shown(action)
            if not key or (action.views and context.view not in action.views):
                continue
            off = why_not(action, context) is not None
            pieces.append(
                Piece(
                    ((f" {key}", "muted" if off else "key"), (f" {action.label} ", "muted" if off else "")),
                    action.id,
                )
            )  # fmt: skip
        return tuple(pieces)

    def keys_of(self, action: Action) -> str:
        """Return an action's keys as people write them."""
        return " ".join(show_key(k) for k in self.keys.of(action))


def _show(name: str) -> Any:
    async def show(self: ReviewRoom) -> None:
        here = self.here()
        await self.show_view(name)
        if here is not None and here.view != name:
            self.history.append(here)

    show.__doc__ = f"Show the {name} view."
    return show


for _name in VIEWS:
    setattr(ReviewRoom, f"do_show_{_name}", _show(_name))
