"""The room's own themes: dark, light, and the terminal's own colours.

Every pair of a text's colour and what it stands on has a contrast of at least 4.5 to 1 (WCAG 2.2,
1.4.3) in the first two; a test holds that.  The third leaves colours to the terminal.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="itgov-dark",
    primary="#7cc0ff",
    secondary="#a9b8cc",
    accent="#7cc0ff",
    success="#7fdd9f",
    warning="#f3c655",
    error="#ff9a90",
    foreground="#e3e9f1",
    background="#0f141b",
    surface="#131a23",
    panel="#1a2330",
    dark=True,
    variables={
        "role-muted": "#a3b1c4",
        "role-info": "#93d5ff",
        "role-match": "#ffe08a",
        "role-key": "#ffd479",
        "cursor": "#21446b",
        "cursor-idle": "#223042",
        "head": "#1a2330",
        "edge": "#46566c",
        "edge-focus": "#7cc0ff",
        "footer-background": "#1a2330",
        "block-cursor-background": "#21446b",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "input-selection-background": "#21446b",
        "scrollbar": "#46566c",
        "scrollbar-hover": "#7c8ea8",
        "scrollbar-active": "#7cc0ff",
        "scrollbar-background": "#131a23",
        "scrollbar-background-hover": "#131a23",
        "scrollbar-background-active": "#131a23",
        "scrollbar-corner-color": "#131a23",
    },
)

LIGHT = Theme(
    name="itgov-light",
    primary="#0a5299",
    secondary="#4a5768",
    accent="#0a5299",
    success="#0d6432",
    warning="#704a00",
    error="#a8201a",
    foreground="#1a222d",
    background="#f4f5f2",
    surface="#fcfcfa",
    panel="#e9ecee",
    dark=False,
    variables={
        "role-muted": "#4d5866",
        "role-info": "#00577d",
        "role-match": "#7a2f00",
        "role-key": "#7a3d00",
        "cursor": "#cfe2f7",
        "cursor-idle": "#e4eaef",
        "head": "#e9ecee",
        "edge": "#98a4b1",
        "edge-focus": "#0a5299",
        "footer-background": "#e9ecee",
        "block-cursor-background": "#cfe2f7",
        "block-cursor-foreground": "#101820",
        "block-cursor-text-style": "none",
        "input-selection-background": "#cfe2f7",
        "scrollbar": "#98a4b1",
        "scrollbar-hover": "#5c6a7a",
        "scrollbar-active": "#0a5299",
        "scrollbar-background": "#fcfcfa",
        "scrollbar-background-hover": "#fcfcfa",
        "scrollbar-background-active": "#fcfcfa",
        "scrollbar-corner-color": "#fcfcfa",
    },
)

TERMINAL = Theme(
    name="itgov-terminal",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_blue",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "role-muted": "ansi_default",
        "role-info": "ansi_cyan",
        "role-match": "ansi_magenta",
        "role-key": "ansi_blue",
        "cursor": "ansi_default",
        "cursor-idle": "ansi_default",
        "head": "ansi_default",
        "edge": "ansi_default",
        "edge-focus": "ansi_blue",
        "footer-background": "ansi_default",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "scrollbar": "ansi_blue",
        "scrollbar-hover": "ansi_bright_blue",
        "scrollbar-active": "ansi_bright_blue",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "scrollbar-corner-color": "ansi_default",
    },
)

THEMES = (DARK, LIGHT, TERMINAL)
NAMES = {"dark": DARK, "light": LIGHT, "terminal": TERMINAL}
THEME_NAMES = (*NAMES, "auto")
"""What `theme:` in itgov.yaml and in the user's configuration may say."""


def own_theme(name: str, environment: Mapping[str, str] = os.environ) -> Theme:
    """Return the theme of a name; `auto` follows what the terminal says of its background."""
    if name in NAMES:
        return NAMES[name]
    return LIGHT if _is_light(environment.get("COLORFGBG", "")) else DARK


def _is_light(colors: str) -> bool:
    """Say whether `COLORFGBG` (`15;0`, `0;default;15`) names a light background."""
    background = colors.rpartition(";")[2]
    return background.isdigit() and int(background) in (7, *range(9, 16))
