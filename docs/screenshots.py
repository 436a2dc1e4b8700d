"""Draw the pictures of the review room that the README shows: SVG, of the sample, as on one day.

    python docs/screenshots.py [--check]

The sample gets a history first: a commit for each month, in which what its files date later is not
there yet.  Fonts are named by family only and nothing is fetched from anywhere.
"""

from __future__ import annotations

import asyncio
import datetime
import html
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from itgov.tui.app import ReviewRoom

HERE = Path(__file__).resolve().parent
TREE = HERE.parent
DAY = datetime.date(2026, 11, 23)
FONTS = "Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
SIZE = (130, 36)
PICTURES: dict[str, tuple[str, str, list[str]]] = {
    "room-portfolio": (
        "The review room: business units with their trend, investments, and one in full",
        "itgov-dark",
        [],
    ),
    "room-findings": (
        "Findings by rule, each at its line, with the rule explained; the light theme",
        "itgov-light",
        ["2", "l", "j"],
    ),
    "room-edit": (
        "An edit is shown as a diff before it is written",
        "itgov-dark",
        ["slash", *"ops-017", "enter", "o", *"hannah", "enter"],
    ),
    "room-health": (
        "Why a unit scores what it scores, and the best next steps",
        "itgov-dark",
        ["3"],
    ),
    "room-help": (
        "Every key, with a search; what cannot work says why",
        "itgov-light",
        ["question_mark", *"set"],
    ),
}
MONTHS = 12
_ENGAGEMENT = re.compile(
    r"^  - date: (\d{4}-\d\d-\d\d)\n(?:(?:    .*)?\n)*?(?=^\S|^  \S|\Z)", re.MULTILINE
)
_DATED_LINE = re.compile(
    r"^ +(?:- \{date|last_reviewed|confidence_on): (\d{4}-\d\d-\d\d).*\n", re.MULTILINE
)


def write_history(root: Path) -> None:
    """Write the sample into a git repository, as it might have grown month by month."""
    texts = {
        p: p.read_text(encoding="utf-8") for p in sorted((TREE / "portfolios").rglob("*.yaml"))
    }
    _git(root, DAY, "init", "-q", "-b", "main")
    for back in range(MONTHS - 1, -1, -1):
        day = DAY - datetime.timedelta(days=round(back * 30.4) + 1)
        for path, text in texts.items():
            known = _as_of(text, day.isoformat())
            place = root / path.relative_to(TREE)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(known, encoding="utf-8")
        _git(root, day, "add", "-A")
        _git(root, day, "commit", "-q", "--allow-empty", "-m", f"As of {day}")


def _as_of(text: str, day: str) -> str:
    """Return a file without what it dates later than a day."""

    def kept(match: re.Match[str]) -> str:
        return match[0] if match[1] <= day else ""

    return _DATED_LINE.sub(kept, _ENGAGEMENT.sub(kept, text))


def _git(root: Path, day: datetime.date, *arguments: str) -> None:
    moment = f"{day}T12:00:00+00:00"
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    when = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    who = ["-c", "user.name=Northwind", "-c", "user.email=northwind@example.org"]
    command = ["git", "-C", str(root), *who, *arguments]
    subprocess.run(command, env={**os.environ, **quiet, **when}, check=True)


async def draw(root: Path, keys: list[str], theme: str) -> str:
    """Return the screen after some keys as SVG."""
    room = ReviewRoom(root, DAY)
    async with room.run_test(size=SIZE) as pilot:
        await pilot.pause()
        while room.room is None:
            await pilot.pause(0.05)
        await room.workers.wait_for_complete()
        room.history.measure("month")
        while "month" not in room.history.trends:
            await pilot.pause(0.05)
        room.theme = theme
        for key in keys:
            await pilot.press(key)
        await pilot.pause(0.2)
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
    os.environ["COLORTERM"] = "truecolor"  # whatever this terminal can show
    stale = []
    with tempfile.TemporaryDirectory() as nowhere:
        os.environ["XDG_CONFIG_HOME"] = nowhere  # the keys and looks as they come
        os.environ["ITGOV_CACHE"] = "off"
        root = Path(nowhere) / "northwind"
        root.mkdir()
        write_history(root)
        for name, (title, theme, keys) in PICTURES.items():
            svg = cleaned(asyncio.run(draw(root, keys, theme)), name, title)
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
