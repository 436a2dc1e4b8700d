"""Changes that nobody decided, made in a repository, and what `check` says of them years later."""

from __future__ import annotations

import json
from pathlib import Path

from ..support.cli import Run
from .conftest import RETAIL

TODAY = "2028-06-30"
"""Over two years after the first commit, so that git knows the whole window."""


def found(run: Run, root: Path, *options: str, day: str = TODAY) -> dict[str, dict]:
    """Return the findings of rules on history, by rule and subject."""
    code, out, err = run(
        "check", root, "--format", "json", "--select", "HIS", "--as-of", day, *options
    )
    assert code == 0, err  # none of these fails a build by itself
    return {f"{f['rule']} {f['subject']['id']}": f for f in json.loads(out)["findings"]}


def edited(*changes: tuple[str, str], text: str = RETAIL) -> dict[str, str | None]:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {"portfolios/retail.yaml": text}


OWNER = "outcome_owner: ann"
TARGET = ("target: 5", "target: 12")
ANN_TO_BOB = (OWNER, "outcome_owner: bob")
ANN_TO_LIZ = (OWNER, "outcome_owner: liz")
GATE = "    gates: [{gate: re-plan, on: DAY, approved_by: ann}]\n"


def gate(day: str) -> tuple[str, str]:
    return ("    stage: delivering\n", "    stage: delivering\n" + GATE.replace("DAY", day))


def only_unknown(said: dict[str, dict]) -> str:
    assert list(said) == ["HIS-000 acme"]
    finding = said["HIS-000 acme"]
    assert (finding["severity"], finding["unevaluated"]) == ("info", True)
    assert finding["path"] == "portfolios/organisation.yaml"
    return f"{finding['message']} | {finding['fix']}"
