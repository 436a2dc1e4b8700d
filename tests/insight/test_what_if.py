"""`itgov what-if`: scenarios beside today, and what would free an amount."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec import msgpack, structs

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.insight.health import measure_health
from itgov.insight.scenario import calendar_of, weigh
from itgov.insight.scenario_changes import lay
from itgov.model.dependencies import circles
from itgov.model.replaced import replaced
from itgov.rules.judge import judge

from ..support.cli import Ran, run_cli

SAMPLE = Path(__file__).resolve().parents[2]
DAY = "2026-11-23"

SPRING = """\
scenario:
  id: spring
  title: Stop the mortgage replacement
  changes:
    - {stop: LEN-001, on: 2027-01-01}
    - {delay: CLM-004, months: 6}
    - {spend: RET-002, year: 2027, budget: 400000}
    - {assign: OPS-017, outcome_owner: gareth.penrose}
"""
NONE = "scenario: {id: nothing}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE / "portfolios", tmp_path / "portfolios")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "spring.yaml").write_text(SPRING, encoding="utf-8")
    return tmp_path


def ran(capfd: pytest.CaptureFixture[str], root: Path, *words: str) -> Ran:
    return run_cli(capfd, "what-if", *words, root, "--as-of", DAY)


def scenario(root: Path, *changes: str) -> None:
    lines = "".join(f"    - {change}\n" for change in changes)
    text = f"scenario:\n  id: spring\n  changes:\n{lines}"
    (root / "scenarios" / "spring.yaml").write_text(text, encoding="utf-8")


def in_portfolio(root: Path, name: str, old: str, new: str) -> None:
    path = root / "portfolios" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_follows_is_that_of_the_files_so_changed(root: Path) -> None:
    flow = Flow(find_repository(root))
    book = flow.rules()
    linked = flow.unjudged(datetime.date(2026, 11, 23), book)
    portfolio = linked.portfolio
    (weighed,) = weigh(linked, book, portfolio.scenarios).scenarios

    items = {e.record.id: e.record for e in portfolio.investments()}
    changes = portfolio.scenarios[0].record.changes
    when = calendar_of(portfolio)
    records = {c.investment: lay(items[c.investment], [c], when).record for c in changes}
    then = structs.replace(linked, portfolio=replaced(portfolio, records))
    before, after = judge(linked, book), judge(then, book)
    known = {f.fingerprint for f in before.findings if not f.waived}
    will_be = {f.fingerprint for f in after.findings if not f.waived}
    assert weighed.findings.fixed == len(known - will_be)
    assert weighed.findings.new == len(will_be - known)
    scores = [
        {u.id: u.score for u in measure_health(linked, judged, book).units}
        for linked, judged in ((linked, before), (then, after))
    ]
    differ = {unit for unit in scores[0] if scores[0][unit] != scores[1][unit]}
    assert {u.unit for u in weighed.health} == differ
    for unit in weighed.health:
        assert (unit.now, unit.then) == (scores[0][unit.unit], scores[1][unit.unit])


def test_with_no_other_record_every_fact_is_as_it_was(root: Path) -> None:
    portfolio = Flow(find_repository(root)).linked(datetime.date(2026, 11, 23)).portfolio
    before = msgpack.encode(portfolio, enc_hook=repr)
    assert msgpack.encode(replaced(portfolio, {}), enc_hook=repr) == before
    stopped = structs.replace(portfolio.units["lending"].investments[0].record, stage="stopped")
    then = replaced(portfolio, {stopped.id: stopped})
    assert msgpack.encode(portfolio, enc_hook=repr) == before
    assert not then.units["lending"].investments[0].facts.is_active


def test_two_scenarios_stand_beside_today(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (root / "scenarios" / "nothing.yaml").write_text(NONE, encoding="utf-8")
    code, out, _ = ran(capfd, root, "spring", "nothing")
    assert code == 0
    head = next(line for line in out.splitlines() if "today" in line)
    assert head.split() == ["today", "spring", "nothing"]
    assert "It changes nothing." in out
    assert "What a team costs that works for longer is not known" in out
    told = ran(capfd, root, "nothing", "--format", "json").json["scenarios"][0]
    assert (told["money"], told["value"], told["health"]) == ([], [], [])
    assert told["findings"] == {"fixed": 0, "new": 0}


def test_a_path_names_a_scenario_as_well(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(root / "scenarios" / "spring.yaml")
    said = run_cli(capfd, "what-if", path, "--format", "json", "--as-of", DAY)
    assert said.json["scenarios"][0]["id"] == "spring"


def test_who_depends_on_what_is_stopped_is_named_through_others(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_portfolio(
        root, "claims.yaml", "  - id: CLM-001\n", "  - id: CLM-001\n    depends_on: [LEN-001]\n"
    )
    in_portfolio(
        root, "retail.yaml", "  - id: RET-001\n", "  - id: RET-001\n    depends_on: [CLM-001]\n"
    )
    in_portfolio(
        root, "lending.yaml", "  - id: LEN-001\n", "  - id: LEN-001\n    required_by: MCOB 4\n"
    )
    scenario(root, "{stop: LEN-001, on: 2027-01-01}")
    told = ran(capfd, root, "spring", "--format", "json").json["scenarios"][0]
    assert told["dependants"] == ["CLM-001", "LEN-003", "LEN-004", "RET-001"]
    assert told["required"] == ["LEN-001"]
    assert told["requirements"] == [{"investment": "LEN-001", "required_by": "MCOB 4"}]
    assert "LEN-001/time-to-offer" in told["orphaned"]["outcomes"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (["{stop: LEN-001, on: 2027-01-01}", "{delay: LEN-001, months: 2}"], "both a `stop` and a `delay`"),
        (["{approve: LEN-001}"], "only a proposed item can be approved"),
        (["{spend: LEN-001, year: 2027, budget: 1}"] * 2, "of the same year"),
        (["{stop: LEN-001, on: 2027-01-01}"] * 2, "two changes `stop`"),
        (["{assign: LEN-001, sponsor: gareth.penrose}"] * 2, "two changes `assign`"),
        (["{stop: LEN-999, on: 2027-01-01}"], "4:14: error[REF-005]"),
        (["{stop: LEN-001}"], "`stop` needs `on`"),
        (["{delay: LEN-001, months: 0}"], "error[MOD-004]"),
    ],
)  # fmt: skip
def test_what_cannot_be_weighed_is_refused(
    root: Path, capfd: pytest.CaptureFixture[str], changes: list[str], says: str
) -> None:
    scenario(root, *changes)
    code, out, err = ran(capfd, root, "spring")
    assert (code, out) == (2, "")
    assert "scenarios/spring.yaml" in err
    assert says in err


def test_no_scenario_and_a_wrong_name(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, _, err = ran(capfd, root, "sprin")
    assert (code, "did you mean `spring`" in err) == (2, True)
    shutil.rmtree(root / "scenarios")
    code, _, err = ran(capfd, root)
    assert (code, "there is no scenario" in err) == (2, True)


def test_mistakes_of_a_scenario_are_findings_of_check(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scenario(root, "{assign: OPS-017, outcome_owner: gareth.penros}", "{}", "{stop: X, delay: Y}")
    found = run_cli(capfd, "check", root / "scenarios", "--format", "json", "--as-of", DAY).findings
    assert [(f["rule"], f["line"], f["column"]) for f in found] == [
        ("REF-001", 4, 40), ("MOD-004", 5, 7), ("MOD-004", 6, 7), ("REF-005", 6, 14), ("REF-005", 6, 24),
    ]  # fmt: skip


# -- what would free an amount ---------------------------------------------------------------


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


def test_circles_are_those_that_paths_lead_back_in() -> None:
    needs = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["d"], "e": ["a"], "f": []}
    assert sorted(sorted(c) for c in circles(needs)) == [["a", "b", "c"], ["d"]]
    chain = {str(n): [str(n + 1)] for n in range(50_000)}
    assert list(circles(chain | {"50000": ["0"]})) != []


def test_a_circle_is_a_finding(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    in_portfolio(
        root, "claims.yaml", "  - id: CLM-001\n", "  - id: CLM-001\n    depends_on: [LEN-001]\n"
    )
    in_portfolio(
        root, "lending.yaml", "  - id: LEN-001\n", "  - id: LEN-001\n    depends_on: [CLM-001]\n"
    )
    found = run_cli(
        capfd, "check", root, "--select", "DAT-018", "--format", "json", "--as-of", DAY
    ).findings
    assert len(found) == 2
    assert all("CLM-001, LEN-001" in f["message"] for f in found)


def test_dependencies_are_drawn_and_no_title_is_read_as_mermaid(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    in_portfolio(
        root, "claims.yaml", "  - id: CLM-001\n",
        "  - id: '\"];click x'\n    title: \"a\\\"]\\n```<b>%%{init}\"\n    depends_on: [LEN-001]\n  - id: CLM-001\n",
    )  # fmt: skip
    told = run_cli(
        capfd, "what-if", root, "--dependencies", "--format", "markdown", "--as-of", DAY
    ).out
    block = told[told.index("```mermaid") :]
    assert block.count("```") == 2
    lines = block.splitlines()
    assert lines[2:4] == [
        '  n0["#34;#93;#59;click x a#34;#93; #96;#96;#96;#60;b#62;#37;#37;#123;init#125;"]',
        '  n1["LEN-001 Mortgage origination replacement"]',
    ]
    assert "  n0 --> n1" in lines
    text = run_cli(capfd, "what-if", root, "--dependencies", "--as-of", DAY).out
    assert "needs LEN-001 Mortgage origination replacement" in text


def one_item(tmp_path: Path, item: str, changes: str, capfd: pytest.CaptureFixture[str]) -> Any:
    for folder in ("portfolios", "scenarios"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "portfolios" / "organisation.yaml").write_text(
        "organisation: {id: o, fiscal_year_start: 4}\n", encoding="utf-8"
    )
    (tmp_path / "portfolios" / "u.yaml").write_text(
        f"business_unit: {{id: u}}\ninvestments:\n  - {{id: C, title: C, {item}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "scenarios" / "s.yaml").write_text(
        f"scenario: {{id: s, changes: [{changes}]}}\n", encoding="utf-8"
    )
    told = ran(capfd, tmp_path, "s", "--format", "json").json["scenarios"][0]
    money = {y["year"]: y["added"] - y["freed"] for y in told["money"]}
    value = {y["year"]: y["gained"] - y["lost"] for y in told["value"]}
    return money, value, told


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


def test_broken_health_is_refused_with_its_place(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (root / "rules").mkdir()
    (root / "rules" / "health.yaml").write_text("health: {bandz: 1}\n", encoding="utf-8")
    code, out, err = ran(capfd, root, "spring")
    assert (code, out) == (2, "")
    assert "rules/health.yaml" in err


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


def test_a_file_that_was_read_in_part_is_weighed_nowhere(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scenario(root, "{delay: CLM-004, months: 119999}", "{assign: OPS-017, outcome_owner: zoe}")
    wrong = "`months` should be at most 120, not 119999"
    assert wrong in ran(capfd, root, "spring").err
    why = run_cli(capfd, "why", "spring", root, "--as-of", DAY)
    assert (why.code, wrong in why.err) == (2, True)
    pack = run_cli(capfd, "report", root, "--markdown", "-", "--as-of", DAY).out
    front = pack.split("### Scenarios")[1].split("###")[0]
    assert "cannot be weighed as it is; \\`months\\` should be at most 120" in front
    assert "scenarios/" not in front


def test_amounts_of_trillions_are_weighed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # in millionths they take more than 64 bits
    item = "stage: live, spend: [{year: 2027, budget: 40000000000000}]"
    money, _, told = one_item(tmp_path, item, '{stop: C, "on": 2027-04-01}', capfd)
    assert money == {2027: -40_000_000_000_000}
    assert told["health"] or told["findings"]
    assert run_cli(capfd, "report", tmp_path, "--markdown", "-", "--as-of", DAY).code == 0
