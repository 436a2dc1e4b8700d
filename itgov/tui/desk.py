"""What the room does at its own desk: dialogs, commands, looks, copying, a first portfolio.

`ReviewRoom` is this and the way from a key to what it does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.screen import ModalScreen, Screen

from itgov.tui.actions import ACTIONS, Context, RoomAction, why_not
from itgov.tui.keymap import Keymap
from itgov.tui.theme import THEME_NAMES, THEMES, own_theme
from itgov.tui.updates import Beside
from itgov.tui.widgets.bars import FilterBar, FootBar, Piece, Tone

if TYPE_CHECKING:
    from itgov.files.repository import Clipboard
    from itgov.files.userconfig import UserSettings
    from itgov.tui.background.reading import Trouble
    from itgov.tui.dialogs.jump import Spot, Spots
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection, Target
    from itgov.tui.views.base import View
    from itgov.tui.widgets.styled_text import Line


class Desk(Beside, inherit_bindings=False):
    """The part of the app that lies over the views."""

    room: Room | None
    trouble: Trouble | None
    keys: Keymap
    path: Path | None
    view_name: str
    browser: bool = False
    clipboard_by: Clipboard = "auto"

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.commands: list[str] = []
        """What was entered on the `:` line."""
        self._spots: Spots | None = None
        self.configured: tuple[str, ...] = ()
        """What is wrong with the configurations, as it was last shown."""

    def on_mount(self) -> None:
        """Draw everything again when the shell gives the terminal back."""
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))

    # -- what the rest of the app gives --------------------------------------------------------

    @property
    def base(self) -> Screen[Any]:
        """The room's own screen, whatever lies over it."""
        return self.screen_stack[0]

    @property
    def view(self) -> View | None:
        """The view that is shown."""
        raise NotImplementedError

    def selection(self) -> Selection | None:
        """Return what the cursor is on."""
        raise NotImplementedError

    def context(self) -> Context:
        """Return what there is to work with now."""
        raise NotImplementedError

    def say(self, text: str, tone: Tone = "") -> None:
        """Say something on the last line."""
        raise NotImplementedError

    def draw_bars(self) -> None:
        """Bring the lines at the edges up to date."""
        raise NotImplementedError

    async def carry_out(self, name: str, argument: str = "") -> bool:
        """Carry an action out."""
        raise NotImplementedError

    async def go_to(self, target: Target, remember: bool = True) -> bool:
        """Show something."""
        raise NotImplementedError

    def set_keys(self, keys: Keymap) -> None:
        """Use other keys."""
        raise NotImplementedError

    # -- dialogs -------------------------------------------------------------------------------

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

    def do_messages(self) -> None:
        """Show what was said before, the last of it first."""
        spoken = list(self.base.query_one(FootBar).spoken)
        self.tell("Messages", spoken[::-1] or [(("Nothing was said yet.", "muted"),)])

    def spots(self) -> Spots | None:
        """Return everything that can be gone to."""
        from itgov.tui.dialogs.jump import Spots

        if self.room is None:
            return None
        if self._spots is None or self._spots.room is not self.room:
            self._spots = Spots(self.room)
        return self._spots

    def do_help(self) -> None:
        """Show every key."""
        from itgov.tui.dialogs.help import Help

        self.ask(Help(self.keys, self.context()), self.carry_out)

    def do_palette(self) -> None:
        """Show every command and place."""
        from itgov.tui.dialogs.jump import Palette

        self.ask(Palette(self.keys, self.context(), self.spots()), self._do_or_go)

    async def _do_or_go(self, row: str) -> None:
        kind, _, name = row.partition(":")
        if kind == "action":
            await self.carry_out(name)
        else:
            await self._go_to_spot(row)

    async def do_jump(self, argument: str = "") -> None:
        """Go to what has an id or a name, or ask where to go."""
        from itgov.tui.dialogs.jump import Jump

        spots = self.spots()
        if spots is None:
            return
        if argument:
            spot = spots.exactly(argument)
            found = spots.find(argument) if spot is None else [spot]
            if len(found) == 1:
                await self._go(found[0])
                return
            if not found:
                self.say(f"there is nothing called {argument}", "warning")
                return
        self.ask(Jump(spots, argument), self._go_to_spot)

    async def _go_to_spot(self, row: str) -> None:
        spots = self.spots()
        spot = spots.by_row.get(row) if spots is not None else None
        if spot is not None:
            await self._go(spot)

    async def _go(self, spot: Spot) -> None:
        await self.go_to(spot.target)

    def do_command(self) -> None:
        """Open the `:` line."""
        from itgov.tui.dialogs.command import CommandLine

        fields = tuple(self.view.FIELDS) if self.view is not None else ()
        line = CommandLine(self.keys, self.context(), self.spots(), fields, self.commands)
        self.ask(line, self.run_command)

    async def run_command(self, text: str) -> None:
        """Carry out what was typed on the `:` line."""
        from itgov.tui.dialogs.command import parse

        if text in self.commands:
            self.commands.remove(text)
        self.commands.append(text)
        command = parse(text)
        if command.action is not None:
            await self.carry_out(command.action.id, command.argument)

    def do_filter(self, argument: str = "") -> None:
        """Open the filter, or set it."""
        if self.view is None:
            return
        if argument:
            self.view.set_filter(argument)
            return
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
            self.base.set_focus(view.first())
        self.draw_bars()

    def _count(self) -> None:
        view = self.view
        if view is None:
            return
        shown = f"{view.found[0]:,} of {view.found[1]:,}" if view.found is not None else ""
        self.base.query_one(FilterBar).show_count(view.sought.problem or shown)

    def do_editor(self) -> None:
        """Open the user's editor at the line, then read the files again."""
        from itgov.tui.external_editor import edit

        room, chosen = self.room, self.selection()
        if room is not None and chosen is not None and chosen.place is not None:
            at = room.root, chosen.place
        elif room is None and self.trouble is not None and self.trouble.place is not None:
            at = self.trouble.place
        else:
            return
        if edit(self, *at):
            self.reload()

    async def do_go_findings(self) -> None:
        """Show the findings on what is selected."""
        from itgov.tui.state.findings import filter_on
        from itgov.tui.state.selection import Target

        chosen = self.selection()
        if chosen is not None:
            await self.go_to(Target("findings", filter=filter_on(chosen)))

    def do_suspend(self) -> None:
        """Give the terminal back to the shell until `fg`."""
        shell = os.name == "posix" and os.getsid(0) != os.getpid()  # else nobody would say `fg`
        if self._driver is None or not self._driver.can_suspend or not shell:
            self.say("there is no shell to go back to", "warning")
            return
        self.action_suspend_process()

    # -- looks ---------------------------------------------------------------------------------

    def do_theme(self, argument: str = "") -> None:
        """Use the next theme, or the one that is named."""
        if self.ansi_color:
            self.say("colours are off (NO_COLOR)", "warning")
            return
        if argument and argument not in THEME_NAMES:
            from itgov.model.text import did_you_mean

            self.say(
                f"there is no theme `{argument}`{did_you_mean(argument, THEME_NAMES)}", "warning"
            )
            return
        names = [t.name for t in THEMES]
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = own_theme(argument).name if argument else names[(at + 1) % len(names)]
        self.say(f"theme: {self.theme.removeprefix('itgov-')}")

    def settings(self) -> UserSettings:
        """Return the user's own configuration."""
        from itgov.files.userconfig import read_user_config

        return read_user_config()

    def configure(self, room: Room | None, *, tell: bool = True) -> None:
        """Take looks and keys from the repository's configuration, and the user's over it."""
        from itgov.files.repository import Config
        from itgov.tui.keytable import in_force

        user = self.settings()
        config = room.repository.config if room is not None else Config()
        self.set_keys(in_force(room.repository if room is not None else None, user))
        self.clipboard_by = user.config.clipboard or config.clipboard
        if not self.ansi_color:
            self.theme = own_theme(user.config.theme or config.theme or "auto").name
        problems = (*user.problems, *self.keys.problems)
        if tell and problems and problems != self.configured:
            self.configured = problems
            self.tell("Configuration: what could not be used", _list_of(problems))

    # -- copying -------------------------------------------------------------------------------

    def do_copy(self) -> None:
        """Ask what to copy of the selection."""
        from itgov.tui.copyable import copyables
        from itgov.tui.dialogs.copy import CopyMenu
        from itgov.tui.widgets.table import Table

        room, chosen = self.room, self.selection()
        if room is None or chosen is None:
            return
        focused = self.base.focused
        things = copyables(room, chosen, focused if isinstance(focused, Table) else None)
        if not things:
            self.say("there is nothing here to copy", "warning")
            return
        texts = {t.id: t for t in things}
        self.ask(CopyMenu(things), lambda row: self.copy(texts[row].text, texts[row].label))

    @work(thread=True, exclusive=True, group="copy", exit_on_error=False)
    def copy(self, text: str, label: str) -> None:
        """Copy a text; where that cannot be, say why and show it."""
        from itgov.tui.clipboard import TMUX, CopyFailed, choose, native_tool, osc52, run_tool

        try:
            if self.browser:
                raise CopyFailed("a browser's clipboard cannot be reached: mark it with the mouse")
            tool = choose(self.clipboard_by, tool=native_tool())
            if tool is not None:
                try:
                    run_tool(tool, text)
                except CopyFailed:
                    if tool is not TMUX:
                        raise  # an old tmux knows no such thing: then as other terminals do
                else:
                    by = tool.command[0]
                    self.call_from_thread(self.say, f"copied: {label} (by {by})", "ok")
                    return
            self.call_from_thread(self._write_raw, osc52(text))
            self.call_from_thread(self.say, f"copied: {label} (by the terminal)", "ok")
        except CopyFailed as failed:
            lines: list[Line] = [((f"Not copied: {failed}", "error"),), ()]
            lines += [((line, ""),) for line in text.splitlines()[:2000]]
            self.call_from_thread(self.tell, "Copy", lines)

    def _write_raw(self, sequence: str) -> None:
        """Give the terminal a sequence as it is; Textual's own way knows no tmux."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    # -- the keys at the foot -------------------------------------------------------------------

    def foot_pieces(self, context: Context) -> tuple[Piece, ...]:
        """Return the keys worth naming now, the most useful first."""
        wanted = sorted((a for a in ACTIONS if a.weight), key=lambda a: -a.weight)
        return tuple(
            self._foot_piece(action, context)
            for action in wanted
            if self.keys.of(action) and (not action.views or context.view in action.views)
        )

    def _foot_piece(self, action: RoomAction, context: Context) -> Piece:
        off = why_not(action, context) is not None
        key = self.keys.shown(action)
        return Piece(
            ((f" {key}", "muted" if off else "key"), (f" {action.label} ", "muted" if off else "")),
            action.id,
        )


def _list_of(lines: Sequence[str]) -> list[Line]:
    return [((line, ""),) for line in lines]
