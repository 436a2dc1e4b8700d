"""A mapping that is wrong says where, what, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from itgov.importing import ImportRefused, ImportReport, load_mapping, mapping, ready_mappings
from itgov.importing.load import parse_mapping

Import = Callable[..., ImportReport]

START = """\
mapping: {name: x}
organisation: {id: a}
tables:
  t: {files: ["*.csv"]}
investments:
"""


def refusals(text: str) -> list[str]:
    with pytest.raises(ImportRefused) as found:
        parse_mapping("m.yaml", text.encode())
    return [str(p).replace("\n    ", " | ") for p in found.value.problems]


def refusals_of(fields: str) -> list[str]:
    """What is said of an investment's fields; its lines start at line 6, column 5."""
    given = "".join(f"    {line}\n" for line in fields.splitlines())
    return refusals(START + "  -" + given[3:])


def test_unknown_keys_get_a_did_you_mean() -> None:
    said = refusals_of("id: A\ntitle: {colum: B}\nunit: {id: C}\nspnd: [1]")
    assert said == [
        "m.yaml:7:13: unknown key `colum`; did you mean `column`? | Write `column`.",
        "m.yaml:9:5: unknown key `spnd`; did you mean `spend`? | Write `spend`.",
    ]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("title: A\nunit: {id: C}", "6:5: `id` is missing"),
        ("id: A\ntitle: B\nunit: {}", "`unit` is blank"),
        ("id: {as: slug}\ntitle: B\nunit: {id: C}", "6:9: `id` does not say where it is read"),
        (
            "id: {column: A, value: 1}\ntitle: B\nunit: {id: C}",
            "6:9: `id` says both `column` and `value`",
        ),
        ("id: A\ntitle: B\nunit: {id: C}\ntable: tt", "9:12: there is no table `tt`"),
        ("id: A\ntitle: B\nunit: {id: C}\nend: {column: D, as: money}", "9:26: `end` cannot be"),
        ("id: A\ntitle: B\nunit: {id: C}\nend: {column: D, as: dat}", "did you mean `date`?"),
        (
            "id: A\ntitle: B\nunit: {id: C}\nend: {column: D, formats: [dd.mm]}",
            "`dd.mm` is not a date",
        ),
        ("id: A\ntitle: B\nunit: {id: C}\nend: {column: D, pattern: '('}", "no regular expression"),
        ("id: {template: x}\ntitle: B\nunit: {id: C}", "the template names no column"),
        (
            "id: A\ntitle: B\nunit: {id: {column: C, lookup: {table: tx, key: a, take: b}}}",
            "there is no table `tx`",
        ),
        (
            "id: A\ntitle: B\nunit: {id: C}\noutcomes: [{id: D, table: u, on: [A]}]",
            "there is no table `u`",
        ),
        ("id: A\ntitle: B\nunit: {id: C}\nend: {column: D, else: {colum: E}}", "`column`"),
    ],
)
def test_every_error_has_its_place(fields: str, says: str) -> None:
    said = refusals_of(fields)
    assert any(says in line for line in said), said
    assert all(line.startswith("m.yaml:") for line in said)


def test_all_errors_are_said_at_once() -> None:
    said = refusals_of("id: {as: slug}\ntitle: {}\ntitle: B\nunit: {id: C}\ntable: tt")
    assert said  # the key given twice stops the reading
    said = refusals_of("id: {as: slug}\ntitle: {template: x}\nunit: {id: C}\ntable: tt")
    assert len(said) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mapping: {name: x", "m.yaml:1"),
        ("- a\n", "no mapping file"),
        ("", "no mapping file"),
        (
            START.replace("  t:", "  t: {encoding: utf8x}\n  u:")
            + "  - {id: A, title: B, unit: {id: C}}",
            "4:17",
        ),
        (
            START.replace('  t: {files: ["*.csv"]}', "  {}")
            + "  - {id: A, title: B, unit: {id: C}}",
            "tables",
        ),
    ],
)
def test_what_is_no_mapping(text: str, says: str) -> None:
    assert says in refusals(text)[0]


def test_a_column_that_is_not_there(run: Import) -> None:
    with pytest.raises(ImportRefused) as found:
        run("No,Nmae,Department\n1,a,b\n")
    said = str(found.value)
    assert "mapping.yaml:11:12: " in said
    assert "has no column `Name`; did you mean `Nmae`?" in said
    assert "`Budget`" in said
    assert "`Owner`" not in said  # it is optional


def test_mappings_are_found_by_name() -> None:
    assert set(ready_mappings()) == {"australia", "canada", "uk-gmpp", "us-itdashboard"}
    for name in ready_mappings():
        assert load_mapping(name).mapping.mapping.name == name
    with pytest.raises(ImportRefused, match="did you mean `canada`"):
        load_mapping("kanada")
    with pytest.raises(ImportRefused, match="no mapping"):
        load_mapping(Path("nowhere.yaml"))


def test_every_key_is_in_the_documentation() -> None:
    page = Path(__file__).parents[2] / "docs" / "import.md"
    text = page.read_text(encoding="utf-8")
    records = [
        r for r in vars(mapping).values() if isinstance(r, type) and issubclass(r, mapping.Entry)
    ]
    keys = {f.encode_name for r in records for f in structs.fields(r)}
    missing = sorted(k for k in keys if not re.search(rf"\b{k}\b", text))
    assert missing == []
    for name in ready_mappings():
        assert f"`{name}`" in text
