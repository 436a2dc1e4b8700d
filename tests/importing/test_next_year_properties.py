"""Tables of several years in any order, with people editing in between, against a plain oracle."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from itgov.importing import ImportReport, run_import
from itgov.model.types import Investment

from .conftest import investments

MAPPING = """\
mapping: {name: list, scope: whole}
organisation: {id: acme, currency: EUR}
tables: {projects: {files: ["*.csv"]}}
investments:
  - table: projects
    id: No
    title: Name
    unit: {name: Unit}
    confidence: Rating
    spend: [{year: {value: 2026}, budget: Budget}, {year: {value: 2027}, budget: Later}]
"""
DAYS = tuple(datetime.date(2024 + n, 3, 31) for n in range(3))


class Row(msgspec.Struct, frozen=True):
    """A row of a table; blank where it says nothing."""

    title: str
    unit: str
    rating: str
    budget: str
    later: str


ROWS = st.builds(
    Row,
    st.sampled_from(["Claims platform", "Branch kiosks", "Payroll", "Data warehouse"]),
    st.sampled_from(["HR", "IT"]),
    st.sampled_from(["", "Green", "Red"]),
    st.sampled_from(["", "0", "100", "250"]),
    st.sampled_from(["", "7"]),
)
TABLES = st.dictionaries(st.sampled_from(["P1", "P2", "P3", "P4"]), ROWS, min_size=1)


class World:
    """A repository that tables are imported into."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.target = folder, folder / "repository"
        self.mapping = folder / "list.yaml"
        self.mapping.write_text(MAPPING, encoding="utf-8")

    def bring(self, table: dict[str, Row], day: datetime.date) -> ImportReport:
        path = self.folder / f"list-{day}.csv"
        rows = [
            f"{i},{r.title},{r.unit},{r.rating},{r.budget},{r.later}\n" for i, r in table.items()
        ]
        path.write_text("No,Name,Unit,Rating,Budget,Later\n" + "".join(rows), encoding="utf-8")
        return run_import(self.mapping, [path], self.target)

    def state(self) -> dict[str, Investment]:
        return investments(self.target)

    def bytes(self) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in self.target.rglob("*.yaml")}


def stated(row: Row) -> dict[str, object]:
    """What a row states, by field."""
    said: dict[str, object] = {"title": row.title}
    if row.rating:
        said["confidence"] = row.rating.lower()
    for year, amount in ((2026, row.budget), (2027, row.later)):
        if amount:
            said[f"spend.{year}.budget"] = int(amount)
    return said


def told(investment: Investment) -> dict[str, object]:
    """What an investment says, by the same fields."""
    said: dict[str, object] = {"title": investment.title}
    if investment.confidence:
        said["confidence"] = investment.confidence
    return said | {f"spend.{s.year}.budget": s.budget for s in investment.spend}


@given(st.lists(TABLES, min_size=3, max_size=3))
def test_years_in_order_come_to_what_a_plain_reading_says(years: list[dict[str, Row]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        for day, table in zip(DAYS, years, strict=True):
            world.bring(table, day)
            before = world.bytes()
            assert world.bring(table, day).updated == []
            assert world.bytes() == before  # the same table again changes no byte
        found = world.state()
    assert found.keys() == {i for table in years for i in table}
    for identifier, investment in found.items():
        expected: dict[str, object] = {}
        source: dict[str, datetime.date] = {}
        seen = DAYS[0]
        for day, table in zip(DAYS, years, strict=True):
            if identifier in table:
                seen = day
                expected |= stated(table[identifier])
                source |= dict.fromkeys(stated(table[identifier]), day)
        assert told(investment) == expected
        imported = investment.custom["imported"]
        assert imported["as_of"] == str(seen)
        assert imported.get("gone") == next((str(d) for d in DAYS if d > seen), None)
        older = {f: str(d) for f, d in source.items() if d < seen and f.startswith("spend")}
        assert imported.get("older", {}) == older


@given(st.lists(TABLES, min_size=3, max_size=3), st.permutations(DAYS))
def test_nothing_older_overwrites_anything(
    years: list[dict[str, Row]], days: list[datetime.date]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        for day, table in zip(days, years, strict=True):
            before = world.state() if world.target.exists() else {}
            world.bring(table, day)
            after = world.state()
            for identifier, investment in before.items():
                if datetime.date.fromisoformat(investment.custom["imported"]["as_of"]) > day:
                    assert told(investment).items() <= told(after[identifier]).items()
        latest = dict(zip(days, years, strict=True))
        newest = latest[max(days)]
        for identifier, row in newest.items():
            assert stated(row).items() <= told(after[identifier]).items()
            assert "gone" not in after[identifier].custom["imported"]
        for identifier in after.keys() - newest.keys():
            assert "gone" in after[identifier].custom["imported"]


EDITS = {
    "title": ("    title: {was}\n", "    title: Our own name   # as we say\n"),
    "outcome_owner": (
        "    title: {was}\n",
        "    title: {was}\n    outcome_owner: ann.lee   # agreed\n",
    ),
    "confidence": ("    confidence: ", "    confidence: amber   # was "),
}


@given(TABLES, TABLES, st.sampled_from(sorted(EDITS)), st.sampled_from([-1, 0, 1]), st.data())
def test_what_people_write_survives_or_is_named(
    one: dict[str, Row], two: dict[str, Row], field: str, later: int, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.bring(one, DAYS[1])
        target = data.draw(st.sampled_from(sorted(one)))
        path = next(
            p
            for p in (world.target / "portfolios").glob("*.yaml")
            if f"  - id: {target}\n" in p.read_text(encoding="utf-8")
        )
        text = path.read_text(encoding="utf-8")
        start = text.index(f"  - id: {target}\n")
        end = text.find("  - id: ", start + 1)
        record = text[start : end if end > 0 else len(text)]
        before, after = (part.format(was=one[target].title) for part in EDITS[field])
        edited = record.replace(before, after, 1) + "    # what we talked about\n"
        path.write_text(text.replace(record, edited, 1), encoding="utf-8")
        ours = world.state()[target]
        report = world.bring(two, DAYS[1 + later])
        theirs = world.state()[target]
        assert "    # what we talked about\n" in path.read_text(encoding="utf-8")
        named = {(u.id, f) for u in report.updated for f in u.fields}
        value = getattr(theirs, field)
        assert value == getattr(ours, field) or (target, field) in named
        kept = later < 0 or target not in two or field == "outcome_owner"
        if kept and getattr(ours, field) is not None:
            assert value == getattr(ours, field)
