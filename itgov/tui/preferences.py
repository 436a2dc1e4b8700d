"""The theme, the keys and the clipboard that the repository and the user ask for in their configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itgov.tui.theme import THEME_NAMES, THEMES, own_theme

if TYPE_CHECKING:
    from itgov.files.repository import Clipboard
    from itgov.files.userconfig import UserSettings
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.room import Room


class Preferences:
    """Sets theme and keys as the configurations say, and the theme as it is asked for."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home
        self.clipboard_by: Clipboard = "auto"
        self.configured: tuple[str, ...] = ()
        """What is wrong with the configurations, as it was last shown."""

    def do_theme(self, argument: str = "") -> None:
        """Use the next theme, or the one that is named."""
        if self.home.ansi_color:
            self.home.say("colours are off (NO_COLOR)", "warning")
            return
        if argument and argument not in THEME_NAMES:
            from itgov.model.text import did_you_mean

            self.home.say(
                f"there is no theme `{argument}`{did_you_mean(argument, THEME_NAMES)}", "warning"
            )
            return
        names = [t.name for t in THEMES]
        at = names.index(self.home.theme) if self.home.theme in names else -1
        self.home.theme = own_theme(argument).name if argument else names[(at + 1) % len(names)]
        self.home.say(f"theme: {self.home.theme.removeprefix('itgov-')}")

    def settings(self) -> UserSettings:
        """Return the user's own configuration."""
        from itgov.files.userconfig import read_user_config

        return read_user_config()

    def configure(self, room: Room | None, *, tell: bool = True) -> None:
        """Take theme, keys and clipboard from the repository's configuration, and the user's over it."""
        from itgov.files.repository import Config
        from itgov.tui.keytable import in_force

        user = self.settings()
        config = room.repository.config if room is not None else Config()
        self.home.keys = in_force(room.repository if room is not None else None, user)
        self.clipboard_by = user.config.clipboard or config.clipboard
        if not self.home.ansi_color:
            self.home.theme = own_theme(user.config.theme or config.theme or "auto").name
        problems = (*user.problems, *self.home.keys.problems)
        if tell and problems and problems != self.configured:
            self.configured = problems
            self.home.tell("Configuration: settings not used", [((line, ""),) for line in problems])
