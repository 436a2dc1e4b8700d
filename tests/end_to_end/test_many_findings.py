"""What a large file has wrong is told some of, and counted: in text, and in the file's own problems."""

from __future__ import annotations

import pytest

from ..support.cli import run_cli
from ..support.rule_repo import ORGANISATION

AS_OF = ("--as-of", "2026-11-23")


@pytest.fixture
def large(tmp_path, capsys):
    """Run `check` on a unit file of this text."""

    def run(unit: str, *options: str):
        (tmp_path / "portfolios").mkdir(exist_ok=True)
        (tmp_path / "portfolios/organisation.yaml").write_text(ORGANISATION)
        (tmp_path / "portfolios/unit.yaml").write_text(f"business_unit: {{id: u, name: U}}\n{unit}")
        return run_cli(capsys, "check", tmp_path, *AS_OF, *options)

    return run


def test_text_shows_some_of_each_rule_and_counts_the_rest(large):
    items = "".join(f"  - {{id: A-{n}, title: T}}\n" for n in range(150))
    ran = large(f"investments:\n{items}", "--select", "OWN-001")
    assert ran.code == 1
    assert ran.out.count("error[OWN-001") == 100
    assert "Not shown (50); --all shows them" in ran.out
    assert "50 of OWN-001 in portfolios/unit.yaml" in ran.out
    assert "Found 150 errors" in ran.out
    whole = large(f"investments:\n{items}", "--select", "OWN-001", "--all")
    assert whole.out.count("error[OWN-001") == 150
    assert "Not shown" not in whole.out
    assert (
        len(large(f"investments:\n{items}", "--select", "OWN-001", "--format", "json").findings)
        == 150
    )


def test_problems_of_one_kind_in_one_file_are_counted(large):
    ran = large("".join(f"key{n}: 1\n" for n in range(350)), "--select", "MOD", "--format", "json")
    assert ran.code == 1
    assert len(ran.findings) == 101
    assert "and 250 more of MOD-001 in this file" in {f["message"] for f in ran.findings}


def test_a_text_without_end_is_not_repeated_by_each_rule(large):
    ran = large(f"investments:\n  - {{id: A, title: {'a' * 19_000}}}\n", "--format", "json")
    assert ran.code == 1
    assert len(ran.out) < 1_000_000
    assert all(len(f["message"]) <= 1_000 for f in ran.findings)
