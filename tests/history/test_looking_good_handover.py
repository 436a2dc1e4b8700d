"""A table of attempts to be credited with a predecessor's time, and what each does to the figures."""

from __future__ import annotations

import json

import pytest

from ..support.cli import Run
from ..support.git import GitRepo
from .test_managers_past import TODAY, files, told

ROW = "{role: relationship_manager, person: PERSON, from: FIRST, to: LAST}"


def held(*rows: tuple[str, str, str]) -> str:
    """Return the item's `held`: who, from and to."""
    said = [
        ROW.replace("PERSON", person).replace("FIRST", first).replace("LAST", last)
        for person, first, last in rows
    ]
    return f"    held: [{', '.join(said)}]\n"


# by attempt: the item's `held`, then the money planned of Tom's and Liz's days, of nobody's, what of
# Liz's is assumed, and the rules that are broken; Tom's days are those up to 30 June, 100 a day
ATTEMPTS = {
    "nothing but the handover": ("", (18100, 12300, 0, 0), set()),
    "the predecessor's days are claimed in held": (
        held(("liz", "2026-01-01", "2026-06-30")),
        (0, 30400, 0, 0),
        {"HIS-011"},
    ),
    "some of the predecessor's days are claimed, who is in held as well": (
        held(("tom", "2026-01-01", "2026-06-30"), ("liz", "2026-04-01", "2026-06-30")),
        (9000, 12300, 9100, 0),
        {"DAT-016"},
    ),
    "the predecessor's row ends early, and a gap is left": (
        held(("tom", "2026-01-01", "2026-03-31"), ("liz", "2026-07-01", "2026-07-31")),
        (9000, 12300, 9100, 0),
        {"HIS-011"},
    ),
    "the predecessor's row is without an end": (
        held(("tom", "2026-01-01", "2026-12-31")),
        (30400, 0, 0, 0),
        {"HIS-011"},
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_an_attempt_does_to_the_figures(attempt: str, empty: GitRepo, run: Run) -> None:
    written, wanted, rules = ATTEMPTS[attempt]
    empty.commit("2026-01-01", files("tom"))
    changed = files("liz")
    text = str(changed["portfolios/retail.yaml"]).replace("    spend:\n", f"{written}    spend:\n")
    empty.commit("2026-07-01", {**changed, "portfolios/retail.yaml": text})
    said = told(run, empty)
    tom, liz = (
        said.get(p, {"planned_to_date": 0, "assumed": {"planned": 0}}) for p in ("tom", "liz")
    )
    nobody = sum(
        row["planned"] for row in said[""]["uncredited"] if row["role"] == "relationship_manager"
    )
    found = (tom["planned_to_date"], liz["planned_to_date"], nobody, liz["assumed"]["planned"])
    assert found == wanted
    _, out, _ = run("check", empty.root, "--format", "json", *TODAY)
    broken = {f["rule"] for f in json.loads(out)["findings"]}
    assert broken & {"HIS-011", "HIS-012", "DAT-016", "DAT-017"} == rules
