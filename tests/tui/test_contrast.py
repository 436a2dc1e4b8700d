"""Every text of every theme reaches 4.5 to 1: in true colour, in 256 colours and in sixteen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color, ColorSystem
from rich.segment import Segment
from textual.app import App
from textual.pilot import Pilot
from textual.theme import Theme

from itgov.tui.app import ReviewRoom
from itgov.tui.theme import NAMES, THEMES, themes_in
from itgov.tui.widgets.styled_text import ROLES, RoleStyles

from .conftest import OpenRoom, copy_sample, settled
from .palettes import MATRICES, PALETTES, Triplet, contrast, difference, shown
from .test_looks import DIALOGS, WHERE, is_shape, seen

GROUNDS = ("background", "surface", "panel", "head", "footer-background", "cursor", "cursor-idle")
"""What text stands on."""
OWN = ("itgov-terminal", "itgov-light", "itgov-colour-blind-light")
"""The themes that leave both colours to a terminal of sixteen."""


def variables(theme: Theme) -> dict[str, str]:
    app: App[None] = App()
    app.register_theme(theme)
    app.theme = theme.name
    return app.get_css_variables()


def pairs(theme: Theme) -> Iterator[tuple[str, Color, Color]]:
    """Yield each role on each ground, with the colours of both."""
    found = variables(theme)
    styles = RoleStyles(found)
    for ground in GROUNDS:
        back = found[ground]
        base = styles.over(_style(found["foreground"], back), "")
        for role in ("", *ROLES):
            style = styles.over(base, role)
            assert style.color is not None
            assert style.bgcolor is not None
            yield f"{theme.name}: {role or 'text'} on {ground}", style.color, style.bgcolor


def _style(front: str, back: str) -> Any:
    from rich.style import Style
    from textual.color import Color as TextualColor

    return Style(
        color=TextualColor.parse(front).rich_color, bgcolor=TextualColor.parse(back).rich_color
    )


@pytest.mark.parametrize("theme", [t for t in THEMES if not t.ansi], ids=lambda t: t.name)
@pytest.mark.parametrize("system", [ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT])
def test_every_pair_can_be_read(theme: Theme, system: ColorSystem) -> None:
    for what, front, back in pairs(theme):
        colors = [shown(c.downgrade(system)) for c in (front, back)]
        assert contrast(*colors) >= 4.5, what


@pytest.mark.parametrize("theme", themes_in("standard"), ids=lambda t: t.name)
@pytest.mark.parametrize("palette", PALETTES)
def test_every_pair_can_be_read_in_the_sixteen_colours_of_a_terminal(
    theme: Theme, palette: str
) -> None:
    for what, front, back in pairs(theme):
        if theme.name in OWN:
            assert front.is_default, what
            assert back.is_default, what
        else:
            for each in (front, brightened(front)):
                assert contrast(shown(each, palette), shown(back, palette)) >= 4.5, what


def test_no_theme_is_missing_where_there_are_sixteen_colours() -> None:
    assert [t.name for t in themes_in("standard")] == [t.name for t in THEMES]
    assert all(t.ansi for t in themes_in("standard"))
    assert themes_in("truecolor") == THEMES


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("colour-blind")])
@pytest.mark.parametrize("sight", MATRICES)
def test_good_warning_and_bad_differ_for_colour_blind_people(name: str, sight: str) -> None:
    found = variables(NAMES[name])
    colors: dict[str, Triplet] = {
        tone: shown(Color.parse(found[tone])) for tone in ("success", "warning", "error")
    }
    for one, other in combinations(colors, 2):
        assert difference(colors[one], colors[other], sight) >= 20, (one, other)


# -- as it is drawn ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sixteen_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRoom]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.constants.COLOR_SYSTEM", "standard")
        room = OpenRoom(copy_sample(tmp_path_factory.mktemp("sixteen")), (100, 30))
    yield room
    room.close()


def readable(segment: Segment, palette: str) -> bool:
    style = segment.style
    assert style is not None
    front, back = style.color, style.bgcolor
    assert front is not None, segment
    assert back is not None, segment
    if front.is_default or back.is_default:
        return front.is_default and back.is_default
    fronts = (front, brightened(front)) if style.bold else (front,)
    return all(contrast(shown(each, palette), shown(back, palette)) >= 4.5 for each in fronts)


def brightened(color: Color) -> Color:
    """Return a colour as terminals show it in bold that take the bright one for that."""
    if color.number is None or color.number >= 8:
        return color
    return Color.from_ansi(color.number + 8)


def look(room: OpenRoom, keys: list[str]) -> None:
    drawn: dict[str, list[Segment]] = {}

    async def each_theme(app: ReviewRoom, pilot: Pilot[Any]) -> None:
        for name, theme in NAMES.items():
            app.theme = theme.name
            await settled(app, pilot)
            drawn[name] = seen(app)

    room.run(*keys, act=each_theme)
    for name, segments in drawn.items():
        assert len(segments) > 10
        for segment in segments:
            style = segment.style
            assert style is not None
            assert not style.dim, segment
            if not is_shape(segment.text):
                for palette in PALETTES:
                    assert readable(segment, palette), (name, palette, segment)


def test_what_is_drawn_in_sixteen_colours_can_be_read(sixteen_room: OpenRoom) -> None:
    look(sixteen_room, WHERE["portfolio"])
    look(sixteen_room, DIALOGS["help"])
    look(sixteen_room, DIALOGS["filter"])


@pytest.mark.slow
@pytest.mark.parametrize("place", [*WHERE, *DIALOGS])
def test_all_that_is_drawn_in_sixteen_colours_can_be_read(
    sixteen_room: OpenRoom, place: str
) -> None:
    look(sixteen_room, WHERE.get(place) or DIALOGS[place])


def test_a_terminal_of_sixteen_colours_is_noticed(sample: Path, sixteen_room: OpenRoom) -> None:
    assert sixteen_room.app.available_themes["itgov-dark"].ansi
    assert not ReviewRoom(sample).available_themes["itgov-dark"].ansi
