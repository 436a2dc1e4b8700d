"""The review room on a terminal: its first paint, its start, its keys, and when nobody does anything."""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path

from measure import TREE, Program, heading, run_once, skip, tell
from portfolio import AS_OF
from terminal import Terminal

ROOM = (sys.executable, "-m", "itgov", "--as-of", AS_OF)
BARE = """\
from textual.app import App
from textual.widgets import DataTable, Footer, Static, Tree

class Bare(App):
    BINDINGS = [("q", "quit", "Quit")]

    def compose(self):
        yield Static("bare app")
        yield Tree("tree")
        yield DataTable()
        yield Footer()

Bare().run()
"""
INVESTMENTS = 10_000
"""Those of the portfolio, in 200 files: what is marked and waited for below depends on it."""
IDLE = 20.0
"""Seconds in which nothing is pressed."""

KEYS = {
    "down": [b"j"] * 40,
    "page down, page up": [b"\x06", b"\x06", b"\x02", b"\x06", b"\x02", b"\x02"] * 3,
    "bottom, top": [b"G", b"g"] * 8,
    "mark": [b" "] * 15,
    "sort by the next column": [b">"] * 6 + [b"<"] * 6,
    "a view for the first time": [b"2", b"3", b"4", b"5", b"7"],
    "a view again": [b"1", b"2", b"1", b"5", b"1", b"7", b"1", b"3", b"1", b"4", b"1"] * 2,
    "the roadmap: later and earlier": [b"0", *[b"l"] * 6, *[b"h"] * 6, b"1"],
    "zoom": [b"z"] * 8,
}
TYPED = ("platform", "stage:live", "owner:a", "spend:>1m", "unit-7", "!claims")
"""Filters, typed a letter at a time and taken back a letter at a time."""


def part_room(work: Path, big: Path, investments: int, runs: int) -> None:
    """Measure the room: the sample's first paint, and everything else on the big portfolio."""
    if sys.platform == "win32":
        skip("the review room", "there is no pty on this system")
        return
    if investments != INVESTMENTS:
        skip("the review room", f"it is measured with {INVESTMENTS:,} investments")
        return
    environment = {
        "PYTHONPATH": str(TREE),
        "XDG_CACHE_HOME": str(work / "cache-of-room"),
        "XDG_CONFIG_HOME": str(work / "config"),
    }
    _first_paint(work, environment, max(runs, 7))
    _start(big, environment, min(runs, 5))
    with Terminal(ROOM, big, environment) as terminal:
        terminal.wait_for("All units")
        terminal.settle(8)  # what is kept for a later run is written beside the screen first
        _bytes(terminal)
        _large(terminal)
        _keys(terminal)
        _idle(terminal)


def _first_paint(work: Path, environment: dict[str, str], runs: int) -> None:
    heading("The review room: first paint, against a bare Textual app")
    sample = work / "sample-of-room"
    shutil.copytree(TREE / "portfolios", sample / "portfolios")
    bare, first, table = [], [], []
    for _ in range(runs):
        with Terminal([sys.executable, "-c", BARE], work, environment) as terminal:
            bare.append(terminal.wait_for("bare app"))
        with Terminal(ROOM, sample, environment) as terminal:
            first.append(terminal.wait_for("Opening the portfolio"))
            table.append(terminal.wait_for("All units"))
    tell("a bare Textual app", min(bare) * 1000, "ms")
    tell("itgov", min(first) * 1000, "ms")
    tell("ratio", min(first) / min(bare), "x", 1.5)
    tell("the sample is there", min(table) * 1000, "ms")


def _start(big: Path, environment: dict[str, str], runs: int) -> None:
    heading("The review room on 10,000 investments in 200 files, the cache warm")
    command = [sys.executable, "-m", "itgov", "check", "--as-of", AS_OF]
    check = Program("check", command, big, {**environment, "ITGOV_CACHE": "on"}, (0, 1))
    run_once(check)
    with Terminal(ROOM, big, environment) as terminal:
        terminal.wait_for("All units")
        time.sleep(5)  # what it keeps for a later run is written beside the screen
    checked, usable = [], []
    for _ in range(runs):
        checked.append(run_once(check).seconds)
        with Terminal(ROOM, big, environment) as terminal:
            terminal.wait_for("All units")
            terminal.press(b"j")
            usable.append(terminal.last - terminal.began)
    tell("itgov check", min(checked), "s")
    tell("table shown and a key answered", min(usable), "s")
    tell("beyond check", min(usable) - min(checked), "s", 1.5)


def _bytes(terminal: Terminal) -> None:
    heading("The review room: bytes that a move of the cursor writes")
    _tell_bytes(terminal, "in the list of items", 6_000)
    terminal.press(b"\x1b[Z")  # to the units, whose items are listed below
    _tell_bytes(terminal, "in the units, with the items of each", 12_000)
    terminal.press(b"g")
    terminal.press(b"0")
    _tell_bytes(terminal, "on the roadmap", 6_000)
    terminal.press(b"1")
    terminal.press(b"\t")


def _tell_bytes(terminal: Terminal, name: str, target: float) -> None:
    terminal.press(b"g")
    terminal.press(b"j")
    taken = []
    for _ in range(6):
        terminal.settle(0.5)
        before = terminal.written
        terminal.press(b"j")
        taken.append(terminal.written - before)
    tell(f"{name}: the most of {len(taken)}", max(taken), "B", target)


def _large(terminal: Terminal) -> None:
    heading("The review room: an edit of many marked rows, until its diff is shown")
    units = " or ".join(f"unit:unit-00{n}" for n in range(4))
    for rows, files, target, sought in ((2_000, 40, 2, units), (10_000, 200, 10, "")):
        for key in ("/", *sought, "\r", "*"):
            terminal.press(key.encode())
        for key in (":", *"stage stopped"):
            terminal.press(key.encode())
        pressed = time.perf_counter()
        terminal.type(b"\r")
        shown = terminal.wait_for(f"{files} files") - (pressed - terminal.began)
        tell(f"{rows:,} rows in {files} files", shown, "s", target)
        terminal.press(b"\x1b")
        terminal.settle(3)
        for _ in range(3):  # the marks, the filter
            terminal.press(b"\x1b")


def _keys(terminal: Terminal) -> None:
    terminal.press(b"\t")
    every: list[float] = []
    for name, keys in KEYS.items():
        every += _tell_keys(name, [terminal.press(key) for key in keys])
    opened, taken, left = [], [], []
    for text in TYPED:
        opened.append(terminal.press(b"/"))
        taken += [terminal.press(letter.encode()) for letter in text]
        taken += [terminal.press(b"\x7f") for _ in text]
        left.append(terminal.press(b"\x1b"))
    every += _tell_keys("opening the filter", opened)
    every += _tell_keys("filter typing", taken)
    every += _tell_keys("leaving it by escape", left)
    tell("every key, the 95th percentile", _percentile(every) * 1000, "ms", 50)


def _idle(terminal: Terminal) -> None:
    terminal.settle(3)
    began, started = terminal.processor(), time.perf_counter()
    while time.perf_counter() - started < IDLE:
        terminal.settle(1)
        time.sleep(0.2)
    used = (terminal.processor() - began) / (time.perf_counter() - started)
    tell(f"processor in {IDLE:.0f} s without a key", used * 100, "%", 1)


def _tell_keys(name: str, answers: list[float | None]) -> list[float]:
    taken = [t for t in answers if t is not None]
    tell(f"{name}: median of {len(taken)}", statistics.median(taken) * 1000, "ms")
    tell("  95th percentile", _percentile(taken) * 1000, "ms", 50)
    return taken


def _percentile(taken: list[float]) -> float:
    return sorted(taken)[min(round(len(taken) * 0.95), len(taken) - 1)]
