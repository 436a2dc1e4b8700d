"""The review room: one screen, its views, and the way from a key to what it does.

Keys are looked up in the keymap made from `actions.ACTIONS`; an action is carried out by the
method `do_<id>` of the focused widget, else of what encloses it, else of one of the objects that
the room holds for that, else of the room.
"""

from __future__ import annotations

import datetime
import inspect
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.css.query import NoMatches
from textual.screen import ModalScreen, Screen

from itgov.files.userpath import user_config_path
from itgov.tui.actions import BY_ID, Context, why_not
from itgov.tui.background.file_updates import FileUpdates
from itgov.tui.background.idle_tasks import IdleTasks
from itgov.tui.background.measured_history import MeasuredHistory
from itgov.tui.background.uncommitted import Uncommitted
from itgov.tui.command_actions import CommandActions
from itgov.tui.context import context_of, is_early
from itgov.tui.copy_actions import CopyActions
from itgov.tui.edge_lines import banner_pieces, foot_pieces, top_pieces
from itgov.tui.edits.actions import EditActions
from itgov.tui.edits.change_actions import ChangeActions
from itgov.tui.edits.first_import import ImportActions
from itgov.tui.edits.first_portfolio import FirstActions
from itgov.tui.edits.proposing import Proposals
from itgov.tui.edits.record_actions import RecordActions
from itgov.tui.edits.scenario_actions import ScenarioActions
from itgov.tui.filter_actions import FilterActions
from itgov.tui.key_queue import KeyQueue
from itgov.tui.keymap import Keymap, keymap
from itgov.tui.navigation import Navigation
from itgov.tui.preferences import Preferences
from itgov.tui.present_actions import PresentActions
from itgov.tui.screen import Main
from itgov.tui.session.agenda_actions import AgendaActions
from itgov.tui.session.decision_actions import Decisions
from itgov.tui.session.session_actions import SessionActions
from itgov.tui.session.undo_actions import UndoActions
from itgov.tui.table_actions import TableActions
from itgov.tui.theme import DARK, own_theme, themes_in
from itgov.tui.tour import TourActions
from itgov.tui.waiting import Waiting
from itgov.tui.why_actions import WhyActions
from itgov.tui.widgets.bars import Banner, Bar, FilterBar, FootBar, Tone, TopBar

if TYPE_CHECKING:
    from textual.driver import Driver

    from itgov.tui.background.reading import Trouble
    from itgov.tui.state.room import Room
    from itgov.tui.views.base import View
    from itgov.tui.widgets.styled_text import Line


class ReviewRoom(App[int], inherit_bindings=False):
    """The room over the repository at `path`; without one here, over the sample.

    `today` is the as-of date, the day itself where it is None.  `watching` lets it notice what
    others change, and measure the history before anybody asks.  With `read_only` no file is
    changed; `browser` says that what shows it is no terminal.  With `tour` it opens the sample and
    begins the tour of it.
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
        read_only: bool = False,
        browser: bool = False,
        tour: bool = False,
    ) -> None:
        super().__init__(ansi_color=True if no_color else None)
        self.watching = watching
        self.path = path
        self.terminal: Driver | None = None
        """The terminal that the room is on; None in a browser, on Windows and in tests."""
        self.read_only = read_only
        self.browser = browser
        self.room: Room | None = None
        self.trouble: Trouble | None = None
        self.navigation = Navigation(self)
        self.key_queue = KeyQueue(self, super().on_event, lambda key: is_early(self, key))
        self.idle_tasks = IdleTasks(self, self.key_queue.is_busy)
        self.updates = FileUpdates(
            self, path, today, watching=watching,
            show=self._show_found, progress=self._show_progress, say=self.say, sample=tour,
        )  # fmt: skip
        self.history = MeasuredHistory(
            self, watching=watching,
            changed=self.navigation.show_history, progress=self._show_history_progress,
        )  # fmt: skip
        self.changes = Uncommitted(
            self, self.navigation.show_changes, lambda: self.navigation.view_name == "changes"
        )
        self.proposals = Proposals(self)
        self.session_actions = SessionActions(self)
        self.decisions = Decisions(self, self.session_actions)
        self.undo_actions = UndoActions(self, self.proposals, self.session_actions)
        self.preferences = Preferences(self)
        self.tour = TourActions(self)
        self._tour_wanted = tour
        self.filter_actions = FilterActions(self)
        self.command_actions = CommandActions(self, self.filter_actions.completions)
        copying = CopyActions(self, self.preferences)
        self._actions = (
            EditActions(self, self.proposals), RecordActions(self, self.proposals), ChangeActions(self, self.proposals), ScenarioActions(self, self.proposals), self.undo_actions, self.decisions, AgendaActions(self, self.session_actions), self.session_actions, FirstActions(self), ImportActions(self),
            self.command_actions, self.filter_actions, self.preferences, copying, TableActions(self, copying.copy), WhyActions(self), PresentActions(self), self.tour, self.updates,
            self.navigation,
        )  # fmt: skip
        """What carries actions out that no widget does."""
        self.keys: Keymap = keymap()
        for theme in themes_in(self.console.color_system):
            self.register_theme(theme)
        self.theme = "itgov-terminal" if no_color else "itgov-dark"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give themes that are not ours values for the room's own variables."""
        return dict(DARK.variables)

    def get_default_screen(self) -> Screen[None]:
        """Return the room's screen."""
        return Main()

    def get_driver_class(self) -> type[Driver]:
        """Return what reads the keys: ours on a terminal, as Textual says anywhere else."""
        usual = super().get_driver_class()
        if sys.platform == "win32" or usual.__name__ != "LinuxDriver":
            return usual
        from itgov.tui.textual_private import Terminal

        return Terminal

    def exit_code(self, given: int | None) -> int:
        """Return what `run` gave as an exit code: 2 where an error of the room's own ended it."""
        return given or (2 if self.return_code else 0)

    # -- starting ----------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Paint first, read after; draw all again when the shell gives the terminal back."""
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        if user_config_path().exists():
            self.preferences.configure(None, tell=False)
        elif not self.ansi_color:
            self.theme = own_theme("auto").name
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.draw_bars()
        self.call_after_refresh(self.updates.reload)

    def on_app_focus(self) -> None:
        """Look whether something changed while the terminal was not looked at."""
        if self.watching and self.room is not None:
            self.updates.reload()

    def on_unmount(self) -> None:
        """Leave nothing running."""
        self.updates.stop()
        self.history.stop()
        self.history.stop_comparing()
        self.changes.stop()

    # -- what was read or measured -----------------------------------------------------------

    def _show_progress(self, doing: str, done: float) -> None:
        for waiting in self.base.query(Waiting):
            waiting.progress(doing, done)

    async def _show_found(self, found: Room | Trouble) -> None:
        """Show a room, or say what keeps one from being shown."""
        from itgov.tui.background.reading import freeze_large
        from itgov.tui.state.room import Room

        if isinstance(found, Room):
            first = self.room is None
            if found is not self.room:
                self.history.follow(found)
            self.changes.follow(found)
            self.room, self.trouble = found, None
            for waiting in self.base.query(Waiting):
                await waiting.remove()
            if first:
                self.preferences.configure(found)
                self.session_actions.continue_session(found)
                await self.navigation.show_view(self.navigation.view_name)
                if self._tour_wanted:
                    self.tour.begin()
            view = self.navigation.view
            if view is not None and view.room is not found:
                view.show(found)  # where the focus is, in the view or over it, it stays
            if view is not None and self.watching:
                views = self.navigation.views.idle_tasks(lambda: self.room)
                freeze = partial(freeze_large, found, collect=True)
                self.idle_tasks.replace(
                    [*views, self.command_actions.spots, *view.idle_tasks(found), freeze]
                )
        else:
            self.trouble = found
            if self.room is None:
                self.preferences.configure(None)
                for waiting in self.base.query(Waiting):
                    waiting.trouble(found, self.keys)
                if self.key_queue.drop_early():
                    self.say("Keys typed while the portfolio was read were ignored", "warning")
            else:
                self.changes.follow(self.room)
                place = found.lines[0] if found.lines else ""
                self.say(f"{found.title}: {place}; the screen shows the earlier state", "error")
        self.draw_bars()
        await self.key_queue.go_on()

    def _show_history_progress(self, done: float) -> None:
        if self.navigation.view is not None:
            self.navigation.view.history_progress(done)

    def context(self) -> Context:
        """Return what there is to work with now."""
        undo = self.undo_actions
        return context_of(self, self.base.focused, undo.next_undo, undo.next_redo)

    # -- from a key to what it does ----------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Let keys, and what is pasted, wait until the one before is through."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self.idle_tasks.key()
            await self.key_queue.add(event)
        else:
            await super().on_event(event)

    async def on_key(self, event: events.Key) -> None:
        """Carry out the action of a key that nothing else has taken."""
        action = self.keys.action_of(event.key, event.character)
        if action is None:
            return
        if isinstance(self.screen, ModalScreen) and action != "quit":
            return
        if event.key == "ctrl+c" and isinstance(self.screen, ModalScreen):
            event.stop()
            event.prevent_default()
            self.screen.dismiss(None)  # first the dialog: what is typed in it may be worth more
            return
        taken = event.key in self.screen.active_bindings  # an input's own keys come first
        if taken and event.key != "ctrl+c":
            return
        event.stop()
        event.prevent_default()
        await self.carry_out(action)

    async def carry_out(self, name: str, argument: str = "") -> bool:
        """Carry an action out, or say why that cannot be; return whether it was.

        `argument` is what was typed after its name.
        """
        action = BY_ID[name]
        reason = why_not(action, self.context())
        if reason is not None:
            self.say(f"{action.label}: {reason}", "warning")
            return False
        for node in self._handlers():
            method = getattr(node, action.method, None)
            if method is None:
                continue
            if argument and not inspect.signature(method).parameters:
                self.say(f"{action.label}: takes no argument", "warning")
                return False
            result = method(argument) if argument else method()
            if inspect.isawaitable(result):
                result = await result
            if action.id == "back" and result is False:
                continue  # nothing to leave there: the next one may have something
            self.draw_bars()
            self.tour.did(action.id)
            return True
        nothing = (
            "Nothing to open here" if action.id == "open" else f"{action.label}: not in this view"
        )
        self.say(nothing, "warning")
        return False

    def _handlers(self) -> list[Any]:
        focused = self.base.focused
        chain: list[Any] = list(focused.ancestors_with_self) if focused is not None else []
        view = self.navigation.view
        if view is not None and view not in chain:
            chain.append(view)
        return [*(n for n in chain if n is not self), *self._actions, self]

    async def on_bar_chosen(self, message: Bar.Chosen) -> None:
        """Carry out what was clicked."""
        await self.carry_out(message.action)

    # -- what the room itself does -----------------------------------------------------------

    def do_quit(self) -> None:
        """Leave; ask first where a view holds something that no file has."""
        unsaved = [what for view in self.navigation.views if (what := view.unsaved())]
        if not unsaved:
            self.exit(0)
            return
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker

        choices = (Choice("stay", "Stay"), Choice("leave", "Quit without saving"))
        picker = choice_picker(f"Not saved: {', '.join(unsaved)}", choices, NAMES)
        self.ask(picker, lambda answer: self.exit(0) if answer == "leave" else None)

    @property
    def base(self) -> Screen[Any]:
        """The room's own screen, whatever lies over it."""
        return self.screen_stack[0]

    def ask(self, dialog: ModalScreen[str | None], then: Callable[[str], Any]) -> None:
        """Show a dialog; `then` is given the answer, if there is one."""

        def answered(answer: str | None) -> None:
            if answer is not None:
                self.call_next(then, answer)

        self.push_screen(dialog, answered)

    def tell(self, title: str, lines: Sequence[Line]) -> None:
        """Show lines to read, until they are closed."""
        from itgov.tui.dialogs.notes import Notes

        self.push_screen(Notes(title, lines))

    def on_filter_bar_changed(self, message: FilterBar.Changed) -> None:
        """Filter as it is typed."""
        self.filter_actions.filter_as_typed(message.text)

    def on_filter_bar_done(self, message: FilterBar.Done) -> None:
        """Back to the rows, with the filter or without it."""
        self.filter_actions.leave_filter(message.kept)

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
        await self.navigation.go_to(message.target)

    def draw_bars(self) -> None:
        """Bring the lines at the edges up to date."""
        if not self.screen_stack:  # the room is being left
            return
        try:
            top, foot = self.base.query_one(TopBar), self.base.query_one(FootBar)
        except NoMatches:
            return
        top.show(
            *top_pieces(
                self.keys,
                self.navigation.view_name,
                self.room,
                self.trouble,
                self.read_only,
                self.changes.branch,
            )
        )
        self.base.query_one(Banner).tell(banner_pieces(self.keys, self.room))
        typing = self.filter_actions.pieces()
        foot.show(*((typing,) if typing else foot_pieces(self.keys, self.context())))
