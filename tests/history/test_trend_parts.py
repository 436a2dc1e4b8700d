"""The parts of a trend: judging again, what is kept, plots."""

from __future__ import annotations

import datetime
import os
import sys
from hashlib import sha1
from pathlib import Path

import pytest

from itgov.files.cache import MAGIC, Cache
from itgov.files.cached_files import ParsedFiles
from itgov.files.link import link
from itgov.files.load import read_file, read_files
from itgov.files.shipped import standard_root
from itgov.files.sources import RawFile, WorkTree
from itgov.insight.health import measure_health
from itgov.report.trend_plot import ASCII, UNICODE, area_plot, line_plot, sampled, spark
from itgov.rules.book import load_rules
from itgov.rules.judge import WholeJudge, judge

SAMPLE = WorkTree(standard_root())


def test_judging_again_says_what_judging_says():
    book = load_rules(SAMPLE)
    files = read_files(SAMPLE.files("portfolios"))
    replay = WholeJudge(workers=False)
    for day in ("2024-02-29", "2027-06-30", "2025-01-01", "2026-11-23"):
        for part in (files, files[:4], files[3:]):  # another portfolio each time
            linked = link(part, datetime.date.fromisoformat(day))
            assert replay.judge(linked, book) == judge(linked, book, workers=False)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal")
def test_none_outlives_many_judgings():
    book = load_rules(SAMPLE)
    linked = link(read_files(SAMPLE.files("portfolios")), datetime.date(2026, 11, 23))
    replay = WholeJudge(workers=False)
    before = sys.getrefcount(None)
    for _ in range(3):
        measure_health(linked, replay.judge(linked, book), book)
    assert before > 1 << 29
    assert sys.getrefcount(None) > 1 << 29


HOSTILE = {
    "organisation": b"people: [{id: a, name: A}]\n",
    "retail": b"business_unit: {id: retail}\ninvestments: [{id: X, title: T, spend: [{year: 2026}]}]\n",
    "broken": b"a: [1\nb: 2",
    "twice": b"business_unit: {id: x, nam: 3}\nbusiness_unit: {id: x}\n",
    "misfit": b"business_unit: {id: x}\ninvestments: [{id: 1, title: [], custom: {a: [1, {b: 2.5}]}}]\n",
    "list": b"- 1\n",
    "empty": b"",
    "nothing": b"{}\n",
    "people": b"{}\n",
    "latin": "name: größe".encode("latin-1"),
}


def test_what_is_kept_says_what_reading_says(cache):
    for _ in range(2):
        files = ParsedFiles()
        for stem, data in HOSTILE.items():
            raw = RawFile(f"portfolios/{stem}.yaml", data)
            kept = files.read(raw.path, sha1(data).hexdigest(), lambda r=raw: r)
            fresh = read_file(raw)
            assert kept.content == fresh.content
            assert kept.problems == fresh.problems
            for problem in fresh.problems:
                place = fresh.document.span(problem.start, problem.end)
                assert kept.document.span(problem.start, problem.end) == place
    assert files.parsed == 0


def test_kept_under_another_name_only_where_the_name_says_nothing(cache):
    for data in (b"investments: [{id: A, title: A}]\n", b"{}\n"):
        files = ParsedFiles()
        for stem in ("one", "two", "organisation"):
            raw = RawFile(f"portfolios/{stem}.yaml", data)
            found = files.read(raw.path, sha1(data).hexdigest(), lambda r=raw: r)
            assert (found.content, found.problems) == (
                read_file(raw).content,
                read_file(raw).problems,
            )


def test_the_cache_is_bounded_and_the_least_used_go(cache):
    kept = Cache("files", most_entries=10)
    for number in range(12):
        key = kept.key("thing", str(number))
        kept.put(key, b"x" * 100)
        os.utime(cache / "files" / key, (number, number))
    kept.tidy()
    left = [n for n in range(12) if kept.get(kept.key("thing", str(n))) is not None]
    assert left == [4, 5, 6, 7, 8, 9, 10, 11]


def test_the_cache_reads_only_what_it_wrote(cache):
    kept = Cache("files")
    key = kept.key("thing")
    assert kept.get(key) is None
    kept.put(key, b"data")
    path = Path(kept.folder or "") / key
    assert kept.get(key) == b"data"
    assert path.stat().st_mode & 0o777 & ~0o644 == 0
    path.write_bytes(path.read_bytes().replace(MAGIC, b"x" * len(MAGIC)))
    assert kept.get(key) is None
    assert kept.key("a", "b") != kept.key("ab")


def test_sparklines_show_gaps_and_sample_the_last_of_each_stretch():
    assert spark([0, None, 50, 100], 10, 0, 100, UNICODE) == "▁·▅█"
    assert spark([0, None, 50, 100], 10, 0, 100, ASCII).isascii()
    assert sampled([1, 2, 3, None], 2) == [2, 3]
    assert len(spark([float(n) for n in range(500)], 32, 0, 500, UNICODE)) == 32


def test_plots_put_each_value_on_its_row():
    rows = line_plot([0, 50, 100, None], [(75, "healthy")], 20, UNICODE)
    assert "●" in rows[0]
    assert "●" in rows[5]
    assert "●" in rows[10]
    assert sum(row.count("●") for row in rows) == 3
    assert [row for row in rows if row.endswith("healthy")]
    half = area_plot([[0.5, 0, 0, 0.5], None], 10, UNICODE)
    column = [row[7 + 2] for row in half[:-1]]
    assert column.count("█") == 5
    unknown = [row[7 + 7 : 7 + 8] for row in half[:-1]]
    assert [mark for mark in unknown if mark.strip()] == ["?"]  # no fill of any reach
    assert all(row.isascii() for row in area_plot([[1, 0, 0, 0]], 10, ASCII))
