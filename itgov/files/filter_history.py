"""The filters that a user typed in the review room, kept from one run to the next."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from itgov.files.atomic import write_atomic
from itgov.files.userpath import filter_history_path

MOST = 50
"""Filters that are kept of each view."""
_LARGEST = 1_000_000
"""Bytes of a file that is read; nothing that this wrote is so long."""


class FilterHistory(Struct, frozen=True):
    """The filters by view, the last of each at the end."""

    filters: dict[str, list[str]] = {}


def read_filter_history(path: Path | None = None) -> FilterHistory:
    """Return what was kept; nothing where there is none, or the file is damaged."""
    path = path or filter_history_path()
    try:
        if path.stat().st_size > _LARGEST:
            return FilterHistory()
        return msgspec.json.decode(path.read_bytes(), type=FilterHistory)
    except (OSError, ValueError):  # msgspec's own errors are ValueErrors
        return FilterHistory()


def keep_in_history(view: str, text: str, path: Path | None = None) -> None:
    """Keep a filter as the last of its view, beside what other rooms kept.  Raises OSError."""
    path = path or filter_history_path()
    filters = dict(read_filter_history(path).filters)
    filters[view] = [*(t for t in filters.get(view, []) if t != text), text][-MOST:]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, msgspec.json.encode(FilterHistory(filters)), durable=False)
