"""What linking makes of the files of a repository; `itgov.files.link` makes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from itgov.files.document import Document
from itgov.model.fields import Kind
from itgov.model.finding import Finding, Place
from itgov.model.portfolio import Lost, Portfolio

SUGGESTIONS = 100
"""How many unknown names of a run are given a likely one."""


class Elsewhere(NamedTuple):
    """What files of a portfolio have that are not linked."""

    paths: Collection[str]
    ids: Mapping[Kind, Collection[str]]
    """Ids that they define, by what they are of."""
    organisation: Portfolio | None = None
    """The organisation, people and relationship managers, by `link_organisation`: all that any file says of them."""
    lost: Lost = Lost()
    """What files that are not linked may have said that could not be read."""


class Linked(Struct):
    """A portfolio, the documents it was read from by path, and the findings on the files."""

    portfolio: Portfolio
    documents: dict[str, Document]
    findings: list[Finding]
    """File by file, in the order of the documents."""
    unread: list[str] = []
    """Paths of files of which nothing could be read."""
    hiding: dict[tuple[str, Place], frozenset[str]] = {}
    """Findings on files, by rule and place, for which something was not judged: a record by any rule, where
    nothing is named here, or the fields that are named."""
    files: int = 0
    """Number of portfolio files."""
    unknown: int = 0
    """Number of names that are nobody's."""
    is_apart: bool = True
    """Whether no finding says which unit or item of all an unknown name may mean."""


def file_by_file(findings: Iterable[Finding], documents: Iterable[str]) -> list[Finding]:
    """Return findings in the order of their documents, and for each as they are given."""
    place = {path: at for at, path in enumerate(documents)}
    return sorted(findings, key=lambda finding: place[finding.path])
