"""A repository that an address names gives what the same files in a folder give."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.files import remote

fsspec = pytest.importorskip("fsspec")
TREE = Path(__file__).resolve().parents[2]
ADDRESS = "memory://bucket/northwind"


@pytest.fixture
def bucket():
    files = fsspec.filesystem("memory")
    files.store.clear()
    files.pseudo_dirs[:] = [""]
    yield files
    files.store.clear()


@pytest.fixture
def sample(tmp_path, bucket):
    """The sample in a folder, with evidence that is a file of it, and the same at an address."""
    shutil.copytree(TREE / "portfolios", tmp_path / "portfolios")
    (tmp_path / "portfolios" / "zz.yaml").write_text("a: [", encoding="utf-8")
    (tmp_path / "portfolios" / "more.yaml").write_text(
        """business_unit: {id: more, name: More}
investments:
  - id: M-1
    title: T
    spend: [{year: 2026, budget: 5}]
    outcomes:
      - {id: here, baseline: 1, target: 2, due: 2026-01-01, results: [{date: 2026-01-01, value: 1, evidence: docs/proof.pdf}]}
      - {id: gone, baseline: 1, target: 2, due: 2026-01-01, results: [{date: 2026-01-01, value: 1, evidence: docs/none.pdf}]}
""",
        encoding="utf-8",
    )
    (tmp_path / "portfolios" / "retail[1].yaml").write_text(
        "business_unit: {id: brackets, name: B}\n"
        "investments: [{id: B-1, title: T, spend: [{year: 2026, budget: 7000000}]}]\n",
        encoding="utf-8",
    )
    (tmp_path / "portfolios" / ".hidden.yaml").write_text("a: 1", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "proof.pdf").write_bytes(b"proof")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            bucket.pipe(f"/bucket/northwind/{path.relative_to(tmp_path)}", path.read_bytes())
    bucket.pipe("/bucket/northwind/.git/HEAD", b"ref: refs/heads/main\n")
    bucket.pipe("/bucket/other.yaml", b"not below the address")
    return tmp_path


def run(capfd, *arguments):
    code = main([str(a) for a in arguments])
    out, err = capfd.readouterr()
    return code, out, err


VERBS = {
    "check": ("--format", "json"),
    "health": ("--format", "json", "--no-trend"),
    "value": ("--format", "json"),
    "report": ("--markdown", "-"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_the_same_bytes_as_from_a_folder(capfd, sample, verb) -> None:
    asked = ("--as-of", "2026-11-23", *VERBS[verb])
    folder = run(capfd, verb, sample, *asked)
    assert folder[0] == (verb == "check")
    assert run(capfd, verb, ADDRESS, *asked) == folder
    assert run(capfd, verb, f"file://{sample}", *asked) == folder


def test_nothing_is_remembered_of_files_elsewhere(capfd, sample, bucket) -> None:
    asked = ("value", ADDRESS, "--as-of", "2026-11-23")
    before = run(capfd, *asked)
    bucket.pipe("/bucket/northwind/portfolios/zz.yaml", b"business_unit: {id: zz, name: Zz}\n")
    assert run(capfd, *asked)[1] != before[1]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("memory://bucket/nothing", "no portfolio found: `memory://bucket/nothing` has neither"),
        ("https://example.org/x", "`https://` cannot be read (use s3, gs,"),
        ("simplecache::memory://bucket/northwind", "cannot be read (use s3,"),
        ("github://o:r@main/x", "`github://` cannot be read"),
        ("://x", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named(capfd, bucket, address, words) -> None:
    code, out, err = run(capfd, "check", address)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["portfolios/../../x.yaml", "portfolios//x.yaml", "portfolios/a.yaml/b.yaml"]
)
def test_a_name_that_no_file_can_have_stops_all(capfd, sample, bucket, tmp_path, name) -> None:
    bucket.store["/bucket/northwind/portfolios/a.yaml"] = bucket.store["/bucket/other.yaml"]
    bucket.store[f"/bucket/northwind/{name}"] = bucket.store["/bucket/other.yaml"]
    code, out, err = run(capfd, "check", ADDRESS)
    assert (code, out) == (2, "")
    assert "internal error" not in err
    assert not (tmp_path.parent / "x.yaml").exists()


def test_a_file_that_is_too_large_is_said_and_not_fetched_whole(capfd, sample, bucket, monkeypatch):
    monkeypatch.setattr(remote, "MAX_BYTES", 100)
    bucket.pipe("/bucket/northwind/portfolios/big.yaml", b"#" * 5_000)
    with remote.local_copy(ADDRESS) as folder:
        assert (folder / "portfolios" / "big.yaml").stat().st_size == 101


def test_a_file_that_is_listed_and_not_sent_is_an_error(capfd, sample, bucket, monkeypatch) -> None:
    monkeypatch.setattr(type(bucket), "cat", lambda *given, **named: {})
    code, out, err = run(capfd, "value", ADDRESS)
    assert (code, out) == (2, "")
    assert f".yaml` of `{ADDRESS}` is listed and was not sent: try again" in err


def test_what_needs_the_history_or_a_folder_is_refused(capfd, sample) -> None:
    for option in (["--since", "HEAD"], ["--policy", "HEAD"], ["--watch"]):
        code, out, err = run(capfd, "check", ADDRESS, *option)
        assert (code, out) == (2, "")
        assert f"{option[0]} needs a folder of this machine" in err
    assert run(capfd, "check", ADDRESS, ".")[0] == 2


def test_what_a_storage_says_is_passed_on(capfd, sample, bucket, monkeypatch) -> None:
    class NoCredentials(Exception):
        """As those who serve a storage raise, of no kind that is known here."""

    def refuse(*given, **named):
        raise NoCredentials("Unable to locate credentials")

    monkeypatch.setattr(type(bucket), "find", refuse)
    said = f"itgov: `{ADDRESS}` cannot be fetched: Unable to locate credentials\n"
    assert run(capfd, "check", ADDRESS) == (2, "", said)


def test_without_the_extra_the_command_that_installs_it_is_said(capfd, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    said = "itgov: `s3://` needs the extra `cluster`: pip install 'itgov[cluster]'\n"
    assert run(capfd, "check", "s3://bucket/x") == (2, "", said)


def test_the_copy_is_gone_afterwards(capfd, sample, tmp_path_factory, monkeypatch) -> None:
    kept = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(kept))
    assert run(capfd, "check", ADDRESS)[0] == 1
    assert list(kept.iterdir()) == []
