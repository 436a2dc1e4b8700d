"""Judging versions of a portfolio where they differ: what is alike in all is judged in none."""

from __future__ import annotations

from collections.abc import Sequence

from itgov.files.linked import Linked
from itgov.rules.catalogue import RuleBook
from itgov.rules.judged_part import UnitFiles
from itgov.rules.prepared_rules import PreparedRules
from itgov.rules.unit_keys import UnitKeys, rules_key
from itgov.rules.verdicts import Judged


def judge_differing(
    versions: Sequence[Linked], book: RuleBook
) -> tuple[list[Judged], frozenset[str]]:
    """Return how the rules ended in each version, and the units that were judged.

    The versions have the same units and the same files.  Judged are the units whose findings may
    differ between any two of them, and what belongs to no unit.
    """
    first = versions[0].portfolio
    evidence = first.evidence
    blind = evidence is None or evidence.blind is not None
    prepared = PreparedRules(first, book.rules, book.info(), blind)
    keys, rules = UnitKeys(), rules_key(book)
    known = []
    for version in versions:
        prepared.move_to(version.portfolio)
        known.append(keys.of(version, prepared, rules))
    units = [
        unit
        for index, unit in enumerate(first.units)
        if len({each[index] for each in known}) > 1 or known[0][index] is None
    ]
    found = []
    for version in versions:
        prepared.move_to(version.portfolio)
        files = [UnitFiles.of(version.portfolio.units[u], version.documents) for u in units]
        parts = [prepared.units(files, lambda done: None), prepared.beside(version.documents)]
        found.append(prepared.conclude(version, parts))
    return found, frozenset(units)
