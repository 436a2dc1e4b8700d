"""`itgov what-if --free`: what would free an amount."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support.cli import Ran
from ..support.what_if import ran, sample_with_scenario


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample_with_scenario(tmp_path)


def free(capfd: pytest.CaptureFixture[str], root: Path, amount: str, year: int) -> Ran:
    return ran(capfd, root, "--free", amount, "--year", str(year), "--format", "json")


def test_the_least_value_lost_for_it_comes_first(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = free(capfd, root, "300k", 2027).json
    ratios = [c["lost"] / c["freed"] for c in told["ranked"]]
    assert ratios == sorted(ratios)
    assert len(ratios) > 1
    assert (told["amount"], told["on"], told["enough"]) == (300000, "2027-04-01", 1)
    assert told["ranked"][1]["running"] == sum(c["freed"] for c in told["ranked"][:2])
    assert all(c["why"] for c in told["not_ranked"])


def test_required_needed_and_of_unknown_value_are_apart(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = (c["investment"] for c in free(capfd, root, "1", 2027).json["ranked"][:2])
    for path in (root / "portfolios").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        text = text.replace(f"  - id: {first}\n", f"  - id: {first}\n    required_by: IFRS 17\n")
        text = text.replace("  - id: RET-001\n", f"  - id: RET-001\n    depends_on: [{second}]\n")
        path.write_text(text, encoding="utf-8")
    told = free(capfd, root, "1", 2027).json
    apart = {c["investment"]: c["why"] for c in told["not_ranked"]}
    assert apart[first] == "required by IFRS 17"
    assert apart[second] == "needed by RET-001"
    assert {first, second}.isdisjoint(c["investment"] for c in told["ranked"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--free", "5m"], "--year"),
        (["--year", "2027"], "--free"),
        (["--free", "lots", "--year", "2027"], "is not an amount"),
        (["--free", "-5", "--year", "2027"], "is not an amount"),
        (["--free", "5", "--year", "27"], "is not a year"),
        (["--free", "5", "--year", "2025"], "fiscal year 2025"),
        (["--free", "5", "--year", "2031"], "fiscal year 2031"),
    ],
)
def test_slips_are_refused(
    root: Path, capfd: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    try:
        code, out, err = ran(capfd, root, *words)
    except SystemExit as ended:
        said = capfd.readouterr()
        code, out, err = int(ended.code or 0), said.out, said.err
    assert (code, out) == (2, "")
    assert says in err
