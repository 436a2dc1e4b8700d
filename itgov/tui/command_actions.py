"""Actions over the views: help, palette, jump, the `:` line, the editor, the shell."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from itgov.tui.widgets.bars import FootBar

if TYPE_CHECKING:
    from itgov.model.filter_completion import Completion
    from itgov.tui.dialogs.jump import Spot, Spots
    from itgov.tui.room_app import RoomApp


class CommandActions:
    """Finding an action or a place, and going there."""

    def __init__(self, home: RoomApp, filters: Callable[[str], Sequence[Completion]]) -> None:
        self.home = home
        self._filters = filters
        self.commands: list[str] = []
        """What was entered on the `:` line."""
        self._spots: Spots | None = None

    def do_messages(self) -> None:
        """Show what was said before, the last of it first."""
        spoken = list(self.home.base.query_one(FootBar).spoken)
        self.home.tell("Messages", spoken[::-1] or [(("No messages", "muted"),)])

    def spots(self) -> Spots | None:
        """Return everything that can be gone to."""
        from itgov.tui.dialogs.jump import Spots

        if self.home.room is None:
            return None
        if self._spots is None or self._spots.room is not self.home.room:
            self._spots = Spots(self.home.room)
        return self._spots

    def do_help(self) -> None:
        """Show every key."""
        from itgov.tui.dialogs.help import help_on_keys

        self.home.ask(help_on_keys(self.home.keys, self.home.context()), self.home.carry_out)

    def do_palette(self) -> None:
        """Show every command and place."""
        from itgov.tui.dialogs.jump import palette

        self.home.ask(palette(self.home.keys, self.home.context(), self.spots()), self._do_or_go)

    async def _do_or_go(self, row: str) -> None:
        kind, _, name = row.partition(":")
        if kind == "action":
            await self.home.carry_out(name)
        else:
            await self._go_to_spot(row)

    async def do_jump(self, argument: str = "") -> None:
        """Go to what has an id or a name, or ask where to go."""
        from itgov.tui.dialogs.jump import jump

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
                self.home.say(f"no unit, item, person or rule is called `{argument}`", "warning")
                return
        self.home.ask(jump(spots, argument), self._go_to_spot)

    async def _go_to_spot(self, row: str) -> None:
        spots = self.spots()
        spot = spots.by_row.get(row) if spots is not None else None
        if spot is not None:
            await self._go(spot)

    async def _go(self, spot: Spot) -> None:
        await self.home.navigation.go_to(spot.target)

    def do_command(self) -> None:
        """Open the `:` line."""
        from itgov.tui.dialogs.command import CommandLine

        line = CommandLine(
            self.home.keys, self.home.context(), self.spots(), self._filters, self.commands
        )
        self.home.ask(line, self.run_command)

    async def run_command(self, text: str) -> None:
        """Carry out what was typed on the `:` line."""
        from itgov.tui.dialogs.command import parse

        if text in self.commands:
            self.commands.remove(text)
        self.commands.append(text)
        command = parse(text)
        if command.action is not None:
            await self.home.carry_out(command.action.id, command.argument)

    def do_editor(self) -> None:
        """Open the user's editor at the line, then read the files again."""
        from itgov.tui.external_editor import edit

        room, chosen = self.home.room, self.home.navigation.selection()
        if room is not None and chosen is not None and chosen.place is not None:
            at = room.root, chosen.place
        elif room is None and self.home.trouble is not None and self.home.trouble.place is not None:
            at = self.home.trouble.place
        else:
            return
        if edit(self.home, *at):
            self.home.updates.reload()

    async def do_go_findings(self) -> None:
        """Show the findings on what is selected."""
        from itgov.tui.state.findings import filter_on
        from itgov.tui.state.selection import Target

        chosen = self.home.navigation.selection()
        if chosen is not None:
            await self.home.navigation.go_to(Target("findings", filter=filter_on(chosen)))

    def do_suspend(self) -> None:
        """Give the terminal back to the shell until `fg`."""
        shell = os.name == "posix" and os.getsid(0) != os.getpid()  # else nobody would say `fg`
        if self.home.terminal is None or not self.home.terminal.can_suspend or not shell:
            self.home.say("there is no shell to go back to", "warning")
            return
        self.home.action_suspend_process()
