"""Reading again: what was ever parsed gives the same records and the same places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.files.cached_files import CachedReader
from itgov.files.document import Document
from itgov.files.load import ReadFile, read_file
from itgov.files.places import locate
from itgov.files.sources import RawFile, WorkTree
from itgov.model.portfolio import Source

PROJECT = Path(__file__).parent.parent.parent
BROKEN = [
    RawFile("portfolios/a.yaml", b"business_unit: {id: a}\ninvestments: [{id: 1, titel: x}, 7]\n"),
    RawFile("portfolios/b.yaml", b"business_unit: {id: b\n"),
    RawFile("portfolios/x/organisation.yaml", b"x: 1\n"),
    RawFile("portfolios/x/people.yaml", b""),
    RawFile("portfolios/c.yaml", b"\xff\xfe\x00"),
    RawFile("portfolios/d.yaml", b'business_unit: {id: d, name: "\\ud800"}\n'),
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "itgov"


def told(file: ReadFile) -> tuple[object, ...]:
    document = file.document
    unit = locate({document.path: document}, Source(document.path, ("business_unit",)), None)
    return (
        unit,
        document.path, file.content, file.problems, file.mentions, file.named, document.text,
        document.keys, document.starts, document.values, document.ends, document.sizes,
        document.original_indexes,
    )  # fmt: skip


def files() -> list[RawFile]:
    return [*WorkTree(PROJECT).files("portfolios"), *BROKEN]


def kept() -> None:
    """Read the files as an earlier run that kept what it read."""
    reader = CachedReader()
    reader.read(files())
    reader.save()


def test_a_later_run_parses_nothing_and_says_the_same() -> None:
    fresh = [told(read_file(raw)) for raw in files()]
    kept()
    later = CachedReader()
    assert [told(file) for file in later.read(files())] == fresh
    assert later.parsed <= 2  # bytes that are no UTF-8, and half a surrogate


def test_a_file_that_changed_is_parsed_and_the_others_are_the_very_same() -> None:
    reader = CachedReader()
    before = reader.read(files())
    raws = files()
    raws[3] = RawFile(raws[3].path, raws[3].data + b"# more\n")
    parsed = reader.parsed
    after = reader.read(raws)
    assert reader.parsed == parsed + 1
    assert [a is b for a, b in zip(before, after, strict=True)].count(False) <= 3
    assert after[3].document.text.endswith("# more\n")


def test_positions_that_were_lost_are_found_by_reading_again(cache: Path) -> None:
    kept()
    for entry in (cache / "places").iterdir():
        entry.unlink()
    fresh = [told(read_file(raw)) for raw in files()]
    assert [told(file) for file in CachedReader().read(files())] == fresh


def test_what_is_kept_and_damaged_counts_as_missing(cache: Path) -> None:
    kept()
    for folder in ("files", "places"):
        for entry in (cache / folder).iterdir():
            entry.write_bytes(entry.read_bytes()[:-1])
    fresh = [told(read_file(raw)) for raw in files()]
    assert [told(file) for file in CachedReader().read(files())] == fresh


def test_without_a_cache_files_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITGOV_CACHE", "off")
    fresh = [told(read_file(raw)) for raw in files()]
    assert [told(file) for file in CachedReader().read(files())] == fresh


def test_a_document_knows_nothing_that_is_no_part_of_it() -> None:
    kept()
    document = CachedReader().read(files())[0].document
    assert isinstance(document, Document)
    with pytest.raises(AttributeError, match="colour"):
        document.colour  # noqa: B018


@given(st.lists(st.binary(max_size=40) | st.sampled_from([r.data for r in BROKEN]), max_size=4))
def test_any_bytes_are_read_alike_the_second_time(contents: list[bytes]) -> None:
    raws = [RawFile(f"portfolios/{n}.yaml", data) for n, data in enumerate(contents)]
    fresh = [told(read_file(raw)) for raw in raws]
    reader = CachedReader()
    assert [told(file) for file in reader.read(raws)] == fresh
    reader.save()
    assert [told(file) for file in CachedReader().read(raws)] == fresh
