"""Copying what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itgov.tui.preferences import Preferences
    from itgov.tui.room_app import RoomApp
    from itgov.tui.widgets.styled_text import Line


class CopyActions:
    """Asks what to copy, and copies it by the terminal or a tool."""

    def __init__(self, home: RoomApp, preferences: Preferences) -> None:
        self.home = home
        self.preferences = preferences

    def do_copy(self) -> None:
        """Ask what to copy of the selection."""
        from itgov.tui.copyable import copyables
        from itgov.tui.dialogs.copy import copy_menu
        from itgov.tui.widgets.table import Table

        room, chosen = self.home.room, self.home.navigation.selection()
        if room is None or chosen is None:
            return
        focused = self.home.base.focused
        things = copyables(room, chosen, focused if isinstance(focused, Table) else None)
        if not things:
            self.home.say("there is nothing here to copy", "warning")
            return
        texts = {t.id: t for t in things}
        menu = copy_menu(things, self.home.keys.of("copy"))
        self.home.ask(menu, lambda row: self.copy(texts[row].text, texts[row].label))

    def copy(self, text: str, label: str) -> None:
        """Copy a text; where that cannot be, say why and show it."""
        self.home.run_worker(
            lambda: self._copy(text, label),
            thread=True, exclusive=True, group="copy", exit_on_error=False,
        )  # fmt: skip

    def _copy(self, text: str, label: str) -> None:
        from itgov.tui.clipboard import TMUX, CopyFailed, choose, native_tool, osc52, run_tool

        try:
            if self.home.browser:
                raise CopyFailed("a browser's clipboard cannot be reached: mark it with the mouse")
            tool = choose(self.preferences.clipboard_by, tool=native_tool())
            if tool is not None:
                try:
                    run_tool(tool, text)
                except CopyFailed:
                    if tool is not TMUX:
                        raise  # an old tmux knows no such thing: then as other terminals do
                else:
                    by = tool.command[0]
                    self.home.call_from_thread(self.home.say, f"copied: {label} (by {by})", "ok")
                    return
            self.home.call_from_thread(self._give_terminal, osc52(text), text)
            self.home.call_from_thread(self.home.say, f"copied: {label} (by the terminal)", "ok")
        except CopyFailed as failed:
            lines: list[Line] = [((f"Not copied: {failed}", "error"),), ()]
            lines += [((line, ""),) for line in text.splitlines()[:2000]]
            self.home.call_from_thread(self.home.tell, "Copy", lines)

    def _give_terminal(self, sequence: str, text: str) -> None:
        """Give the terminal a sequence as it is; Textual's own way to copy knows no tmux."""
        if self.home.terminal is not None:
            self.home.terminal.write(sequence)
            self.home.terminal.flush()
        else:
            self.home.copy_to_clipboard(text)
