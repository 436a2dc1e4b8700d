"""Which two states `diff` compares, and how it says what it found."""

from __future__ import annotations

import json

import pytest

from .conftest import LENDING, RETAIL


def test_the_work_tree(repo, run):
    code, out, _ = run("diff", "HEAD", repo.root)
    assert code == 0
    assert "Nothing changed" in out
    assert "to work tree" in out
    repo.write({"portfolios/new.yaml": "business_unit: {id: new, name: New}\n"})
    code, out, _ = run("diff", "HEAD", repo.root)
    assert "the business unit itself: added" in out
    code, out, _ = run("diff", "HEAD~0", repo.root, "--as-of", "2026-03-01")
    assert "as of 2026-03-01" in out


def test_the_default_is_head_to_the_work_tree(repo, run, monkeypatch):
    monkeypatch.chdir(repo.root / "portfolios")
    repo.write({"portfolios/lending.yaml": LENDING.replace("live", "retired")})
    code, out, _ = run("diff")
    assert code == 0
    assert "retired (was live)" in out


def test_from_where_two_lines_parted(repo, run):
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("2026-02-01", {"portfolios/lending.yaml": LENDING.replace("live", "stopped")})
    repo.git("checkout", "-q", "main")
    repo.commit("2026-02-02", {"portfolios/retail.yaml": RETAIL.replace("Branch tills", "Tills")})
    _, two, _ = run("diff", "main..side", repo.root)
    _, three, _ = run("diff", "main...side", repo.root)
    assert "Tills" in two
    assert "Tills" not in three
    assert "stopped (was live)" in three
    repo.git("checkout", "-q", "--orphan", "alone")
    repo.commit("2026-02-03")
    code, _, err = run("diff", "main...alone", repo.root)
    assert code == 2
    assert "no common history" in err


def test_before_there_was_a_portfolio(empty, run):
    empty.commit("2026-01-01", {"readme.md": "x"})
    empty.commit("2026-02-01", {"portfolios/lending.yaml": LENDING})
    code, out, _ = run("diff", "HEAD~1..HEAD", empty.root)
    assert code == 0
    assert "There is no portfolio file at HEAD~1." in out
    assert "+ LEN-1 Loan desk" in out
    empty.commit("2026-03-01", {"portfolios/lending.yaml": None, "itgov.yaml": "theme: dark\n"})
    code, out, _ = run("diff", "HEAD~1..HEAD", empty.root)
    assert code == 0
    assert "- LEN-1 Loan desk" in out
    empty.commit("2026-04-01")
    code, _, err = run("diff", "HEAD~1..HEAD", empty.root)
    assert code == 2
    assert "neither HEAD~1 nor HEAD has a portfolio file" in err


def test_one_unit(repo, run):
    repo.commit(
        "2026-02-01",
        {
            "portfolios/lending.yaml": LENDING.replace("Loan desk", "Desk"),
            "portfolios/retail.yaml": RETAIL.replace("Branch tills", "Tills"),
        },
    )
    code, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--unit", "lending")
    assert code == 0
    assert "Desk" in out
    assert "Tills" not in out
    code, _, err = run("diff", "HEAD~1..HEAD", repo.root, "--unit", "lendign")
    assert code == 2
    assert "did you mean `lending`" in err


@pytest.mark.parametrize(
    ("revisions", "said"),
    [
        ("nope", "there is no revision `nope`"),
        ("HEAD..nope", "there is no revision `nope`"),
        ("nope...HEAD", "there is no revision `nope`"),
        ("HEAD..--output=x", "`--output=x` is not a revision"),
        ("HEAD:portfolios", "there is no revision `HEAD:portfolios`"),
        ("a..b..c", "there is no revision"),
    ],
)
def test_bad_revisions(repo, run, revisions, said):
    code, out, err = run("diff", revisions, repo.root)
    assert (code, out) == (2, "")
    assert said in err


def test_two_revisions_with_a_space(repo, run):
    code, _, err = run("diff", "HEAD~1", "HEAD")
    assert code == 2
    assert "HEAD~1..HEAD" in err


def test_without_git(tmp_path, run):
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "portfolios" / "lending.yaml").write_text(LENDING)
    code, _, err = run("diff", "HEAD", tmp_path)
    assert code == 2
    assert "is not in a git repository" in err


def test_broken_rules(repo, run):
    repo.commit("2026-02-01", {"rules/own.yaml": "rules: [\n"})
    code, _, err = run("diff", "HEAD~1..HEAD", repo.root)
    assert code == 2
    assert "rules/own.yaml:" in err
    assert run("diff", "HEAD..HEAD~1", repo.root)[0] == 0


def test_markdown_is_escaped_and_fits_a_comment(repo, run):
    evil = "@everyone <script>alert(1)</script> | `x` [a](http://b) #1 \u202e"
    many = "".join(
        f"  - {{id: NEW-{n}, title: '{evil} {n}', summary: {'long ' * 40}}}\n" for n in range(900)
    )
    text = RETAIL.replace("engagements:\n", f"{many}engagements:\n")
    text = text.replace("title: Branch tills\n", "title: Branch tills\n    outcome_owner: bob\n")
    repo.commit("2026-02-01", {"portfolios/retail.yaml": text}, "@here <b>")
    code, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--format", "markdown")
    assert code == 0
    assert len(out) < 60_000
    assert out.count(" more not shown.") == 2  # of the changes, and of the new findings
    # nine hundred new findings do not crowd out the one that was fixed
    assert "- **error** `OWN-001`" in out.partition("### Findings fixed")[2]
    for active in ("@everyone", "<script", "@here", "<b>", "](http", "\u202e"):
        assert active not in out
    assert out.count("\n### ") >= 2


def test_nothing_hostile_reaches_a_terminal(repo, run):
    text = RETAIL.replace("Branch tills", '"Evil \\u202e ::error::"')
    repo.commit("2026-02-01", {"portfolios/retail.yaml": text}, "\x1b[31mred")
    for form in ("text", "json", "markdown"):
        _, out, _ = run("diff", "HEAD~1..HEAD", repo.root, "--format", form)
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_nothing_is_written_to_the_repository(repo, run):
    repo.commit("2026-02-01", {"portfolios/lending.yaml": LENDING + "# x\n"})

    def state() -> list[tuple[str, int]]:
        return [(str(p), p.stat().st_mtime_ns) for p in sorted(repo.root.rglob("*"))]

    before = state()
    assert run("diff", "HEAD~1..HEAD", repo.root)[0] == 0
    assert run("diff", "HEAD", repo.root)[0] == 0
    assert state() == before


def test_money_and_planned_value_that_moved_are_told_by_year(repo, run):
    path = repo.root / "portfolios"
    (path / "plan.yaml").write_text(
        "business_unit: {id: plan}\ninvestments:\n  - id: P-1\n    title: P\n    stage: live\n"
        "    spend: [{year: 2027, budget: 100}]\n"
        "    outcomes: [{id: o, value: 365, value_from: 2027-01-01, value_until: 2027-12-31}]\n",
        encoding="utf-8",
    )
    repo.commit("2026-01-15")
    text = (path / "plan.yaml").read_text(encoding="utf-8")
    text = text.replace("budget: 100", "budget: 250").replace("value: 365", "value: 730")
    (path / "plan.yaml").write_text(text, encoding="utf-8")
    _, out, _ = run("diff", "HEAD", repo.root, "--format", "json", "--as-of", "2026-01-20")
    assert json.loads(out)["money"] == [{"year": 2027, "budget": 150, "planned": 365}]
    _, out, _ = run("diff", "HEAD", repo.root, "--as-of", "2026-01-20")
    assert "  2027: budget +150, planned value +365" in out
