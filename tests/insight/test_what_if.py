"""`itgov what-if`: scenarios beside today, and what of one is refused."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from msgspec import msgpack, structs

from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.insight.health import measure_health
from itgov.insight.scenario import calendar_of, weigh
from itgov.insight.scenario_changes import lay
from itgov.model.replaced import replaced
from itgov.rules.judge import judge

from ..support.cli import run_cli
from ..support.git import GitRepo
from ..support.what_if import DAY, in_portfolio, ran, sample_with_scenario, scenario

NONE = "scenario: {id: nothing}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sample_with_scenario(tmp_path)


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


@pytest.mark.parametrize("history", [False, True])
def test_with_no_other_record_every_fact_is_as_it_was(
    root: Path, tmp_path_factory: pytest.TempPathFactory, history: bool
) -> None:
    if history:
        repo = GitRepo(tmp_path_factory.mktemp("git") / "sample")
        shutil.copytree(root / "portfolios", repo.root / "portfolios")
        repo.commit("2026-11-20", {})
        root = repo.root
    flow = Flow(find_repository(root))
    portfolio = flow.linked(datetime.date(2026, 11, 23), history=history).portfolio
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


def test_people_are_named_by_their_names(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assign = "{assign: OPS-017, outcome_owner: gareth.penrose, sponsor: amara.okafor}"
    scenario(root, assign)
    [change] = ran(capfd, root, "--format", "json").json["scenarios"][0]["changes"]
    assert change["says"] == "assign outcome owner Gareth Penrose, sponsor Amara Okafor"
    assert change["change"]["outcome_owner"] == "gareth.penrose"
    told = " ".join(ran(capfd, root, "--format", "markdown").out.split())
    assert "Assign outcome owner Gareth Penrose, sponsor Amara Okafor" in told
    why = run_cli(capfd, "why", "spring", "changes.OPS-017.freed", root, "--as-of", DAY).out
    assert "Gareth Penrose" in why


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


def test_one_that_cannot_be_weighed_hides_no_other(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (root / "scenarios" / "done.yaml").write_text(
        "scenario: {id: done, changes: [{approve: LEN-001}]}\n", encoding="utf-8"
    )
    told = ran(capfd, root, "--format", "json")
    assert (told.code, [s["id"] for s in told.json["scenarios"]]) == (2, ["spring"])
    assert "scenarios/done.yaml: `done` cannot be weighed: " in told.err
    (root / "scenarios" / "spring.yaml").unlink()
    told = ran(capfd, root)
    assert (told.code, told.out, "`done` cannot be weighed" in told.err) == (2, "", True)


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


def test_broken_health_is_refused_with_its_place(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (root / "rules").mkdir()
    (root / "rules" / "health.yaml").write_text("health: {bandz: 1}\n", encoding="utf-8")
    code, out, err = ran(capfd, root, "spring")
    assert (code, out) == (2, "")
    assert "rules/health.yaml" in err


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
