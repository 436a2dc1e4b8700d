"""A later table over an earlier one: what it may change, and what is not in it any more."""

from __future__ import annotations

from itgov.importing.draft import Import
from itgov.importing.existing import Known
from itgov.importing.trouble import refuse
from itgov.model.text import plural


def check_day(found: list[tuple[Import, Known | None]]) -> None:
    """Refuse tables whose day is only assumed over values whose day was stated."""
    stated = [
        k.as_of
        for i, k in found
        if i.is_assumed and k is not None and k.as_of is not None and not k.is_assumed
    ]
    if stated:
        count = plural(len(stated), "investment")
        raise refuse(
            f"nothing says of which day these tables are, and {count} would be changed whose values are "
            f"of {max(stated)}",
            fix="Say their day, as in `--as-of 2026-12-31`, or go on with `--anyway`.",
        )
