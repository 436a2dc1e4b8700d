"""Columns called as ids are that repeat, where the id is made of names instead."""

from __future__ import annotations

from collections.abc import Iterator

from itgov.importing import mapping as m
from itgov.importing.column_choice import rank_of_name
from itgov.importing.languages import column_phrases
from itgov.importing.tables import SourceTable, header_key
from itgov.importing.trouble import shown
from itgov.importing.values import is_placeholder, key_of, one_line
from itgov.importing.walk import columns_of, table_of
from itgov.model.text import plural


def repeated_ids(mapping: m.Mapping, tables: dict[str, list[SourceTable]]) -> Iterator[str]:
    """Say which columns of ids repeat while titles make the id, so that each title is one investment."""
    for source in mapping.investments:
        made_of = [column for _, column in columns_of(source.id)]
        names = (source.title, source.unit.id, source.unit.name)
        named = {header_key(c) for spec in names if spec is not None for _, c in columns_of(spec)}
        if not made_of or not named.issuperset(map(header_key, made_of)):
            continue
        by = " and ".join(f"`{shown(column)}`" for column in made_of)
        for table in tables.get(table_of(mapping, source), []):
            ids = [[key_of(one_line(c)) for c in table.column_cells(name)] for name in made_of]
            for column in table.headers:
                if (
                    header_key(column) in named
                    or rank_of_name(column, column_phrases("id")) is None
                ):
                    continue
                words = [one_line(c) for c in table.column_cells(column)]
                each = {
                    (key_of(word), of)
                    for word, of in zip(words, zip(*ids, strict=True), strict=True)
                    if word and not is_placeholder(word)
                }
                again = len(each) - len({word for word, _ in each})
                if again:
                    yield (
                        f"{table.path}: {plural(again, 'row')} with the `{shown(column)}` of another row; "
                        f"the id is made of {by}, so that they are investments of their own"
                    )
