"""What linking makes of the files of a repository; `itgov.files.link` makes it."""

from __future__ import annotations

from msgspec import Struct

from itgov.files.document import Document
from itgov.model.finding import Finding
from itgov.model.portfolio import Portfolio


class Linked(Struct):
    """A portfolio, the documents it was read from by path, and the findings on the files."""

    portfolio: Portfolio
    documents: dict[str, Document]
    findings: list[Finding]
    unread: list[str] = []
    """Paths of files of which nothing could be read."""
    files: int = 0
    """Number of portfolio files."""
