"""A problem of a file itself, found before any rule is judged."""

from __future__ import annotations

from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.model.finding import Place, Subject


class Problem(Struct, frozen=True):
    """Something wrong in the text of a file.

    `start` and `end` are character offsets into its text; `other` is the offset of a second
    place that belongs to it (the first of two equal keys).  `route` says which value it is about.
    """

    code: str
    message: str
    start: int = 0
    end: int = 0
    other: int | None = None
    route: Route = ()
    fix: str = ""
    subject: Subject | None = None

    @classmethod
    def at(
        cls,
        document: Document,
        route: Route,
        code: str,
        message: str,
        fix: str = "",
        *,
        key: bool = False,
        subject: Subject | None = None,
    ) -> Problem:
        """Return a problem with the value (or the key) at a route of a document."""
        start, end = document.offsets(route, key)
        return cls(code, message, start, end, route=route, fix=fix, subject=subject)

    def place(self, document: Document) -> Place:
        """Return its place in the document that it was found in."""
        return document.span(self.start, self.end)

    def related(self, document: Document) -> tuple[Place, ...]:
        """Return the second place that belongs to it, where there is one and it is another."""
        if self.other is None:
            return ()
        first, place = document.span(self.other, self.other + 1), self.place(document)
        return (first,) if (first.line, first.column) != (place.line, place.column) else ()
