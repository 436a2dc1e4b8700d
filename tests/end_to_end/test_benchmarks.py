"""The benchmarks run, at a tiny size, and say what they measured and what they left out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
PARTS = ["sizes", "peers", "start", "insight", "history", "review", "export", "cluster"]


def run_benchmarks(*options: object) -> str:
    done = subprocess.run(
        [sys.executable, str(TREE / "benchmarks" / "run.py"), *map(str, options)],
        # the program that the caller named is not measured here
        env={**os.environ, "SPECTRAL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_every_part_but_the_room_runs_and_is_put_on_a_page_with_the_others(tmp_path: Path) -> None:
    kept, page = tmp_path / "results.json", tmp_path / "page.md"
    for part in PARTS:
        size = 4 if part == "cluster" else 40  # and a hundred times, or ten times, as much
        measuring = ("--parts", part, "--investments", size, "--runs", 1)
        said = run_benchmarks(*measuring, "--results", kept)
        assert " s " in said or " ms " in said
    results = json.loads(kept.read_bytes())
    slow = next(
        f for s in results["parts"]["start"]["sections"] for f in s["figures"] if "target" in f
    )
    slow["value"] = slow["target"] * 2  # on any machine
    kept.write_text(json.dumps(results), encoding="utf-8")
    run_benchmarks("--parts", "--results", kept, "--write", page)
    assert list(results["parts"]) == PARTS
    for name, part in results["parts"].items():
        assert part["machine"]["cores"] >= 1
        assert all(s["figures"] for s in part["sections"]), name
    text = page.read_text(encoding="utf-8")
    assert "| investments | 4 | 40 | 400 |" in text
    assert str(TREE) not in text
    for section in (s for p in results["parts"].values() for s in p["sections"]):
        for what, why in section.get("skipped", []):
            assert f"Not measured: {what} ({why})." in text
    missed = text.partition("## Targets missed")[2]
    over = [
        f
        for p in results["parts"].values()
        for s in p["sections"]
        for f in s["figures"]
        if f.get("target") is not None and f["value"] > f["target"]
    ]
    assert slow in over
    assert missed.count("\n- ") == len(over)
    plot = (tmp_path / "performance.svg").read_text(encoding="utf-8")
    for curve in ("libyaml composes", "Cold, many", "one job", "One file", "Unchanged", "cluster"):
        assert curve in plot
