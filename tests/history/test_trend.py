"""`itgov trend` on real histories."""

from __future__ import annotations

import json
import os

import pytest

from .conftest import LENDING, ORGANISATION, RETAIL, points


def owned(text: str) -> str:
    return text.replace(
        "    title: Branch tills\n", "    title: Branch tills\n    outcome_owner: bob\n"
    )


def test_months_without_commits_carry_the_last_figures_forward(repo, run):
    repo.commit("2026-04-10", {"portfolios/retail.yaml": owned(RETAIL)})
    found = points(run, repo.root)
    assert list(found) == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert [p["carried"] for p in found.values()] == [False, True, True, False]
    assert [p["as_of"] for p in found.values()] == ["2026-01-15"] * 3 + ["2026-04-10"]
    january, march, april = (found[f"2026-0{m}"] for m in (1, 3, 4))
    assert march["findings"] == january["findings"]
    assert april["findings"]["error"] != january["findings"]["error"]
    assert march["commit"] == january["commit"] != april["commit"]


def test_a_point_is_what_check_and_health_say_at_that_commit_on_its_day(repo, run):
    repo.commit("2026-02-10", {"portfolios/retail.yaml": owned(RETAIL)})
    point = points(run, repo.root, "--by", "commit")[repo.git("rev-parse", "HEAD")[:10]]
    _, out, _ = run("check", repo.root, "--format", "json", "--as-of", "2026-02-10")
    summary = json.loads(out)["summary"]
    assert point["findings"] == {k: summary[k] for k in ("error", "warning", "info", "waived")}
    _, out, _ = run("health", repo.root, "--format", "json", "--as-of", "2026-02-10")
    for unit, shown in zip(json.loads(out)["units"], point["units"], strict=True):
        assert (unit["id"], unit["band"]) == (shown["id"], shown["band"])
        assert unit["score"] == pytest.approx(shown["score"], abs=0.051)
    _, out, _ = run("value", repo.root, "--format", "json", "--as-of", "2026-02-10")
    assert json.loads(out)["total"]["budget"] == point["budget"]


def test_each_commit_of_the_line_with_empty_ones_and_merges(repo, run):
    repo.commit("2026-02-01", title="Nothing")
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("2026-02-02", {"portfolios/retail.yaml": owned(RETAIL)}, "On the side")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge side", "side", date="2026-02-03")
    repo.git("checkout", "-q", "--detach")
    found = points(run, repo.root, "--by", "commit")
    assert [p["title"] for p in found.values()] == ["Start", "Nothing", "Merge side"]
    start, nothing, merged = found.values()
    assert start["findings"] == nothing["findings"]
    assert merged["findings"]["error"] < start["findings"]["error"]


def test_tags(repo, run):
    repo.git("tag", "v1")
    repo.commit("2026-03-01")
    repo.git("tag", "-a", "v2", "-m", "two")
    repo.git("tag", "v2-again")
    found = points(run, repo.root, "--by", "tag")
    assert list(found) == ["v1", "v2", "v2-again"]
    assert list(points(run, repo.root, "--by", "tag", "--since", "v2")) == ["v2", "v2-again"]
    assert list(points(run, repo.root, "--by", "tag", "--until", "2026-02-01")) == ["v1"]


def test_no_tag_at_all(repo, run):
    code, _, err = run("trend", repo.root, "--by", "tag")
    assert code == 2
    assert "there is no tag" in err


def test_since_and_until_take_dates_months_and_revisions(repo, run):
    second = repo.commit("2026-02-10", title="Second")
    third = repo.commit("2026-03-10", title="Third")
    repo.commit("2026-04-10", title="Fourth")

    def titles(*arguments: str) -> list[str]:
        return [p["title"] for p in points(run, repo.root, "--by", "commit", *arguments).values()]

    assert titles("--since", "2026-03-10") == ["Third", "Fourth"]
    assert titles("--since", second) == ["Second", "Third", "Fourth"]
    assert titles("--until", "2026-02") == ["Start", "Second"]
    assert titles("--since", "2026-02", "--until", third) == ["Second", "Third"]
    months = points(run, repo.root, "--since", "2026-02-20", "--until", "2026-03-01")
    assert [(label, p["title"]) for label, p in months.items()] == [
        ("2026-02", "Second"),
        ("2026-03", "Second"),
    ]


def test_a_month_follows_the_line_even_where_clocks_did_not(repo, run):
    repo.commit("2026-05-10", title="From the future")
    repo.commit("2026-03-10", title="Back again")
    found = points(run, repo.root)
    assert found["2026-03"]["title"] == "Back again"
    assert list(found)[-1] == "2026-03"


def test_before_the_portfolio_and_after_it(empty, run):
    empty.commit("2026-01-01", {"readme.md": "x"}, "Only words")
    empty.commit(
        "2026-02-01",
        {"portfolios/organisation.yaml": ORGANISATION, "portfolios/retail.yaml": RETAIL},
    )
    found = points(run, empty.root, "--by", "commit")
    assert [p["state"] for p in found.values()] == ["no portfolio", "whole"]
    code, out, _ = run("trend", empty.root)
    assert code == 0
    assert "2026-01 (" in out
    assert "no portfolio file at this commit" in out


def test_no_portfolio_at_any_commit(empty, run):
    empty.commit("2026-01-01", {"readme.md": "x"})
    empty.write({"portfolios/retail.yaml": RETAIL})
    code, _, err = run("trend", empty.root)
    assert code == 2
    assert "no portfolio file at any commit" in err


def test_a_commit_with_broken_yaml_is_shown_and_says_what_was_not_read(repo, run):
    repo.commit("2026-02-01", {"portfolios/retail.yaml": RETAIL + "  : [\n"}, "Broken")
    repo.commit("2026-03-01", {"portfolios/retail.yaml": RETAIL}, "Mended")
    found = points(run, repo.root)
    assert [p["state"] for p in found.values()] == ["whole", "partly read", "whole"]
    broken = found["2026-02"]
    (unread,) = broken["unread"]
    assert unread["path"] == "portfolios/retail.yaml"
    assert unread["line"] > 20
    assert unread["message"].startswith("YML-001")
    assert [u["id"] for u in broken["units"]] == ["lending"]
    code, out, _ = run("trend", repo.root)
    assert code == 0
    assert "2026-02 !" in out
    assert f"portfolios/retail.yaml:{unread['line']}:" in out


def test_renamed_files_folders_and_roots(empty, run):
    files = {"organisation.yaml": ORGANISATION, "retail.yaml": RETAIL, "lending.yaml": LENDING}
    empty.commit("2026-01-01", {f"old/portfolios/{n}": t for n, t in files.items()}, "In old")
    empty.git("mv", "old", "new")
    empty.commit("2026-02-01", title="In new")
    empty.git("mv", "new/portfolios/retail.yaml", "new/portfolios/branches.yaml")
    empty.commit("2026-03-01", title="A file renamed")
    (empty.root / "new" / "itgov.yaml").write_text("paths: {portfolios: governance}\n")
    empty.git("mv", "new/portfolios", "new/governance")
    empty.commit("2026-04-01", title="The folder renamed")
    found = points(run, empty.root / "new", "--by", "commit")
    assert [p["state"] for p in found.values()] == ["whole"] * 4
    assert len({json.dumps(p["budget"]) for p in found.values()}) == 1
    assert {len(p["units"]) for p in found.values()} == {2}


def test_a_subfolder_of_a_larger_repository(empty, run):
    empty.commit("2026-01-01", {"it/portfolios/retail.yaml": RETAIL, "src/x.yaml": "a: [\n"})
    found = points(run, empty.root / "it")
    assert found["2026-01"]["investments"] == 2


def test_a_shallow_clone_says_where_its_history_ends(repo, run, tmp_path):
    repo.commit("2026-02-01")
    repo.commit("2026-03-01")
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth", "2", f"file://{repo.root}", str(clone))
    code, out, err = run("trend", clone)
    assert code == 0
    assert "2026-02" in out
    assert "2026-01 " not in out
    assert "shallow clone: the history before 2026-02-01" in out
    code, out, _ = run("trend", clone, "--format", "json")
    assert json.loads(out)["shallow"] is True
    code, _, err = run("trend", clone, "--since", "HEAD~2")
    assert code == 2
    assert "shallow" in err


def test_rules_of_today_or_of_then(repo, run):
    rule = """\
rules:
  - id: LOC-001
    name: has-summary
    for: investment
    severity: error
    require: [summary]
"""
    repo.commit("2026-02-01", {"rules/own.yaml": rule}, "A rule")
    repo.commit("2026-03-01", {"rules/own.yaml": rule.replace("error", "info")}, "A milder rule")
    today = points(run, repo.root, "--by", "commit")
    then = points(run, repo.root, "--by", "commit", "--rules-then")
    assert [p["findings"]["info"] for p in today.values()] == [3, 3, 3]
    first, second, third = then.values()
    assert first["findings"]["warning"] > 0  # the standard pack: there were no rules yet
    assert second["findings"]["info"] == 0
    assert third["findings"]["info"] == 3
    assert second["findings"]["error"] == third["findings"]["error"] + 3


def test_rules_that_were_broken_then(repo, run):
    repo.commit("2026-02-01", {"rules/own.yaml": "rules: [\n"}, "Broken rules")
    repo.commit("2026-03-01", {"rules/own.yaml": None}, "Mended")
    found = points(run, repo.root, "--by", "commit", "--rules-then")
    assert [p["state"] for p in found.values()] == ["whole", "rules broken", "whole"]
    broken = list(found.values())[1]
    assert broken["unread"][0]["path"] == "rules/own.yaml"
    assert broken["budget"]["target"] == 100000
    assert all(u["score"] is None for u in broken["units"])
    code, out, _ = run("trend", repo.root, "--by", "commit", "--rules-then")
    assert code == 0
    assert "its rule files have errors" in out


def test_rules_broken_today(repo, run):
    repo.write({"rules/own.yaml": "rules: [\n"})
    code, _, err = run("trend", repo.root)
    assert code == 2
    assert "rules/own.yaml:" in err


def test_one_unit(repo, run):
    repo.commit("2026-02-01", {"portfolios/retail.yaml": owned(RETAIL)})
    found = points(run, repo.root, "--unit", "retail")
    assert all([u["id"] for u in p["units"]] == ["retail"] for p in found.values())
    code, out, _ = run("trend", repo.root, "--unit", "retail")
    assert code == 0
    assert "Retail: health" in out
    assert "Lending" not in out
    code, _, err = run("trend", repo.root, "--unit", "retial")
    assert code == 2
    assert "did you mean `retail`" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "nope"], "there is no revision `nope`"),
        (["--since=--all"], "`--all` is not a revision"),
        (["--until=-n1"], "`-n1` is not a revision"),
        (["--since", "2026-13-45"], "there is no revision `2026-13-45`"),
        (["--by", "year"], "invalid choice"),
        (["--since", "2027-01-01", "--by", "commit"], "no commit in this part"),
    ],
)
def test_bad_arguments(repo, run, arguments, said):
    code, out, err = run("trend", repo.root, *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_without_git(tmp_path, run):
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "portfolios" / "retail.yaml").write_text(RETAIL)
    code, _, err = run("trend", tmp_path)
    assert code == 2
    assert "is not in a git repository" in err


def test_a_git_repository_without_a_commit(empty, run):
    empty.write({"portfolios/retail.yaml": RETAIL})
    code, _, err = run("trend", empty.root)
    assert code == 2
    assert "no commit yet" in err


def test_nothing_is_written_to_the_repository(repo, run):
    repo.commit("2026-02-01", {"portfolios/retail.yaml": owned(RETAIL)})
    repo.write({"portfolios/lending.yaml": "broken: [\n", "new.txt": "x"})

    def state() -> list[tuple[str, int, int]]:
        files = sorted(p for p in repo.root.rglob("*") if p.is_file())
        return [(str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files]

    before = state()
    assert run("trend", repo.root, "--by", "commit")[0] == 0
    assert state() == before


def test_formats_and_files(repo, run, tmp_path):
    repo.commit("2026-02-01", {"portfolios/retail.yaml": RETAIL.replace("Retail", "Ret|ail <b>")})
    code, out, _ = run("trend", repo.root, "--format", "markdown")
    assert code == 0
    assert "| 2026-02 |" in out
    assert "<b>" not in out
    target = tmp_path / "trend.json"
    code, out, _ = run("trend", repo.root, "--format", "json", "--output", target)
    assert (code, out) == (0, "")
    assert json.loads(target.read_text())["by"] == "month"
    code, out, _ = run("trend", repo.root, "--ascii")
    assert code == 0
    assert out.isascii()


def test_hostile_texts_reach_no_terminal(repo, run):
    repo.commit(
        "2026-02-01",
        {"portfolios/retail.yaml": RETAIL.replace("name: Retail", 'name: "Re\u202etail"')},
        title="Evil \x1b[31m ::stop-commands::",
    )
    for arguments in (["--format", "json"], ["--format", "markdown"], []):
        _, out, _ = run("trend", repo.root, "--by", "commit", *arguments)
        assert "\x1b" not in out
        assert "\u202e" not in out
    _, out, _ = run("trend", repo.root, "--format", "json")
    assert "Re\u202etail" in [u["name"] for u in json.loads(out)["units"]]  # as every JSON has it


def test_a_file_name_that_is_no_utf_8(repo, run, cache):
    for name, text in (
        (b"b\xff.yaml", b"broken: [\n"),
        (b"l\xe9.yaml", b"business_unit: {id: l}\n"),
    ):
        try:
            (repo.root / "portfolios" / os.fsdecode(name)).write_bytes(text)
        except OSError:
            pytest.skip("this file system refuses such names")
    repo.commit("2026-02-01", {})
    for _ in range(2):
        found = points(run, repo.root)
        assert found["2026-02"]["state"] == "partly read"
        assert "l" in [u["id"] for u in found["2026-02"]["units"]]
    for form in ("text", "json", "markdown"):
        assert run("trend", repo.root, "--format", form)[0] == 0
        assert run("diff", "HEAD~1..HEAD", repo.root, "--format", form)[0] == 0
