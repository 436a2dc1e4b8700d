"""What hostile files cost: time and memory of `itgov check` on each, beside the bound that is promised.

    python benchmarks/hostile.py                # all
    python benchmarks/hostile.py --only items   # those whose name has this in it

Each is a portfolio of two sound files and one that was made to do harm.  The bounds hold on a machine
of two cores that does nothing else; times are of the whole process, memory of its largest process.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from measure import Program, run_once, tell

MB = 1024 * 1024
UNIT = "business_unit: {id: x}\n"
SOUND = {
    "portfolios/organisation.yaml": "organisation: {id: o, name: O, currency: EUR}\n"
    "people:\n  - {id: ann, name: Ann Bee, side: business}\n",
    "portfolios/other.yaml": "business_unit: {id: other}\ninvestments:\n  - {id: O-1, title: T}\n",
}


class Shape(NamedTuple):
    """A kind of hostile portfolio, and what a check of it may take."""

    name: str
    make: Callable[[Path], None]
    seconds: float
    mebibytes: float = 1024


def text(content: Callable[[], str], path: str = "portfolios/x.yaml") -> Callable[[Path], None]:
    """Return a function that writes one file."""

    def make(root: Path) -> None:
        full = root / path
        full.parent.mkdir(exist_ok=True)
        full.write_text(content(), encoding="utf-8")

    return make


def listed(before: str, item: Callable[[int], str], count: int) -> Callable[[Path], None]:
    """Return a function that writes a unit with a long list."""
    return text(lambda: UNIT + before + "".join(map(item, range(count))))


def rule(expression: str) -> Callable[[Path], None]:
    """Return a function that writes a rule, and an investment of many outcomes to judge by it."""

    def make(root: Path) -> None:
        outcomes = "".join(f"      - {{id: o{n}}}\n" for n in range(2_000))
        summary = f"  - id: A\n    title: T\n    summary: {'x' * 19_000}\n    outcomes:\n"
        text(lambda: UNIT + "investments:\n" + summary + outcomes)(root)
        lines = [
            "extends: standard",
            "rules:",
            "  - id: X-001",
            "    name: x",
            "    for: investment",
        ]
        text(lambda: "\n".join([*lines, f'    assert: "{expression}"\n']), "rules/x.yaml")(root)

    return make


def apart(make: Callable[[Path], None], root: Path) -> None:
    """Make files in a process of its own: the memory of this one would count as that of the check."""
    process = multiprocessing.get_context("fork").Process(target=make, args=(root,))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"the files could not be made: exit {process.exitcode}")


def nested(root: Path) -> None:
    """Nest folders more than a thousand deep, each made inside the last."""
    back = Path.cwd()
    os.chdir(root / "portfolios")
    try:
        for _ in range(1_500):
            os.mkdir("d")
            os.chdir("d")
        Path("x.yaml").write_text("business_unit: {id: deep}\n", encoding="utf-8")
    finally:
        os.chdir(back)


def commits(root: Path) -> None:
    """Commit a hundred thousand times, each another text in the portfolio."""
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    with subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        for n in range(100_000):
            said = f"{UNIT}investments:\n  - {{id: A, title: T, summary: S {n}}}\n".encode()
            head = f"commit refs/heads/main\nmark :{n + 1}\ncommitter A <a@e.org> {1_500_000_000 + n} +0000\ndata 1\nc\n"
            head += f"from :{n}\n" if n else ""
            files = {"portfolios/x.yaml": said}
            if not n:
                files |= {path: content.encode() for path, content in SOUND.items()}
            importing.stdin.write(head.encode())
            for path, content in files.items():
                importing.stdin.write(b"M 100644 inline %s\n" % path.encode())
                importing.stdin.write(b"data %d\n%s\n" % (len(content), content))
            importing.stdin.write(b"\n")
    subprocess.run([*git, "reset", "-q", "--hard"], check=True)


ITEM = "investments:\n"
SHAPES = [
    Shape("40 KB: 40,000 blank lines after an error", text(lambda: "x: [\n" + "\n" * 40_000), 3),
    Shape("600 KB: 200,000 empty items", listed("investments: [", lambda n: "{},", 200_000), 10, 500),
    Shape("600 KB: 150,000 empty items", listed(ITEM, lambda n: "- {}\n", 150_000), 10, 500),
    Shape("600 KB: 45,000 items with an id", listed(ITEM, lambda n: f"- id: A{n}\n", 45_000), 10, 500),
    Shape("600 KB: 300,000 items that are nothing", listed(ITEM, lambda n: "-\n", 300_000), 10, 500),
    Shape("20 MB: control characters", text(lambda: "\0" * (20 * MB)), 15),
    Shape("20 MB: one text", text(lambda: UNIT + "investments: [{id: A, title: " + "x" * (19 * MB) + "}]\n"), 15),
    Shape("20 MB: blank lines", text(lambda: "x: [\n" + "\n" * (20 * MB - 10)), 15),
    Shape("20 MB: empty items", listed(ITEM, lambda n: "- {}\n", 4_190_000), 15),
    Shape("20 MB: keys", listed("", lambda n: f"k{n}: 1\n", 1_700_000), 15),
    Shape("6 MB: keys without a value", listed("", lambda n: f"k{n}:\n", 700_000), 15),
    Shape("6 MB: keys given again", listed("", lambda n: f"k{n % 1000}: 1\n", 700_000), 15),
    Shape("12 MB: keys", listed("", lambda n: f"key-of-some-length-{n}: 1\n", 480_000), 15),
    Shape("2,000 outcomes", listed(ITEM + "- id: A\n  outcomes:\n", lambda n: f"  - {{id: o{n}}}\n", 2_000), 8),
    Shape("4,000 outcomes", listed(ITEM + "- id: A\n  outcomes:\n", lambda n: f"  - {{id: o{n}}}\n", 4_000), 16),
    Shape("4,000 engagements", listed("engagements:\n", lambda n: f"- {{date: 2026-01-01, by: p{n}}}\n", 4_000), 8),
    Shape("4,000 spend rows", listed(ITEM + "- id: A\n  spend:\n", lambda n: f"  - {{year: 2026, budget: {n}}}\n", 4_000), 8),
    Shape("an expression: texts", rule("['ab']" + ".map(s, s + s + s + s + s)" * 12 + " != []"), 5, 500),
    Shape("an expression: lists", rule("[[1]]" + ".map(x, [x, x])" * 17 + " != []"), 5, 500),
    Shape("an expression: a field, thousands of times", rule("investment.outcomes.map(o, investment.summary + o.id) != []"), 5, 500),
    Shape("1,500 nested folders", nested, 3),
    Shape("100,000 commits", commits, 20, 400),
]  # fmt: skip


def main() -> int:
    """Measure, print a table, and return 0: a benchmark does not fail."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", help="shapes whose name has this in it")
    chosen = parser.parse_args().only
    for shape in SHAPES:
        if chosen not in shape.name:
            continue
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            root = Path(folder)
            for path, content in SOUND.items():
                text(lambda content=content: content, path)(root)
            apart(shape.make, root)
            command = [sys.executable, "-m", "itgov", "check", str(root), "--as-of", "2026-11-23"]
            ran = run_once(Program(shape.name, command, root, codes=(1, 2)))
            tell(shape.name, ran.seconds, "s", shape.seconds)
            tell("  processor time", ran.work, "s")
            tell("  memory", ran.mebibytes, "MiB", shape.mebibytes)
            if shape.make is nested:
                subprocess.run(["rm", "-rf", *root.iterdir()], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
