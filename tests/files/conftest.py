"""Portfolio files written in a test, and what reading and linking make of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from itgov.files.document import Document
from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import ReadFile, read_file
from itgov.files.problem import Problem
from itgov.files.reader import read
from itgov.files.sources import RawFile

AS_OF = datetime.date(2026, 11, 23)


class Text(NamedTuple):
    """What was read from one text."""

    document: Document
    data: Any
    problems: list[Problem]

    @property
    def places(self) -> list[tuple[str, int, int]]:
        """Code, line and column of every problem."""
        return [(p.code, *self.document.position(p.start)) for p in self.problems]

    @property
    def codes(self) -> list[str]:
        return [p.code for p in self.problems]

    def value_at(self, *route: str | int) -> tuple[int, int]:
        """Line and column at which the value at `route` starts."""
        entry = self.document.find(route)
        assert entry is not None, f"nothing at {route}"
        return self.document.position(self.document.values[entry])

    def key_at(self, *route: str | int) -> tuple[int, int]:
        """Line and column at which the key (or the list item) at `route` starts."""
        entry = self.document.find(route)
        assert entry is not None, f"nothing at {route}"
        return self.document.position(self.document.starts[entry])


class File(NamedTuple):
    """What was read from one portfolio file."""

    read: ReadFile

    @property
    def content(self) -> Any:
        return self.read.content

    @property
    def places(self) -> list[tuple[str, int, int]]:
        position = self.read.document.position
        return sorted((p.code, *position(p.start)) for p in self.read.problems)

    @property
    def messages(self) -> str:
        return "\n".join(p.message for p in self.read.problems)


class Joined(NamedTuple):
    """What was linked from several portfolio files."""

    linked: Linked

    @property
    def portfolio(self) -> Any:
        return self.linked.portfolio

    @property
    def findings(self) -> list[Any]:
        return self.linked.findings

    @property
    def places(self) -> list[tuple[str, str, int, int]]:
        """Rule, file (without `portfolios/`), line and column of every finding, sorted."""
        return sorted(
            (f.rule, f.path.removeprefix("portfolios/"), f.line, f.column) for f in self.findings
        )

    @property
    def rules(self) -> list[str]:
        return sorted(f.rule for f in self.findings)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _read(text: str | bytes, path: str = "portfolios/x.yaml") -> Text:
    return Text(*read(path, _bytes(text)))


def _load(text: str | bytes, path: str = "portfolios/retail.yaml") -> File:
    return File(read_file(RawFile(path, _bytes(text))))


def _join(files: Mapping[str, str | bytes], today: datetime.date = AS_OF) -> Joined:
    read_files = [read_file(RawFile(f"portfolios/{p}", _bytes(t))) for p, t in files.items()]
    return Joined(link(read_files, today))


@pytest.fixture(scope="session")
def read_text() -> Callable[..., Text]:
    """Read a text that may be any YAML."""
    return _read


@pytest.fixture(scope="session")
def load() -> Callable[..., File]:
    """Read one portfolio file."""
    return _load


@pytest.fixture(scope="session")
def join() -> Callable[..., Joined]:
    """Read and link portfolio files, given by name."""
    return _join


@pytest.fixture(scope="session")
def as_of() -> datetime.date:
    return AS_OF
