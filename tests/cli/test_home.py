"""`itgov` without a verb: the first page that anybody sees."""

from __future__ import annotations

import os
import re
import subprocess
import sys

AS_OF = ("--as-of", "2026-11-23")
ORGANISATION = """\
organisation: {id: o, name: Org, currency: GBP}
people:
  - {id: ann, name: Ann, side: business}
  - {id: tom, name: Tom, side: it}
relationship_managers:
  - {person: tom, serves: [good, bad]}
"""
GOOD = """\
business_unit: {id: good, name: Good unit, relationship_manager: tom}
investments:
  - {id: G-1, title: Alpha, outcome_owner: ann, relationship_manager: tom, spend: [{year: 2026, budget: 3000000}]}
"""
BAD = """\
business_unit: {id: bad, name: Bad unit}
investments:
  - {id: B-1, title: Beta, spend: [{year: 2026, budget: 1000000}]}
"""


def page(repo, *arguments: object):
    more = {"portfolios/bad.yaml": BAD}
    there = repo("rules: []\n", unit=GOOD, organisation=ORGANISATION, **more)
    return there, there.run(there.root, *AS_OF, *arguments)


def cells(out: str) -> dict[str, list[str]]:
    rows = [re.split(r"  +", line.strip()) for line in out.splitlines()]
    return {row[0]: row[1:] for row in rows if len(row) > 3}


def test_the_worst_unit_comes_first_and_the_sums_last(repo):
    _, ran = page(repo)
    assert ran.code == 0
    names = list(cells(ran.out))
    assert names.index("Bad unit") < names.index("Good unit") < names.index("total")


def test_the_sums_are_of_all_units(repo):
    there, ran = page(repo)
    titles = cells(ran.out)["business unit"]
    total = cells(ran.out)["total"]
    assert total[:3] == ["2", "4.0m", "100%"]
    found = there.judge()
    errors = sum(f["severity"] == "error" and not f["waived"] for f in found)
    assert errors == 2
    assert total[titles.index("error") - len(titles)] == "2"


def test_nobody_is_said_of_a_unit_that_nobody_speaks_for(repo):
    _, ran = page(repo)
    assert cells(ran.out)["Bad unit"][0] == "nobody"
    assert cells(ran.out)["Good unit"][0] == "Tom"
    assert "No outcome owner: 1 of 2." in ran.out


def test_a_narrow_terminal_gets_whole_lines(repo, monkeypatch):
    there, _ = page(repo)
    monkeypatch.setattr("itgov.cli.home.width", lambda: 80)
    table = [x for x in there.run(there.root, *AS_OF).out.splitlines() if "  " in x]
    assert max(map(len, table)) <= 80
    assert "no outcome" in table[0]
    assert "error" in table[0]


def test_where_messages_go_to_a_file_the_summary_is_printed(repo, monkeypatch):
    # The room is drawn on standard error: in a file nobody would see it.
    there, _ = page(repo)
    main_end, terminal_end = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    kept = there.root.parent / "messages.txt"
    with kept.open("w") as messages:
        ended = subprocess.run(
            [sys.executable, "-m", "itgov", str(there.root), *AS_OF],
            stdin=terminal_end,
            stdout=terminal_end,
            stderr=messages,
            check=False,
        )
    os.close(terminal_end)
    shown = os.read(main_end, 100_000).decode()
    os.close(main_end)
    assert ended.returncode == 0
    assert "Good unit" in shown
    assert "\x1b[?1049h" not in shown + kept.read_text(encoding="utf-8")
