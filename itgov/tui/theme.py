"""The room's own themes: dark, light, two for colour-blind people, and the terminal's own colours.

Every pair of a text's colour and what it stands on has a contrast of at least 4.5 to 1 (WCAG 2.2,
1.4.3), as it is and as a terminal of 256 colours shows it; a test holds that.  Of sixteen colours
each terminal has its own, so there each theme is another: only pairs that reach 4.5 to 1 in the
palettes of all common terminals.  The terminal's own theme writes every text in the terminal's own
colour of text: no other can be read on a ground that is not known.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

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
        "cursor": "#1f2e63",
        "cursor-idle": "#2d323a",
        "head": "#1a2330",
        "edge": "#46566c",
        "edge-focus": "#7cc0ff",
        "footer-background": "#1a2330",
        "block-cursor-background": "#1f2e63",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "input-selection-background": "#1f2e63",
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
        "role-key": "#6e3500",
        "cursor": "#d5edfb",
        "cursor-idle": "#e8eaec",
        "head": "#e9ecee",
        "edge": "#98a4b1",
        "edge-focus": "#0a5299",
        "footer-background": "#e9ecee",
        "block-cursor-background": "#d5edfb",
        "block-cursor-foreground": "#101820",
        "block-cursor-text-style": "none",
        "input-selection-background": "#d5edfb",
        "scrollbar": "#98a4b1",
        "scrollbar-hover": "#5c6a7a",
        "scrollbar-active": "#0a5299",
        "scrollbar-background": "#fcfcfa",
        "scrollbar-background-hover": "#fcfcfa",
        "scrollbar-background-active": "#fcfcfa",
        "scrollbar-corner-color": "#fcfcfa",
    },
)

COLOUR_BLIND = replace(
    DARK, name="itgov-colour-blind", success="#79b8ff", warning="#ffe9a8", error="#ff9f4a",
    accent="#c3d3e8", primary="#c3d3e8",
)  # fmt: skip
"""Good is blue and bad is orange, which nobody takes for each other."""

COLOUR_BLIND_LIGHT = replace(
    LIGHT, name="itgov-colour-blind-light", success="#0a4fa3", warning="#2e2a00", error="#9a4400",
    accent="#1a3a5e", primary="#1a3a5e",
)  # fmt: skip


def _ansi(
    name: str, ground: str, text: str, edge: str, *, dark: bool, accent: str = "", good: str = "",
    warning: str = "", error: str = "",
) -> Theme:  # fmt: skip
    """Return a theme of the terminal's own sixteen colours: what has none is in that of `text`."""
    accent, good, warning, error = (c or text for c in (accent, good, warning, error))
    return Theme(
        name=name, ansi=True, dark=dark,
        primary=accent, secondary=text, accent=accent, success=good, warning=warning, error=error,
        foreground=text, background=ground, surface=ground, panel=ground, boost=ground,
        variables={
            "surface": ground, "panel": ground, "text": text, "input-cursor-foreground": ground,
            "input-cursor-background": text, "input-selection-foreground": text,
            "input-selection-background": ground,
            "role-muted": text, "role-info": accent, "role-match": warning, "role-key": accent,
            "cursor": ground, "cursor-idle": ground, "head": ground, "footer-background": ground,
            "edge": edge, "edge-focus": edge,
            "ansi-background": "ansi_black" if dark else "ansi_bright_white",
            "ansi-foreground": "ansi_white" if dark else "ansi_black",
            "block-cursor-foreground": ground if ground != "ansi_default" else "ansi_black",
            "block-cursor-background": text if text != "ansi_default" else "ansi_white",
            "scrollbar": edge, "scrollbar-hover": edge, "scrollbar-active": edge,
            "scrollbar-background": ground, "scrollbar-background-hover": ground,
            "scrollbar-background-active": ground, "scrollbar-corner-color": ground,
        },
    )  # fmt: skip


TERMINAL = _ansi("itgov-terminal", *("ansi_default",) * 3, dark=True)

_DARK_16 = _ansi(
    DARK.name, "ansi_black", "ansi_white", "ansi_white", dark=True, accent="ansi_bright_cyan",
    good="ansi_bright_green", warning="ansi_bright_yellow", error="ansi_bright_yellow",
)  # fmt: skip
"""Many terminals make a bold colour the bright one: on black these stay as easy to read."""
# On a white ground only black could be read in all palettes, and bold makes it grey in many of them.
_SIXTEEN = {
    t.name: t
    for t in (
        _DARK_16,
        replace(TERMINAL, name=LIGHT.name, dark=False),
        replace(_DARK_16, name=COLOUR_BLIND.name, success="ansi_bright_cyan"),
        replace(TERMINAL, name=COLOUR_BLIND_LIGHT.name, dark=False),
    )
}

THEMES = (DARK, LIGHT, COLOUR_BLIND, COLOUR_BLIND_LIGHT, TERMINAL)
NAMES = {t.name.removeprefix("itgov-"): t for t in THEMES}
THEME_NAMES = (*NAMES, "auto")
"""What `theme:` in itgov.yaml and in the user's configuration may say."""


def themes_in(color_system: str | None) -> tuple[Theme, ...]:
    """Return the themes as a terminal with these colours (Rich's name for them) shows them."""
    if color_system not in ("standard", "windows"):
        return THEMES
    return tuple(_SIXTEEN.get(t.name, t) for t in THEMES)


def own_theme(name: str, environment: Mapping[str, str] = os.environ) -> Theme:
    """Return the theme of a name; `auto` follows what the terminal says of its background."""
    if name in NAMES:
        return NAMES[name]
    return LIGHT if _is_light(environment.get("COLORFGBG", "")) else DARK


def _is_light(colors: str) -> bool:
    """Say whether `COLORFGBG` (`15;0`, `0;default;15`) names a light background."""
    background = colors.rpartition(";")[2]
    return background.isdigit() and int(background) in (7, *range(9, 16))
