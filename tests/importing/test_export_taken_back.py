"""What `itgov export` writes, `itgov import` takes back: nothing is lost, and only edits change anything."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from itgov.files.linked import Linked
from itgov.files.proposal import Proposal
from itgov.files.repository import Repository, find_repository
from itgov.files.write import CONTROL, document
from itgov.importing.export.out import write_export
from itgov.importing.export.read import Exported, read_export
from itgov.importing.export.rows import placed_rows
from itgov.importing.export.tables import record_tables
from itgov.importing.export.take_anew import take_anew
from itgov.importing.export.take_back import take_back
from itgov.insight.flow import Flow
from itgov.model.types import (
    BusinessUnit,
    Engagement,
    Investment,
    Organisation,
    Person,
    RelationshipManager,
)

from ..support.examples import many

DAY = datetime.date(2026, 11, 23)
FORMATS = {"csv": "out", "xlsx": "out.xlsx", "sqlite": "out.sqlite"}
STARTS = st.sampled_from(
    ["", "", "", "=", "+1", "-", "@", "'", "''", "\t", '"', "_x0041_", "＝", "(clear)", "#"]
)
LETTERS = st.text(
    st.one_of(
        st.sampled_from("aé,;'\"=\n\r\t: #_x0A1/\\|{}[]-\x85\u2028漢\U0001f600"),
        st.characters(codec="utf-8"),
    ),
    max_size=12,
)
TEXTS = st.builds(str.__add__, STARTS, LETTERS).filter(
    lambda t: bool(t.strip()) and not CONTROL.search(t)
)
IDS = st.one_of(
    st.sampled_from(
        ["a", "b", "A-1", "001", "1e5", "true", "2026-01-01", "a/b", "=x", "'q", "TBD"]
    ),
    st.text("abé-/='", min_size=1, max_size=5),
)
DATES = st.one_of(st.dates(datetime.date(1899, 1, 1), datetime.date(2100, 1, 1)), st.dates())
OWN = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), TEXTS, st.just(""),
        st.floats(-1e18, 1e18, allow_nan=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(IDS, inner, max_size=2)),
    max_leaves=4,
)  # fmt: skip
BY_ID = {"id", "person"}


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Return what a type of the model may hold, by the type itself."""
    match kind:
        case inspect.Metadata(type=inner):
            return values(inner)
        case inspect.UnionType(types=types):
            return st.one_of(*(values(t) for t in types if not isinstance(t, inspect.NoneType)))
        case inspect.StrType():
            return TEXTS
        case inspect.IntType(ge=low, le=high):
            return st.integers(
                low if low is not None else -(10**9), high if high is not None else 10**9
            )
        case inspect.FloatType(ge=low, le=high):
            least, most = low if low is not None else -1e17, high if high is not None else 1e17
            return st.one_of(
                st.floats(least, most, allow_nan=False), st.integers(int(least), int(most))
            )
        case inspect.DateType():
            return DATES
        case inspect.LiteralType(values=choices):
            return st.sampled_from(choices)
        case inspect.ListType(item_type=item):
            return st.lists(values(item), min_size=1, max_size=2, unique_by=_own_id)
        case inspect.DictType(value_type=inspect.AnyType()):
            return st.dictionaries(IDS, OWN, min_size=1, max_size=3)
        case inspect.DictType(value_type=item):
            return st.dictionaries(IDS, values(item), min_size=1, max_size=2)
        case inspect.StructType(cls=cls):
            return records(cls)
    raise AssertionError(kind)


def _own_id(item: Any) -> Any:
    return item["id"] if isinstance(item, dict) and "id" in item else repr(item)


def records(cls: type[msgspec.Struct]) -> st.SearchStrategy[dict[str, Any]]:
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    told = {
        f.encode_name: IDS if f.encode_name in BY_ID and f.required else values(f.type)
        for f in info.fields
    }
    needed = {f.encode_name for f in info.fields if f.required}
    return st.fixed_dictionaries(
        {k: v for k, v in told.items() if k in needed},
        optional={k: v for k, v in told.items() if k not in needed},
    )


def lists(cls: type[msgspec.Struct], key: str = "id", most: int = 2) -> Any:
    return st.lists(records(cls), max_size=most, unique_by=lambda r: r.get(key, repr(r)))


UNITS = st.fixed_dictionaries(
    {"business_unit": records(BusinessUnit)},
    optional={"investments": lists(Investment), "engagements": lists(Engagement, "")},
)
WHOLES = st.fixed_dictionaries(
    {"organisation": records(Organisation)},
    optional={
        "people": lists(Person),
        "relationship_managers": lists(RelationshipManager, "person", 1),
    },
)


@st.composite
def portfolios(draw: Any) -> dict[str, str]:
    """Return the texts of a portfolio's files by path."""
    files = {"portfolios/organisation.yaml": document(draw(WHOLES))}
    units = draw(st.lists(UNITS, max_size=2, unique_by=lambda u: u["business_unit"]["id"]))
    return files | {f"portfolios/u{n}.yaml": document(u) for n, u in enumerate(units)}


def flow_of(root: Path) -> tuple[Repository, Flow]:
    repository = find_repository(root)
    return repository, Flow(repository, workers=False)


def write_files(root: Path, files: dict[str, str]) -> None:
    (root / "portfolios").mkdir(parents=True)
    (root / "rules").mkdir()
    (root / "rules" / "none.yaml").write_text("rules: []\n")
    for name, text in files.items():
        (root / name).write_bytes(text.encode())


def write_down(root: Path, proposal: Proposal) -> None:
    for file in proposal.files:
        (root / file.path).parent.mkdir(parents=True, exist_ok=True)
        (root / file.path).write_bytes(file.after)


def exported(root: Path, at: Path, format: Any) -> tuple[Linked, Exported]:
    """Export a repository of files that are sound, and read it again."""
    repository, flow = flow_of(root)
    governed = flow.at(DAY)
    assume(
        not [
            f
            for f in governed.linked.findings
            if f.rule[:3] in ("YML", "MOD") or f.rule == "REF-006"
        ]
    )
    out = at / FORMATS[format]
    write_export(governed, repository.on_disk, format, out)
    return governed.linked, read_export(out)


def said(linked: Linked) -> Any:
    """All that the files say, in the order in which they say it."""
    p = linked.portfolio
    return {
        "organisation": p.organisation.record,
        "people": [e.record for e in p.people.values()],
        "managers": [e.record for e in p.managers.values()],
        "units": {
            u.record.id: (
                u.record,
                [e.record for e in u.investments],
                [e.record for e in u.engagements],
            )
            for u in p.units.values()
        },
    }


def table_rows(linked: Linked) -> dict[str, list[list[Any]]]:
    return {
        table.name: [row for *_, row in placed_rows(table, linked.portfolio, None, frozenset())]
        for table in record_tables().values()
    }


@settings(max_examples=many(150), deadline=None)
@given(portfolios(), st.sampled_from(sorted(FORMATS)))
def test_whatever_files_say_comes_back(files: dict[str, str], format: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, anew = Path(folder, "one"), Path(folder, "two")
        write_files(root, files)
        linked, export = exported(root, Path(folder), format)
        back = take_back(linked, export)
        assert (back.refused, back.blanked, back.notes, back.taken) == ([], [], [], [])
        assert back.proposal.is_empty
        new = take_anew(export, "portfolios")
        assert new.refused == []
        write_files(anew, {})
        write_down(anew, new.proposal)
        again = flow_of(anew)[1].linked(DAY)
        assert said(again) == said(linked)


@settings(max_examples=many(150), deadline=None)
@given(portfolios(), st.data())
def test_one_edited_cell_changes_that_and_nothing_else(
    files: dict[str, str], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "one")
        write_files(root, files)
        linked, export = exported(root, Path(folder), "sqlite")
        before = table_rows(linked)
        spots = [
            (table.name, at, number, column)
            for table in record_tables().values()
            for at, row in enumerate(before[table.name])
            for number, column in enumerate(table.columns)
            if column.name not in table.key
            and column.keys
            and (table.name, column.name) != ("engagements", "date")  # its id follows from it
            and not column.references
            and not (column.field is not None and column.field.choices)
            and column.kind in ("number", "day", "text")
            and (row[number] is not None or (not table.homes[0].steps and len(column.keys) == 1))
        ]
        assume(spots)
        name, at, number, column = data.draw(st.sampled_from(spots))
        wanted: Any = {"number": 1, "day": datetime.date(2026, 2, 3), "text": "edited: it is"}[
            column.kind
        ]
        assume(before[name][at][number] != wanted)
        export.tables[name][at].cells[column.name] = wanted
        back = take_back(linked, export)
        assert back.refused == []
        assert len(back.taken) == 1
        write_down(root, back.proposal)
        before[name][at][number] = wanted
        assert table_rows(flow_of(root)[1].linked(DAY)) == before
