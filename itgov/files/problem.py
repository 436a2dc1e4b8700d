"""A problem of a file itself, found before any rule is judged."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, structs

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


MOST_ALIKE = 100
"""Problems of one kind in one file that are told one by one."""


class Problems(list[Problem]):
    """The problems of one file; those of one kind beyond the first hundred are only counted."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self.extend(problems)

    def wants(self, code: str, more: int = 1) -> bool:
        """Count problems of a kind, and say whether the first of them is still told."""
        before = self._counts.get(code, 0)
        self._counts[code] = before + more
        return before < MOST_ALIKE

    def add(self, problem: Problem) -> None:
        """Add a problem that was counted when it was asked whether it is told."""
        super().append(problem)

    def append(self, problem: Problem) -> None:
        """Add a problem, or count it."""
        if self.wants(problem.code):
            self.add(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems, or count them."""
        for problem in problems:
            self.append(problem)

    def closed(self) -> list[Problem]:
        """Return the problems, with one more of each kind that says how many are not told."""
        last = {p.code: p for p in self}
        more = [
            structs.replace(
                last[code],
                message=f"and {count - MOST_ALIKE:,} more of {code} in this file",
                fix="Fix those above; the others are told then.",
            )
            for code, count in self._counts.items()
            if count > MOST_ALIKE
        ]
        return [*self, *more]


def left_out(document: Document) -> list[Problem]:
    """Return a problem for each value that the reader left out: a blank item, a text too long.

    A blank item may be a record that was lost.
    """
    problems = Problems()
    for start in document.blank_items[:MOST_ALIKE]:
        said, fix = "a blank item of a list", "Write the item, or delete it."
        problems.append(Problem("MOD-008", said, start, start + 1, fix=fix))
    problems.wants("MOD-008", max(len(document.blank_items) - MOST_ALIKE, 0))
    for entry in document.long_texts[:MOST_ALIKE]:
        route = document.route_to(entry)
        said = "the text has more than 20,000 characters, and is not read"
        fix = "Shorten it; what is longer belongs in a document that this links to."
        problems.append(Problem.at(document, route, "MOD-009", said, fix))
    problems.wants("MOD-009", max(len(document.long_texts) - MOST_ALIKE, 0))
    return problems.closed()


def field_of(route: Route) -> str | None:
    """Return the field of its subject that a route leads to: `stage`, `spend.budget`."""
    if route[:1] in (("organisation",), ("business_unit",)):
        steps = route[1:]
    elif route[:1] == ("investments",) and route[2:3] == ("outcomes",) and len(route) > 4:
        steps = route[4:]
    else:
        steps = route[2:]
    names = [str(s) for s in steps if isinstance(s, str)]
    if not names and route and isinstance(route[-1], str):
        names = [route[-1]]
    return ".".join(names) or None
