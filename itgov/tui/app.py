"""The review room: one screen, its views, and the way from a key to what it does.

Keys are looked up in the keymap made from `actions.ACTIONS`; an action is carried out by the
method `do_<id>` of the focused widget, else of what encloses it, else of one of the objects that
the room holds for that, else of the room.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events
from textual.containers import Container
from textual.css.query import NoMatches
from textual.screen import ModalScreen, Screen

from itgov.files.userpath import user_config_path
from itgov.tui.actions import BY_ID, VIEWS, Context, why_not
from itgov.tui.command_actions import CommandActions
from itgov.tui.context import context_of
from itgov.tui.copy_actions import CopyActions
from itgov.tui.edge_lines import banner_pieces, foot_pieces, top_pieces
from itgov.tui.edits.actions import EditActions
from itgov.tui.edits.first_portfolio import FirstActions
from itgov.tui.edits.proposing import Proposals
from itgov.tui.keymap import Keymap, keymap
from itgov.tui.looks import Looks
from itgov.tui.screen import Main
from itgov.tui.session.chair_actions import Chair
from itgov.tui.session.decision_actions import Decisions
from itgov.tui.theme import DARK, THEMES, own_theme
from itgov.tui.updates import Updates
from itgov.tui.view_cache import ViewCache
from itgov.tui.waiting import Waiting
from itgov.tui.widgets.bars import Banner, Bar, FilterBar, FootBar, Tone, TopBar

if TYPE_CHECKING:
    from textual.driver import Driver

    from itgov.tui.background.reading import Trouble
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection, Target
    from itgov.tui.views.base import View
    from itgov.tui.widgets.styled_text import Line


class ReviewRoom(Updates, inherit_bindings=False):
    """The room over the repository at `path`; without one here, over the sample.

    `today` is the as-of date, the day itself where it is None.  `watching` lets it notice what
    others change, and measure the history before anybody asks.  With `read_only` no file is
    changed; `browser` says that what shows it is no terminal.
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
    ) -> None:
        super().__init__(ansi_color=True if no_color else None)
        self.watching = watching
        self.path = path
        self.sample_root: Path | None = None
        self.read_only = read_only
        self.browser = browser
        self.asked_today = today
        self.room: Room | None = None
        self.trouble: Trouble | None = None
        self.view_name = VIEWS[0]
        self.history: list[Target] = []
        self.proposals = Proposals(self)
        self.chair = Chair(self)
        self.decisions = Decisions(self, self.chair)
        self.looks = Looks(self)
        self.command_actions = CommandActions(self)
        self._actions = (
            EditActions(self, self.proposals), self.decisions, self.chair, FirstActions(self),
            self.command_actions, self.looks, CopyActions(self, self.looks),
        )  # fmt: skip
        """What carries actions out that no widget does."""
        self.keys: Keymap = keymap()
        self._by_key: dict[str, str] = {}
        self._views = ViewCache(lambda: self.base.query_one("#views", Container))
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "itgov-terminal" if no_color else "itgov-dark"
        self.set_keys(self.keys)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give themes that are not ours values for the room's own variables."""
        return dict(DARK.variables)

    def get_default_screen(self) -> Screen[None]:
        """Return the room's screen."""
        return Main()

    def get_driver_class(self) -> type[Driver]:
        """Return what reads the keys: ours on a terminal, as Textual says anywhere else."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from itgov.tui.terminal import Terminal

        return Terminal

    # -- starting ----------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Paint first, read after; draw all again when the shell gives the terminal back."""
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        if user_config_path().exists():
            self.looks.configure(None, tell=False)
        elif not self.ansi_color:
            self.theme = own_theme("auto").name
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.draw_bars()
        self.call_after_refresh(self.reload)

    def on_updates_progress(self, message: Updates.Progress) -> None:
        """Show how far reading has come."""
        for waiting in self.base.query(Waiting):
            waiting.progress(message.doing, message.done)

    async def receive(self, found: Room | Trouble | None) -> None:
        """Show a room, or say what keeps one from being shown."""
        from itgov.tui.state.room import Room

        if isinstance(found, Room):
            first = self.room is None
            self.room, self.trouble = found, None
            for waiting in self.base.query(Waiting):
                await waiting.remove()
            if first:
                self.looks.configure(found)
                self.chair.sit_down(found)
                await self.show_view(self.view_name)
            elif self.view is not None and self.view.room is not found:
                self.view.show(found)  # where the focus is, in the view or over it, it stays
            if self.watching and self.view is not None:
                views = self._views.idle_tasks(lambda: self.room)
                self.idle_tasks.add(
                    [*views, self.command_actions.spots, *self.view.idle_tasks(found)]
                )
        elif found is not None:
            self.trouble = found
            if self.room is None:
                self.looks.configure(None)
                for waiting in self.base.query(Waiting):
                    waiting.trouble(found, self.keys)
            else:
                place = found.lines[0] if found.lines else ""
                self.say(f"{found.title}: {place}; what is shown is from before", "error")
        self.draw_bars()

    def on_updates_history_progress(self, message: Updates.HistoryProgress) -> None:
        """Show how far measuring the history is."""
        self.measured_share = message.done
        if self.view is not None:
            self.view.history_progress(message.done)

    def history_arrived(self) -> None:
        """Show what is known of the history now."""
        for view in self._views:
            view.show_history()
        self.draw_bars()

    def set_keys(self, keys: Keymap) -> None:
        """Use other keys."""
        self.keys = keys
        self._by_key = {key: action for action, some in keys.keys.items() for key in some}

    # -- views -------------------------------------------------------------------------------

    @property
    def view(self) -> View | None:
        """The view that is shown."""
        return self._views.get(self.view_name)

    async def show_view(self, name: str) -> View | None:
        """Show a view, made when it is first asked for."""
        if self.room is None:
            self.view_name = name
            return None
        view = await self._views.take(name)
        if view.room is not self.room:
            view.show(self.room)
        for other in self._views:
            other.display = other is view
        self.view_name = name
        focused = self.base.focused
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
        from itgov.tui.state.selection import Target

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
        undo = self.proposals.undo_history
        return context_of(self, self.base.focused, undo)

    # -- from a key to what it does --------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Carry out the action of a key that nothing else has taken."""
        action = self._by_key.get(event.key) or self._by_key.get(event.character or "")
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
                self.say(f"{action.label}: nothing is to be said after it", "warning")
                return False
            result = method(argument) if argument else method()
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
        return [*(n for n in chain if n is not self), *self._actions, self]

    async def on_bar_chosen(self, message: Bar.Chosen) -> None:
        """Carry out what was clicked."""
        await self.carry_out(message.action)

    # -- what the room itself does -----------------------------------------------------------------

    def do_quit(self) -> None:
        """Leave."""
        self.exit(0)

    def do_back(self) -> None:
        """Take the filter away; where there is none, there is nothing to leave, and that is fine."""
        if self.view is not None and self.view.filter_text:
            self.view.set_filter("")

    async def do_last_view(self) -> None:
        """Go to where the room was before."""
        if self.history:
            target = self.history.pop()
            here = self.here()
            await self.go_to(target, remember=False)
            if here is not None:
                self.history.append(here)

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
        self.command_actions.filter_as_typed(message.text)

    def on_filter_bar_done(self, message: FilterBar.Done) -> None:
        """Back to the rows, with the filter or without it."""
        self.command_actions.leave_filter(message.kept)

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
        if not self.screen_stack:  # the room is being left
            return
        try:
            top, foot = self.base.query_one(TopBar), self.base.query_one(FootBar)
        except NoMatches:
            return
        top.show(*top_pieces(self.keys, self.view_name, self.room, self.trouble, self.read_only))
        self.base.query_one(Banner).tell(banner_pieces(self.keys, self.room))
        foot.show(foot_pieces(self.keys, self.context()))


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
