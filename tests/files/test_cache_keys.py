"""Keys of the cache: nobody who writes a repository can know them."""

from __future__ import annotations

from pathlib import Path

import pytest

from itgov.files import cache as store
from itgov.files.cache import Cache
from itgov.files.cached_files import ParsedFiles
from itgov.files.object_ids import blob_id
from itgov.files.sources import RawFile


def key_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the key of a content in a folder's cache, as a process makes it that has just started."""
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr(store, "_secrets", {})
    return Cache("files").key("content", b"a: 1\n")


def test_a_key_is_the_same_from_run_to_run_and_another_for_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = key_in(tmp_path / "one", monkeypatch)
    assert key_in(tmp_path / "one", monkeypatch) == one
    assert key_in(tmp_path / "two", monkeypatch) != one
    secret = tmp_path / "one" / "itgov" / "secret"
    assert secret.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damaged", [b"", b"short", b"x" * 33])
def test_a_damaged_secret_is_made_anew(
    damaged: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "itgov" / "secret"
    secret.parent.mkdir()
    secret.write_bytes(damaged)
    key = key_in(tmp_path, monkeypatch)
    assert len(secret.read_bytes()) == 32
    assert key_in(tmp_path, monkeypatch) == key


def test_where_no_secret_can_be_kept_keys_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "itgov").write_text("a file is where the folder should be")
    assert key_in(tmp_path, monkeypatch) != key_in(tmp_path, monkeypatch)


def test_what_was_read_from_disk_is_not_parsed_again_for_its_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_in(tmp_path, monkeypatch)
    files, raw = ParsedFiles(), RawFile("portfolios/a.yaml", b"business_unit: {id: a, name: A}\n")
    files.read(raw.path, files.id_of(raw.data), lambda: raw)
    again = files.read(raw.path, blob_id(raw.data), lambda: raw)
    assert again.content is not None
    assert files.parsed == 1
