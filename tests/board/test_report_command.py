"""`itgov report` at the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from itgov.cli.main import main

from ..support.git import GitRepo
from .conftest import SAMPLE, Page

pytestmark = pytest.mark.slow

DAY = ["--as-of", "2026-11-23"]
UNIT = """\
business_unit: {id: a, name: Alpha}
investments:
  - {id: A-1, title: Tills, spend: [{year: 2026, budget: 100}]}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "portfolios").mkdir(parents=True)
    (root / "portfolios" / "a.yaml").write_text(UNIT)
    return root


def test_both_files_say_the_same(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    html, wiki = tmp_path / "b.html", tmp_path / "b.md"
    assert main(["report", str(SAMPLE), "--html", str(html), "--markdown", str(wiki), *DAY]) == 0
    assert f"Written to {html}, {wiki}." in capfd.readouterr().err
    tokens = MarkdownIt("gfm-like").parse(wiki.read_text())
    headings = [
        "".join(c.content for c in tokens[i + 1].children or ())
        for i, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]
    page = Page(html.read_text())
    assert headings == page.text_of("h2")
    assert sum(t.type == "table_open" for t in tokens) == len(page.of("table"))
    assert main(["report", str(SAMPLE), "--html", str(tmp_path / "again.html"), *DAY]) == 0
    assert (tmp_path / "again.html").read_bytes() == html.read_bytes()


def test_on_stdout(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(small), "--html", "-", *DAY]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("<!DOCTYPE html>")
    assert err == ""
    assert main(["report", str(small), "--markdown", "-", *DAY]) == 0
    assert capfd.readouterr().out.startswith("# organisation\n")


def test_only_one_unit(tmp_path: Path) -> None:
    place = tmp_path / "b.html"
    assert main(["report", str(SAMPLE), "--html", str(place), "--unit", "retail", *DAY]) == 0
    titles = Page(place.read_text()).text_of("h2")
    assert "Retail banking" in titles
    assert "Lending" not in titles


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name what to write: --html FILE"),
        (["--html", "x", "--markdown", "./x"], "same place"),
        (["--html", "-", "--markdown", "-"], "same place"),
        (["--html", "-", "--unit", "alpha"], "there is no business unit `alpha`"),
        (["--html", "no/such/folder/x.html"], "cannot write"),
        (["--html", "-", "--trend", "2026-01"], "is not in a git repository"),
        (["--html", "-", "--as-of", "tomorrow"], "is not a date"),
    ],
)
def test_what_cannot_be_done(
    small: Path,
    arguments: list[str],
    said: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(small)
    assert main(["report", *arguments]) == 2
    out, err = capfd.readouterr()
    assert (out, said in err) == ("", True), err
    assert not [p for p in small.iterdir() if p.name != "portfolios"]


def test_a_broken_rule_file_or_health_file(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (small / "rules").mkdir()
    (small / "rules" / "r.yaml").write_text("rules: [{id: X-001, name: x, for: nothing}]\n")
    assert main(["report", str(small), "--html", str(small / "b.html"), *DAY]) == 2
    assert "the rule files are broken" in capfd.readouterr().err
    (small / "rules" / "r.yaml").unlink()
    (small / "rules" / "health.yaml").write_text(
        "health: {dimensions: [{id: a, weight: 1, score: business_unit.nothing}]}\n"
    )
    assert main(["report", str(small), "--html", str(small / "b.html"), *DAY]) == 2
    assert "rules/health.yaml has errors" in capfd.readouterr().err
    assert not (small / "b.html").exists()
    assert main(["report", str(small / "nowhere"), "--html", "-"]) == 2


def test_a_file_that_cannot_be_read_is_told_in_the_pack(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (small / "portfolios" / "b.yaml").write_text("business_unit: {id: b\n")
    assert main(["report", str(small), "--html", "-", *DAY]) == 0
    out, err = capfd.readouterr()
    assert 'class="notice"' in out
    assert "is in no figure" in err


def test_the_commit_and_the_course_of_the_scores(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(small), "--html", "-", *DAY]) == 0
    assert "not in git" in capfd.readouterr().out
    made = GitRepo(small)
    made.commit("2026-09-10", title="one")
    people = "people: [{id: ann, name: Ann, side: business}]\n"
    (small / "portfolios" / "organisation.yaml").write_text(people)
    (small / "portfolios" / "a.yaml").write_text(
        UNIT.replace("title:", "outcome_owner: ann, title:")
    )
    commit = made.commit("2026-10-10", title="two")
    assert main(["report", str(small), "--html", "-", *DAY]) == 0
    out = capfd.readouterr().out
    assert commit in out
    assert "not committed" not in out
    (small / "portfolios" / "a.yaml").write_text(UNIT)
    assert main(["report", str(small), "--html", "-", "--trend", "2026-09", *DAY]) == 0
    out = capfd.readouterr().out
    assert "with changes that are not committed" in out
    assert main(["report", str(small), "--html", "-", "--trend", "nothing", *DAY]) == 2
    assert "--trend nothing" in capfd.readouterr().err


def test_the_sample_over_time(tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "r"
    shutil.copytree(SAMPLE / "portfolios", root / "portfolios")
    made = GitRepo(root)
    unit = root / "portfolios" / "retail.yaml"
    text = unit.read_text()
    unit.write_text(
        text.replace("outcome_owner:", "sponsor:", 3) if "sponsor" not in text else text
    )
    made.commit("2026-08-10", title="one")
    (root / "portfolios" / "note.txt").write_text("x")
    made.commit("2026-10-10", title="two")
    place = tmp_path / "b.html"
    assert main(["report", str(root), "--html", str(place), *DAY]) == 0
    page = Page(place.read_text())
    assert "Trend of the score" in page.text_of("h3")
    assert "Since 2026-08" in page.text_of("th")
    assert any("course" in (s.get("class") or "") for s in page.of("svg"))


def test_no_other_verb_imports_the_charts() -> None:
    told = "import sys; from itgov.cli.main import main; main(['health', sys.argv[1]]); sys.exit('itgov.report.svg_charts' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told, str(SAMPLE)], capture_output=True, check=False
    )
    assert done.returncode == 0
