"""The log behind the facts: kept from run to run, grown commit by commit, and never trusted blindly."""

from __future__ import annotations

import datetime
import json
import shutil
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files import git_facts
from itgov.files.git_dir import find_git_dir
from itgov.files.git_facts import GitFacts
from itgov.files.repository import Repository
from itgov.model.change_log import Log, LoggedCommit, Records, cut, step
from itgov.model.derive_history import effective_days
from itgov.model.types import BusinessUnit, Gate, Investment, Outcome, Spend

from ..support.examples import many
from ..support.git import GitRepo
from .conftest import LENDING, RETAIL


def log_of(root: Path, head: str) -> Log:
    git = find_git_dir(str(root))
    assert git is not None
    past = GitFacts(Repository(root), git)
    try:
        return past.log(head)
    finally:
        past.close()


def with_target(value: int) -> dict[str, str | None]:
    return {"portfolios/retail.yaml": RETAIL.replace("target: 5", f"target: {value}")}


def test_a_new_commit_costs_its_own_step(repo: GitRepo, cache: Path, monkeypatch):
    for day in range(10, 20):
        head = repo.commit(f"2026-02-{day}", with_target(day))
    first = log_of(repo.root, head)
    assert len(first.commits) == 11
    steps = []
    real = git_facts.step
    monkeypatch.setattr(git_facts, "step", lambda *a: (steps.append(a), real(*a))[1])
    assert log_of(repo.root, head) == first
    assert steps == []
    head = repo.commit("2026-03-01", with_target(30))
    grown = log_of(repo.root, head)
    assert len(steps) == 1
    shutil.rmtree(cache)
    assert log_of(repo.root, head) == grown


def test_a_damaged_cache_is_made_again(repo: GitRepo, cache: Path):
    head = repo.commit("2026-02-10", with_target(9))
    good = log_of(repo.root, head)
    for damage in (b"", b"itgov-cache-2\n" + b"\0" * 40, b"nonsense"):
        for path in (cache / "git-history").iterdir():
            path.write_bytes(damage)
        assert log_of(repo.root, head) == good


def test_another_branch_shares_the_past_and_not_the_rest(repo: GitRepo, cache: Path):
    fork = repo.commit("2026-02-10", with_target(6))
    main = repo.commit("2026-02-11", with_target(7))
    repo.git("checkout", "-q", "-b", "side", fork)
    side = repo.commit("2026-02-12", with_target(8))
    git = find_git_dir(str(repo.root))
    assert git is not None
    past = GitFacts(Repository(repo.root), git)
    grown = [past.log(head) for head in (main, side)]
    past.close()
    shutil.rmtree(cache)
    assert grown == [log_of(repo.root, head) for head in (main, side)]
    changes = grown[1].lives["o:RET-1/faster"].changes
    assert [(c.old, c.new) for c in changes] == [(5, 6), (6, 8)]


def test_a_folder_that_moved_keeps_its_past(repo: GitRepo):
    repo.commit("2026-02-10", with_target(6))
    repo.git("mv", "portfolios", "gov")
    repo.write({"itgov.yaml": "paths: {portfolios: gov}\n"})
    head = repo.commit("2026-02-11")
    git = find_git_dir(str(repo.root))
    assert git is not None
    config = Repository(repo.root).config
    moved = msgspec.structs.replace(config.paths, portfolios="gov")
    past = GitFacts(Repository(repo.root, msgspec.structs.replace(config, paths=moved)), git)
    log = past.log(head)
    past.close()
    assert log.first == 0
    life = log.lives["o:RET-1/faster"]
    assert (life.born, [c.new for c in life.changes]) == (0, [6])


def test_what_was_never_sound_proves_no_birth(repo: GitRepo):
    repo.commit("2026-02-01", {"portfolios/more.yaml": "business_unit: more\ninvestments: [\n"})
    text = LENDING.replace("LEN-1", "LEN-2").replace("lending", "more")
    head = repo.commit("2026-02-02", {"portfolios/more.yaml": text})
    log = log_of(repo.root, head)
    assert log.unread == 1
    assert log.lives["i:LEN-2"].is_certain is False


# -- git's own folder ----------------------------------------------------------------------


def test_head_is_what_git_says_it_is(repo: GitRepo, tmp_path: Path):
    def seen(root: Path) -> str | None:
        found = find_git_dir(str(root / "portfolios"))
        assert found is not None
        return found.head()

    head = repo.git("rev-parse", "HEAD")
    assert seen(repo.root) == head
    repo.git("pack-refs", "--all")
    assert seen(repo.root) == head
    other = tmp_path / "linked"
    repo.git("worktree", "add", "-q", "-b", "side", str(other))
    assert seen(other) == head
    repo.git("checkout", "-q", "--detach")
    assert seen(repo.root) == head
    newer = repo.commit("2026-02-01")
    assert (seen(repo.root), seen(other)) == (newer, head)
    assert find_git_dir(str(tmp_path)) is None


def test_a_head_that_leads_out_of_the_repository_is_not_followed(repo: GitRepo, tmp_path: Path):
    (tmp_path / "secret").write_text("0" * 40, encoding="utf-8")
    for ref in ("../../secret", str(tmp_path / "secret"), "refs/heads/nowhere"):
        (repo.root / ".git" / "HEAD").write_text(f"ref: {ref}\n", encoding="utf-8")
        found = find_git_dir(str(repo.root))
        assert found is not None
        assert found.head() is None


# -- properties ----------------------------------------------------------------------------

names = st.sampled_from([None, "ann", "bob", "TBD"])
numbers = st.sampled_from([None, 1.0, 5.0, 50.0])
outcomes = st.lists(
    st.builds(Outcome, id=st.sampled_from("xy"), baseline=numbers, target=numbers),
    max_size=2,
    unique_by=lambda o: o.id,
)
investments = st.builds(
    Investment,
    id=st.sampled_from(["A", "B", "C"]),
    title=st.sampled_from(["One", "Two"]),
    stage=st.sampled_from(["proposed", "live"]),
    outcome_owner=names,
    sponsor=names,
    spend=st.lists(st.builds(Spend, year=st.just(2026), budget=numbers), max_size=1),
    gates=st.lists(st.builds(Gate, gate=st.just("g")), max_size=1),
    outcomes=outcomes,
)
states = st.lists(investments, max_size=3, unique_by=lambda i: i.id)


def records(state: list[Investment]) -> Records:
    return Records({i.id: i for i in state}, {"u": BusinessUnit(id="u")})


def logged(history: list[list[Investment]], log: Log | None = None) -> Log:
    log = log or Log([], None, {}, {}, [])
    for index in range(len(log.commits), len(history)):
        log.commits.append(LoggedCommit(f"{index:040x}", 700_000 + index))
        before = records(history[index - 1]) if index else Records({}, {})
        step(log, before, records(history[index]), index, True)
    return log


@settings(max_examples=many(200))
@given(st.lists(states, min_size=1, max_size=7), st.data())
def test_a_log_that_grew_is_the_log_made_at_once(history, data):
    at = data.draw(st.integers(0, len(history)))
    whole = logged(history)
    assert logged(history, logged(history[:at])) == whole
    assert logged(history, cut(whole, at)) == whole
    packed = msgspec.msgpack.encode(whole)
    assert msgspec.msgpack.decode(packed, type=Log) == whole


@settings(max_examples=many(200))
@given(st.lists(states, min_size=2, max_size=7))
def test_changes_follow_one_another(history):
    """The old value of a change is the new one of that before it, and the last stands at the end."""
    log = logged(history)
    for life in log.lives.values():
        for field, value in life.values.items():
            told = [c for c in life.changes if c.field == field and c.new is not None]
            for one, other in pairwise(told):
                assert other.old == one.new
            assert not told or told[-1].new == value
            assert all(c.at > life.born for c in told)


@given(st.lists(st.integers(1, 2000), max_size=12), st.integers(1, 2000))
def test_days_never_go_back_and_nothing_past_is_hidden_by_its_date(days, today):
    found = effective_days(days, today)
    known = [d for d in found if d is not None]
    assert known == sorted(known)
    assert all(d <= today for d in known)
    # all up to the last commit that is dated by today were there by today
    last = max((i for i, d in enumerate(days) if d <= today), default=-1)
    assert [d is not None for d in found] == [i <= last for i in range(len(days))]


def test_a_forged_date_hides_no_change(repo: GitRepo, run):
    repo.commit("1999-01-01", with_target(6))
    repo.commit("2026-03-01")
    repo.commit("2099-01-01", with_target(7))
    repo.commit("2026-04-01")
    _, out, _ = run(
        "check", repo.root, "--select", "HIS-007", "--as-of", "2026-05-01", "--format", "json"
    )
    told = [f["message"] for f in json.loads(out)["findings"] if f["rule"] == "HIS-007"]
    assert len(told) == 1
    assert "from 6 to 7 on 2026-04-01" in told[0]
    assert datetime.date(2026, 4, 1).isoformat() in told[0]


@pytest.mark.parametrize(
    ("as_of", "counted"),
    [([], "counts as made on that day"), (["--as-of", "2026-05-01"], "is not judged")],
)
def test_a_change_that_is_dated_in_the_future_is_never_passed_in_silence(
    repo: GitRepo, run, as_of, counted
):
    repo.commit("2026-01-01", with_target(6))
    repo.commit("2099-01-01", with_target(7))
    _, out, _ = run("check", repo.root, "--select", "HIS", *as_of, "--format", "json")
    told = [(f["rule"], f["message"]) for f in json.loads(out)["findings"]]
    assert any(
        r == "HIS-000" and "1 commit is dated after 20" in said and counted in said
        for r, said in told
    )
    assert any(r == "HIS-007" and "from 6 to 7" in said for r, said in told) is not bool(as_of)
    portfolio = repo.root / "portfolios" / "retail.yaml"
    portfolio.write_text(portfolio.read_text("utf-8") + "# edited\n", "utf-8")
    _, out, _ = run("check", repo.root, "--select", "HIS", *as_of, "--format", "json")
    edited = [(f["rule"], f["message"]) for f in json.loads(out)["findings"]]
    assert edited == told, "an edit that is not committed makes no later commit an earlier one"
