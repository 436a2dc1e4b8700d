"""Draw the pictures of the review room that the README shows: SVG, of the sample, as on one day.

    python docs/screenshots.py [--check]

Fonts are named by family only and nothing is fetched from anywhere.
"""

from __future__ import annotations

import asyncio
import datetime
import html
import os
import re
import sys
import tempfile
from pathlib import Path

from itgov.tui.app import ReviewRoom

HERE = Path(__file__).resolve().parent
TREE = HERE.parent
DAY = datetime.date(2026, 11, 23)
FONTS = "Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
SIZE = (120, 34)
PICTURES: dict[str, tuple[str, str, list[str]]] = {
    "room-portfolio": (
        "The review room: business units, investments and one in full",
        "itgov-dark",
        [],
    ),
    "room-help": (
        "Every key, found by a few letters; what cannot work says why",
        "itgov-dark",
        ["question_mark", *"set"],
    ),
    "room-jump": (
        "Jumping to anything by a few letters, in the light theme",
        "itgov-light",
        ["f", *"claims"],
    ),
}


async def draw(keys: list[str], theme: str) -> str:
    """Return the screen after some keys as SVG."""
    room = ReviewRoom(TREE, DAY)
    async with room.run_test(size=SIZE) as pilot:
        for _ in range(3):
            await pilot.pause()
            await room.workers.wait_for_complete()
        room.theme = theme
        for key in keys:
            await pilot.press(key)
        await pilot.pause()
        return room.export_screenshot(title="itgov")


def cleaned(svg: str, name: str, title: str) -> str:
    """Return a picture that names no host, brings no font, and says what it shows."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    svg = re.sub(r"font-family:\s*Fira Code,\s*monospace", f"font-family: {FONTS}", svg)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-[0-9a-f]+", name, svg)
    shown = html.escape(title)
    svg = re.sub(
        r"(<svg\b[^>]*?)>",
        rf'\1 role="img" aria-label="{shown}"><title>{shown}</title>',
        svg,
        count=1,
    )
    return re.sub(r"[ \t]+\n", "\n", re.sub(r"\n\s*\n+", "\n", svg)).strip() + "\n"


def main(arguments: list[str]) -> int:
    """Draw all, or with --check say which are not as they would be drawn."""
    os.environ.pop("NO_COLOR", None)
    stale = []
    with tempfile.TemporaryDirectory() as nowhere:
        os.environ["XDG_CONFIG_HOME"] = nowhere  # the keys and looks as they come
        for name, (title, theme, keys) in PICTURES.items():
            svg = cleaned(asyncio.run(draw(keys, theme)), name, title)
            path = HERE / "pictures" / f"{name}.svg"
            if "--check" in arguments:
                if not path.is_file() or path.read_text(encoding="utf-8") != svg:
                    stale.append(path.name)
                continue
            path.parent.mkdir(exist_ok=True)
            path.write_text(svg, encoding="utf-8", newline="\n")
    if stale:
        sys.stderr.write(f"not as they would be drawn now: {', '.join(stale)}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
