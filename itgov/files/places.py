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
    known = document.known_place(source.route) if document is not None and not field else None
    if known is not None:
        return known
    return RecordPlaces(documents, source).of(field)


class RecordPlaces:
    """Where one record and its fields stand; what they share is looked up once."""

    __slots__ = ("_fields", "_own", "document", "record", "source")

    def __init__(self, documents: dict[str, Document], source: Source) -> None:
        self.source = source
        self.document = documents.get(source.path)
        document = self.document
        self.record = document.find_record(source.route) if document is not None else None
        """The record's entry in the document; None where it is not there."""
        self._fields: dict[str | int, int] | None = None
        self._own: Place | None = None

    def of(self, field: str | None) -> Place:
        """Return the place of a field, as `locate` does."""
        document, record = self.document, self.record
        if document is None:
            return Place(self.source.path or "portfolios/organisation.yaml")
        if record is None:
            return Place(self.source.path)
        if field:
            entry = self._find(document, record, field)
            if entry is not None:
                return document.entry_place(entry)
        if self._own is None:
            self._own = document.span(*_first_line(document, record))
        return self._own

    def _find(self, document: Document, record: int, field: str) -> int | None:
        if self._fields is None:
            self._fields = document.fields(record)
        if "." not in field:
            return self._fields.get(field)
        first, *rest = field.split(".")
        entry = self._fields.get(first)
        if entry is None:
            return None
        return document.find_field(entry, (*self.source.route, first), tuple(rest))


def _first_line(document: Document, entry: int) -> tuple[int, int]:
    if isinstance(document.keys[entry], str) and entry:
        return document.starts[entry], document.starts[entry] + len(str(document.keys[entry]))
    return document.values[entry], len(document.text)  # of which a span is cut at the line's end
