"""What a draft would import, said under it before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from itgov.importing.binding import bind
from itgov.importing.collect import Collected, collect
from itgov.importing.load import parse_mapping
from itgov.importing.report import listed, total_lines
from itgov.importing.run import check_worth
from itgov.model.text import plural

_MOST = 10


class Proof(Struct):
    """What a draft would import, as comments, and whether that is all of the money."""

    lines: list[str]
    is_sound: bool


def proof(draft: str, path: Path) -> Proof:
    """Return the control totals of a draft; raise ImportRefused where it is no use."""
    loaded = parse_mapping("the draft", draft.encode())
    tables = bind(loaded, [path])
    collected = collect(loaded.mapping, tables, {})
    check_worth(loaded.mapping, tables, collected)
    lost = collected.unaccounted or not all(t.is_sound for t in collected.totals)
    lost = lost or any(a.has_rows_too_wide for a in collected.accounts)
    is_sound = not lost and not any(i.conflicts for i in collected.imports)
    lines = list(_lines(collected, loaded.mapping.organisation.currency))
    return Proof(lines, is_sound)


def _lines(collected: Collected, currency: str | None) -> Iterator[str]:
    rows = sum(a.rows for a in collected.accounts)
    yield (
        f"# This draft makes {plural(len(collected.imports), 'investment')} of {plural(rows, 'row')}."
    )
    for account in collected.accounts:
        for line in account.lines()[1:]:
            yield f"#{line}"
    conflicts = [str(c) for i in collected.imports for c in i.conflicts]
    if conflicts:
        yield "# Rows have one id and say different things; only the first is kept. Name another id,"
        yield "# or write `merge: {spend: sum}` under `- table:` where they are lines of one cost:"
    for line in [
        *listed("contradicting values", conflicts, _MOST),
        *listed("cells to check", [str(p) for p in collected.problems], _MOST),
        *total_lines(collected.totals, collected.unaccounted, currency),
    ]:
        yield f"# {line.replace('`--all` lists them', 'the import lists them with `--all`')}"
