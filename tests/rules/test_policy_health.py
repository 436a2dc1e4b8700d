"""A change of how health is scored is a finding on the policy, part by part."""

from __future__ import annotations

from pathlib import Path

import pytest

from itgov.files.document import Document
from itgov.files.repository import Config
from itgov.files.sources import WorkTree
from itgov.rules.book import load_rules
from itgov.rules.policy import Policy, health_changes

HEALTH = """\
health:
  grace_days: 90
  caps: [{when: business_unit.has_manager == false, at_most: 49}]
  dimensions: [{id: d, weight: 1, rules: [OWN-001, REL-001], decisive: [OWN-001]}]
  unscored: {X-001: On trial, X-002: On trial too}
"""
RULES = "rules:\n" + "".join(
    f"  - {{id: X-00{n}, name: x{n}, for: investment, require: [summary]}}\n" for n in (1, 2)
)


def policy(root: Path, health: str) -> Policy:
    (root / "rules").mkdir(parents=True)
    (root / "rules/own.yaml").write_text(RULES)
    (root / "rules/health.yaml").write_text(health)
    return Policy(Config(), Document("itgov.yaml", b""), load_rules(WorkTree(root)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("grace_days: 90", "grace_days: 400", "`grace_days` of health is `400`, and was `90`"),
        ("X-002: On trial too", "X-002: Moved", "`unscored.X-002` of health is `Moved`, and was `On trial too`"),
        (", X-002: On trial too", "", "`unscored.X-002` of health is nothing, and was `On trial too`"),
        ("at_most: 49", "at_most: 74", "`caps` of health is "),
        (", decisive: [OWN-001]", "", "`dimensions.d` of health is "),
    ],
)  # fmt: skip
def test_each_part_that_differs_is_weaker(tmp_path: Path, old: str, new: str, said: str) -> None:
    agreed, now = policy(tmp_path / "a", HEALTH), policy(tmp_path / "b", HEALTH.replace(old, new))
    (found,) = health_changes(agreed, now)
    assert (found.rule, found.path) == ("POL-001", "rules/health.yaml")
    assert found.message.startswith(said)


def test_nothing_differs_from_itself(tmp_path: Path) -> None:
    agreed, now = policy(tmp_path / "a", HEALTH), policy(tmp_path / "b", HEALTH)
    assert list(health_changes(agreed, now)) == []
