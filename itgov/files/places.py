"""Where a record and its fields stand in the files."""

from __future__ import annotations

from itgov.files.document import Document
from itgov.model.finding import Place
from itgov.model.portfolio import Source


def locate(documents: dict[str, Document], source: Source, field: str | None) -> Place:
    """Return where a record's field stands: the key with its value, as far as its first line goes.

    `field` is a dotted path; where it is missing, the record's own first line is the place.
    """
    document = documents.get(source.path)
    if document is None:
        return Place(source.path or "portfolios/organisation.yaml")
    record = document.find_record(source.route)
    if record is None:
        return Place(source.path)
    if field:
        entry = document.find_field(record, source.route, tuple(field.split(".")))
        if entry is not None:
            return document.entry_place(entry)
    return document.span(*_first_line(document, record))


def _first_line(document: Document, entry: int) -> tuple[int, int]:
    if isinstance(document.keys[entry], str) and entry:
        return document.starts[entry], document.starts[entry] + len(str(document.keys[entry]))
    start = document.values[entry]
    line, _ = document.position(start)
    return start, start + len(document.line_text(line))
