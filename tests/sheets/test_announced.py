"""What a sheet announces, of findings and of money, is what `itgov diff` says once it is written."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itgov.cli.main import main
from itgov.files.repository import find_repository
from itgov.insight.diff import compare

from ..support.examples import many
from ..support.git import GitRepo
from .conftest import FILES, Workbook

DAY = datetime.date(2026, 11, 23)
MONEY = """\
    start: 2025-01-01
    spend:
      - {year: 2025, budget: 100, actual: 90}
      - {year: 2026, budget: 200}
"""
SEVERAL = st.sampled_from(
    [
        "Amara Okafor",
        "Lena Fischer",
        "Nadia Roy",
        "Roy, Nadia",
        "tbd",
        "Sam Lee",
        "(clear)",
        "gone.by",
    ]
)
DAYS = st.sampled_from(
    [datetime.date(2026, 1, 5), datetime.date(2027, 4, 1), "31 March 2028", "(clear)"]
)
AMOUNTS = st.sampled_from([0, 5, 1200.5, -3, "1,000", "many", "(clear)", "=1+1"])
STAGES = st.sampled_from(["proposed", "live", "stopped", "retired", "delivering", "odd", "(clear)"])
CELLS = st.one_of(
    st.tuples(st.just("investments"), st.sampled_from(["RET-001", "RET-002"]), st.one_of(
        st.tuples(st.sampled_from(["outcome owner", "relationship manager", "sponsor"]), SEVERAL),
        st.tuples(st.just("stage"), STAGES),
        st.tuples(st.sampled_from(["next review", "last reviewed", "end"]), DAYS),
    )),
    st.tuples(st.just("outcomes"), st.sampled_from(["RET-001/cycle", "RET-002/calls"]), st.one_of(
        st.tuples(st.sampled_from(["baseline", "target", "value a year"]), AMOUNTS),
        st.tuples(st.just("due"), DAYS),
        st.tuples(st.just("measure"), st.sampled_from(["Calls", "(clear)"])),
    )),
    st.tuples(st.just("spend"), st.sampled_from(["RET-002/2025", "RET-002/2026"]),
              st.tuples(st.sampled_from(["budget", "actual", "forecast"]), AMOUNTS)),
    st.tuples(st.just("units"), st.just("retail"), st.tuples(st.just("head"), SEVERAL)),
    st.tuples(st.just("engagements"), st.just("retail/2026-10-12"),
              st.tuples(st.sampled_from(["by", "present", "said by"]), SEVERAL)),
    st.tuples(st.just("people"), st.just("sam.lee"),
              st.tuples(st.just("side"), st.sampled_from(["it", "business"]))),
)  # fmt: skip
THINGS = st.sampled_from(["Kiosks", "RET-001", "Portal"])
ROWS = st.one_of(
    st.tuples(st.just("investments"), st.fixed_dictionaries(
        {"unit": st.just("Retail"), "title": THINGS}, optional={"stage": STAGES, "outcome owner": SEVERAL})),
    st.tuples(st.just("spend"), st.fixed_dictionaries(
        {"investment": THINGS, "year": st.integers(2024, 2029), "budget": AMOUNTS})),
    st.tuples(st.just("outcomes"), st.fixed_dictionaries(
        {"investment": THINGS, "statement": st.sampled_from(["Faster", "Fewer calls"])},
        optional={"value a year": AMOUNTS, "due": DAYS, "baseline": AMOUNTS, "target": AMOUNTS})),
    st.tuples(st.just("results"), st.fixed_dictionaries(
        {"outcome": st.sampled_from(["Faster", "Fewer calls", "cycle"]), "date": st.just("2026-11-01")},
        optional={"actual": AMOUNTS, "value": AMOUNTS, "evidence": st.just("x.pdf")})),
    st.tuples(st.just("engagements"), st.fixed_dictionaries(
        {"unit": st.just("retail"), "date": DAYS}, optional={"present": SEVERAL, "by": SEVERAL})),
    st.tuples(st.just("objectives"), st.fixed_dictionaries(
        {"unit": st.just("retail"), "statement": st.sampled_from(["Calm", "Growth"])})),
    st.tuples(st.just("people"), st.fixed_dictionaries(
        {"person": SEVERAL}, optional={"side": st.sampled_from(["it", "business"])})),
    st.tuples(st.just("units"), st.fixed_dictionaries({"name": st.just("Digital")}, optional={"head": SEVERAL})),
)  # fmt: skip


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    repo = GitRepo(tmp_path_factory.mktemp("announced") / "r")
    retail = FILES["retail.yaml"].replace("    stage: live\n", "    stage: live\n" + MONEY)
    retail = retail.replace(
        "statement: Fewer calls}", "statement: Fewer calls, value: 50, due: 2026-03-01}"
    )
    files = {f"portfolios/{name}": text for name, text in FILES.items()}
    repo.commit("2026-10-01", {**files, "portfolios/retail.yaml": retail})
    assert main(["sheet", "out", str(repo.root.parent / "s.xlsx"), str(repo.root), *AS_OF]) == 0
    return repo


AS_OF = ("--as-of", DAY.isoformat())


def budgets(root: Path) -> Counter[int]:
    """Each year's budget, read by another reader."""
    found: Counter[int] = Counter()
    for path in (root / "portfolios").glob("*.yaml"):
        for investment in yaml.safe_load(path.read_text()).get("investments", []):
            for row in investment.get("spend", []):
                found[row["year"]] += row.get("budget", 0)
    return found


@settings(max_examples=many(60), suppress_health_check=list(HealthCheck))
@given(cells=st.lists(CELLS, max_size=4), rows=st.lists(ROWS, max_size=4))
def test_what_a_sheet_announces_is_what_diff_then_says(
    repo: GitRepo, cells: list[Any], rows: list[Any]
) -> None:
    root, path = repo.root, repo.root.parent / "filled.xlsx"
    sheet = Workbook((root.parent / "s.xlsx").read_bytes())
    for page, row, (title, value) in cells:
        sheet.fill(page, row, title, value)
    for page, values in rows:
        sheet.add(page, **values)
    path.write_bytes(sheet.raw)
    before = budgets(root)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["sheet", "in", str(path), str(root), "--yes", "--format", "json", *AS_OF])
    told = json.loads(said.getvalue())
    try:
        assert code == (1 if told["refused"] else 0)
        diff = compare(find_repository(root), None, DAY)
        assert told["findings"] == {"mended": len(diff.mended), "new": len(diff.introduced)}
        money = {y["year"]: (y["budget"], y["planned"]) for y in told["money"]}
        assert money == {y.year: (y.budget, y.planned) for y in diff.money}
        after = budgets(root)
        moved = {y: after[y] - before[y] for y in {*before, *after} if after[y] != before[y]}
        assert {y: b for y, (b, _) in money.items() if b} == pytest.approx(moved)
        written = {f["path"] for f in told["files"]}
        assert written == set(repo.git("ls-files", "-m", "-o").split())
        with contextlib.redirect_stdout(said := io.StringIO()):
            main(["sheet", "in", str(path), str(root), "--yes", "--format", "json", *AS_OF])
        again = json.loads(said.getvalue())
        assert (again["taken"], again["added"], again["files"]) == ([], [], [])
    finally:
        repo.git("checkout", "-q", "--", ".")
        repo.git("clean", "-fdq")
