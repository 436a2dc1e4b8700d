"""The example of docs/managers.md, word for word, and its table of signs."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import yaml

from itgov.files.link import link
from itgov.files.load import read_file
from itgov.files.sources import RawFile

DOCS = Path(__file__).resolve().parents[2] / "docs" / "managers.md"
PEOPLE = """\
organisation: {id: o}
people:
- {id: martin.cole, name: Martin, side: it}
- {id: victor.hallam, name: Victor, side: it}
- {id: stephen.harcourt, name: Stephen, side: business, business_unit: lending}
- {id: bridget.lowell, name: Bridget, side: business, business_unit: lending}
"""
LENDING = """\
business_unit: {id: lending, relationship_manager: martin.cole}
investments:
- {id: LEN-001, title: L, relationship_manager: martin.cole, delivery_lead: martin.cole}
engagements:
- {date: 2026-01-10, by: martin.cole, with: [stephen.harcourt]}
- {date: 2026-04-10, by: martin.cole, with: [stephen.harcourt]}
- {date: 2026-07-10, by: victor.hallam, with: [stephen.harcourt]}
- {date: 2026-10-10, by: martin.cole, with: [stephen.harcourt]}
"""
OPERATIONS = """\
business_unit: {id: operations}
investments: [{id: OPS-015, title: O, outcomes: [{id: fixed-first-call, measure: m}]}]
"""


def test_the_example_worked_by_hand_is_what_the_program_says() -> None:
    text = DOCS.read_text(encoding="utf-8").partition("## Signs")[0]
    [example] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert yaml.safe_load(example)["relationship_managers"][0]["person"] == "martin.cole"
    files = {"organisation": PEOPLE + example, "lending": LENDING, "operations": OPERATIONS}
    read = [read_file(RawFile(f"portfolios/{n}.yaml", t.encode())) for n, t in files.items()]
    linked = link(read, datetime.date(2026, 11, 23))
    assert linked.findings == []
    facts = linked.portfolio.managers["martin.cole"].facts
    rows = re.findall(r"^\| `([a-z-]+)`(, declared)? \| (\w*) ?\| (\w+) \|", text, re.MULTILINE)
    wanted = {(sign, unit or None, side, bool(declared)) for sign, declared, unit, side in rows}
    assert {(s.sign, s.unit, s.side, s.declared) for s in facts.signs} == wanted
    assert len(facts.signs) == len(rows) == 8
    assert sum(s.side == "customer" for s in facts.signs) == 3
    assert (facts.speaks_for_observed, facts.disagrees) == ("middle", True)
    assert facts.days_in_position == 632
    assert facts.steps_overdue == 1
