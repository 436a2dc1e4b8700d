"""Figures that are derived facts: each says in its type what it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from itgov.insight.why_paths import Entry, PathReader, plain_value
from itgov.insight.why_types import Figure, Parts, WhyInput
from itgov.model.derivation import Derivation, reads
from itgov.model.fact_base import Facts
from itgov.model.fields import described


def fact_figures(reader: PathReader, entry: Entry) -> Iterator[Figure]:
    """Yield every derived fact of an entry, and what git knows of it where it was asked."""
    known: tuple[Facts | None, ...] = (entry.facts, getattr(entry, "history", None))
    for facts in known:
        if facts is None:
            continue
        for name, said in described(type(facts)).items():
            value = getattr(facts, name)
            if isinstance(value, Facts) and name in ("days_since_change", "changed_by"):
                yield from _by_field(reader, entry, name, value, said.words)
                continue
            parts = partial(derived_parts, reader, entry, said.derivation or reads())
            yield Figure(name, plain_value(value), said.words, parts)


def _by_field(
    reader: PathReader, entry: Entry, name: str, facts: Facts, words: str
) -> Iterator[Figure]:
    for field in described(type(facts)):
        value = getattr(facts, field)

        def parts(field: str = field) -> Parts:
            known = reader.input_of(entry, field, reader.commit(entry, field), field)
            return Parts("words", [known, *reader.read(entry, "git")])

        yield Figure(f"{name}.{field}", plain_value(value), words, parts)


def derived_parts(reader: PathReader, entry: Entry, derivation: Derivation) -> Parts:
    """Return what a derivation says of an entry."""
    inputs = [i for path in derivation.reads for i in reader.read(entry, path)]
    over = [i for path in derivation.over for i in reader.read(entry, path)]
    if derivation.how == "words":
        return Parts("words", inputs)
    return Parts(derivation.how, _there(derivation, inputs), _there(derivation, over))


def _there(derivation: Derivation, inputs: list[WhyInput]) -> list[WhyInput]:
    """Leave out what is not recorded, and of a sum what adds nothing."""
    if derivation.how == "count":
        return inputs
    return [i for i in inputs if i.value is not None]
