"""What a draft would import, said under it before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from itgov.importing.collect import collect
from itgov.importing.load import parse_mapping
from itgov.importing.report import listed, total_lines
from itgov.importing.run import bind, check_worth
from itgov.model.text import plural

_MOST = 10


def proof(draft: str, path: Path) -> Iterator[str]:
    """Yield the control totals of a draft as comments; raise ImportRefused where it is no use."""
    loaded = parse_mapping("the draft", draft.encode())
    tables = bind(loaded, [path])
    collected = collect(loaded.mapping, tables, {})
    check_worth(loaded.mapping, tables, collected)
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
        *total_lines(collected.totals, collected.unaccounted, loaded.mapping.organisation.currency),
    ]:
        yield f"# {line.replace('`--all` lists them', 'the import lists them with `--all`')}"
