"""What the changes of a scenario do to money, value and load, alone and together."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.insight.scenario import calendar_of, lay_all
from itgov.model.replaced import replaced

from ..support.cli import run_cli
from ..support.what_if import DAY, one_item, ran

PROPOSED = "stage: proposed, spend: [{year: 2027, budget: 1200}]"
LIVE = "stage: live, spend: [{year: 2026, budget: 365000, actual: 300000}]"


@pytest.mark.parametrize(
    ("item", "changes", "money"),
    [
        (PROPOSED, "{approve: C}", {2027: 1200}),
        (PROPOSED, "{approve: C}, {delay: C, months: 6}", {2027: 600, 2028: 600}),
        (PROPOSED, "{approve: C}, {spend: C, year: 2027, budget: 700}", {2027: 700}),
        (PROPOSED, "{spend: C, year: 2027, budget: 700}", {}),
        (PROPOSED, '{stop: C, "on": 2027-01-01}', {}),
        (LIVE, "{spend: C, year: 2026, budget: 100}", {2026: -65000}),
        (LIVE, "{spend: C, year: 2026, budget: 400000}", {2026: 35000}),
        (LIVE, '{stop: C, "on": 2026-11-24}', {2026: -65000}),
    ],
)
def test_money_of_changes_that_meet(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    item: str,
    changes: str,
    money: dict[int, int],
) -> None:
    assert one_item(tmp_path, item, changes, capfd)[0] == money


def test_a_profile_that_begins_within_a_year_is_moved_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    item = "stage: live, outcomes: [{id: o, profile: [{year: 2027, value: 1200}], value_from: 2027-10-01}]"
    _, value, told = one_item(tmp_path, item, "{delay: C, months: 6}", capfd)
    assert value == {2027: -1200, 2028: 1200}
    assert told["value_moved"] == 1200


def test_stopping_a_proposal_moves_no_value_and_says_why(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    item = "stage: proposed, outcomes: [{id: o, value: 36500, value_from: 2028-04-01}]"
    _, value, told = one_item(tmp_path, item, '{stop: C, "on": 2030-03-31}', capfd)
    assert value == {}
    assert any("only proposed" in note for note in told["notes"])
    assert any("stopped today" in note for note in told["notes"])


ENDLESS = "value: 36500, value_from: 2026-04-01"


@pytest.mark.parametrize(
    ("stage", "plan", "changes"),
    [
        ("proposed", ENDLESS, '{stop: C, "on": 2028-03-31}'),
        ("proposed", ENDLESS, "{approve: C}, {delay: C, months: 6}"),
        ("proposed", ENDLESS, "{delay: C, months: 6}"),
        ("live", ENDLESS, '{stop: C, "on": 2028-02-29}'),
        ("live", ENDLESS, "{delay: C, months: 18}"),
        ("live", "profile: [{year: 2026, value: 365}, {year: 2027, value: 730}]", "{delay: C, months: 7}"),
    ],
)  # fmt: skip
def test_carried_out_it_moves_the_value_to_come_by_what_was_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], stage: str, plan: str, changes: str
) -> None:
    item = f"stage: {stage}, spend: [{{year: 2026, budget: 365}}], outcomes: [{{id: o, {plan}}}]"
    _, value, _ = one_item(tmp_path, item, changes, capfd)
    portfolio = Flow(find_repository(tmp_path)).linked(datetime.date(2026, 11, 23)).portfolio
    laid = lay_all(portfolio, portfolio.scenarios[0], calendar_of(portfolio))
    then = replaced(portfolio, {name: each.record for name, each in laid.items()})
    now, later = (next(p.investments()) for p in (portfolio, then))
    moved = later.facts.planned_to_come - now.facts.planned_to_come
    assert moved == pytest.approx(sum(value.values()))
    if "stop" in changes and stage == "proposed":
        assert (later.record.ended, later.record.spend[0].budget) == (portfolio.today, 0)


def test_what_a_list_has_no_room_for_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for folder in ("portfolios", "scenarios"):
        (tmp_path / folder).mkdir()
    people = ", ".join(f"{{id: p{n}, name: Person {n}}}" for n in range(25))
    (tmp_path / "portfolios" / "organisation.yaml").write_text(
        f"organisation: {{id: o}}\npeople: [{people}]\n", encoding="utf-8"
    )
    for n in range(25):
        (tmp_path / "portfolios" / f"u{n}.yaml").write_text(
            f"business_unit: {{id: u{n}}}\ninvestments:\n"
            f"  - {{id: I{n}, title: T, stage: live, relationship_manager: p{n}, outcome_owner: p{n}}}\n",
            encoding="utf-8",
        )
    changes = ", ".join(f'{{stop: I{n}, "on": 2027-01-01}}' for n in range(25))
    (tmp_path / "scenarios" / "s.yaml").write_text(
        f"scenario: {{id: s, changes: [{changes}]}}\n", encoding="utf-8"
    )
    out = ran(capfd, tmp_path, "s").out
    assert "5 more managers with another load (--format json has all)." in out
    assert len(ran(capfd, tmp_path, "s", "--format", "json").json["scenarios"][0]["managers"]) == 25


MANAGED = "relationship_manager: p, stage: delivering, end: 2029-03-31"


@pytest.mark.parametrize(
    ("spend", "now"),
    [
        ("[{year: 2026, budget: 1200, actual: 200}, {year: 2027, budget: 600}]", 1800),
        ("[{year: 2026, budget: 1200, forecast: 900, actual: 200}]", 1200),
        ("[{year: 2026, forecast: 900, actual: 200}]", 900),
        ("[{year: 2026, budget: 100, actual: 200}, {year: 2027, budget: 600, forecast: 700}]", 700),
    ],
)
def test_a_delay_adds_nothing_to_what_a_manager_looks_after(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], spend: str, now: int
) -> None:
    item = f"{MANAGED}, spend: {spend}"
    money, _, told = one_item(tmp_path / "a", item, "{delay: C, months: 6}", capfd)
    assert told["managers"] == []
    assert told["money_moved"] == sum(amount for amount in money.values() if amount > 0) > 0
    assert sum(money.values()) == 0
    more = "{delay: C, months: 6}, {spend: C, year: 2028, budget: 1000}"
    [load] = one_item(tmp_path / "b", item, more, capfd)[2]["managers"]
    assert (load["spend_now"], load["spend_then"]) == (now, now + 1000)


def test_what_is_stopped_on_a_later_day_keeps_no_budget_after_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spend = "[{year: 2026, budget: 365, actual: 100}, {year: 2027, budget: 500, forecast: 400}]"
    item = f"{MANAGED}, spend: {spend}"
    money, _, told = one_item(tmp_path, item, '{stop: C, "on": 2027-01-01}', capfd)
    assert money == {2026: -90, 2027: -400}
    assert "MON-007" not in [f["rule"] for f in told["new_findings"]]


def test_a_benefit_that_others_claim_too_is_named_whatever_moves_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    same = "{id: o, measure: m, value: 365, value_from: 2027-04-01}"
    item = (
        f"stage: live, outcomes: [{same}]}}\n  - {{id: D, title: D, stage: live, outcomes: [{same}]"
    )
    told = one_item(tmp_path, item, "{delay: C, months: 6}", capfd)[2]
    assert "C/o is also claimed by D/o: less may be lost and gained" in told["notes"]


def test_amounts_of_trillions_are_weighed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # in millionths they take more than 64 bits
    item = "stage: live, spend: [{year: 2027, budget: 40000000000000}]"
    money, _, told = one_item(tmp_path, item, '{stop: C, "on": 2027-04-01}', capfd)
    assert money == {2027: -40_000_000_000_000}
    assert told["health"] or told["findings"]
    assert run_cli(capfd, "report", tmp_path, "--markdown", "-", "--as-of", DAY).code == 0
