"""What `itgov trend` remembers between runs."""

from __future__ import annotations

from itgov.insight import trend_figures

from ..support.git import GitRepo
from .conftest import LENDING, RETAIL, points


def history_of(repo: GitRepo) -> None:
    for month in range(2, 7):
        title = f"    title: Branch tills {month}\n"
        text = RETAIL.replace("    title: Branch tills\n", title)
        repo.commit(f"2026-{month:02}-01", {"portfolios/retail.yaml": text})


def test_what_was_measured_is_not_measured_again(repo, run, cache, monkeypatch):
    history_of(repo)
    first = points(run, repo.root, "--by", "commit")

    def never(*arguments: object) -> None:
        raise AssertionError("measured again")

    monkeypatch.setattr(trend_figures.FigureMaker, "figures", never)
    assert points(run, repo.root, "--by", "commit") == first
    assert list(points(run, repo.root, "--by", "month")) == [f"2026-0{m}" for m in range(1, 7)]


def test_a_blob_is_parsed_once_ever(repo, run, cache, monkeypatch):
    history_of(repo)
    first = points(run, repo.root, "--by", "commit")
    for path in (cache / "trend").iterdir():
        path.unlink()
    repo.git("mv", "portfolios/retail.yaml", "portfolios/renamed.yaml")
    repo.commit("2026-07-01")

    def never(*arguments: object) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr("itgov.files.cached_files.read_file", never)
    again = points(run, repo.root, "--by", "commit")
    assert {k: v for k, v in again.items() if k in first} == first
    assert len(again) == len(first) + 1


def test_what_is_cut_short_or_touched_counts_as_missing(repo, run, cache):
    history_of(repo)
    repo.commit("2026-07-01", {"portfolios/lending.yaml": LENDING + "nonsense: 1\n"})
    first = points(run, repo.root)
    kept = [p for folder in ("trend", "files") for p in (cache / folder).iterdir()]
    assert len(kept) > 10
    for index, path in enumerate(kept):
        data = path.read_bytes()
        path.write_bytes(
            [b"", data[:-3], data[:20] + b"\xff" + data[21:], b"\x00" * 100][index % 4]
        )
    assert points(run, repo.root) == first
    (cache / "trend").rename(cache / "gone")
    (cache / "trend").write_text("not a folder")
    assert points(run, repo.root) == first


def test_switched_off_nothing_is_kept(repo, run, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    points(run, repo.root)
    assert not (tmp_path / "cache").exists()


def test_other_rules_give_other_figures_from_a_warm_cache(repo, run, cache):
    before = points(run, repo.root)
    adjust = "extends: standard\ndisable: [VAL-001]\n"
    repo.write({"rules/own.yaml": adjust})
    after = points(run, repo.root)
    assert after["2026-01"]["findings"] != before["2026-01"]["findings"]


def test_several_processes_say_the_same_as_one(repo, run, monkeypatch):
    history_of(repo)
    monkeypatch.setattr("itgov.insight.trend.WORTH_SHARING", 2)
    monkeypatch.setenv("ITGOV_JOBS", "3")
    shared = points(run, repo.root, "--by", "commit")
    monkeypatch.setenv("ITGOV_JOBS", "1")
    assert points(run, repo.root, "--by", "commit") == shared


def test_a_value_that_cannot_be_used_counts_alike_whether_its_file_was_kept(
    repo, run, cache, monkeypatch
):
    """The text tells in which record it stands, where a rule is not evaluated then."""
    unit = RETAIL.replace("    stage: live\n", "    stage: live\n    outcome_owner: [ann]\n")
    repo.commit("2026-02-01", {"portfolios/retail.yaml": unit})
    kept = [points(run, repo.root, "--by", "commit")]
    for path in (cache / "trend").iterdir():
        path.unlink()
    kept.append(points(run, repo.root, "--by", "commit"))
    monkeypatch.setenv("ITGOV_CACHE", "off")
    assert kept == [points(run, repo.root, "--by", "commit")] * 2
