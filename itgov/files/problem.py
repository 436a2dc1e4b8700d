"""What can be wrong with a file itself, before any rule looks at it."""

from __future__ import annotations

from msgspec import Struct

from itgov.files.document import Route
from itgov.model.finding import Subject


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
