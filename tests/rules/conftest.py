"""Rules judged one by one, to compare with how they are judged together."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from itgov.files.link import link
from itgov.files.load import read_files
from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.rules.cel import Runtime
from itgov.rules.compiled import CompiledRule
from itgov.rules.judge import judge
from itgov.rules.language import SUBJECTS
from itgov.rules.verdicts import FAIL, UNEVALUATED, WAIVED, subject_of
from itgov.rules.vocabulary import record_of

from ..support.rule_repo import AS_OF, repo, rule, rules

__all__ = ["repo", "rule", "rules"]


def view(entry):
    found = record_of(entry)
    if hasattr(entry, "outcomes"):
        found["outcomes"] = [record_of(o) for o in entry.outcomes]
    return found


def one_by_one(portfolio, book):
    """Return verdict, message and reason of every rule on every subject, each asked by itself."""
    runtime = Runtime(portfolio.today, [*SUBJECTS, "people", "relationship_managers", "today"])
    around = {
        "organisation": record_of(portfolio.organisation),
        "people": {k: record_of(p) for k, p in portfolio.people.items()},
        "relationship_managers": {k: record_of(m) for k, m in portfolio.managers.items()},
        "today": portfolio.today.isoformat(),
    }
    subjects = {kind: [] for kind in SUBJECTS}
    for unit in portfolio.units.values():
        here = {"business_unit": view(unit)}
        subjects["business_unit"].append((unit, here))
        for investment in unit.investments:
            inside = {**here, "investment": view(investment)}
            subjects["investment"].append((investment, inside))
            subjects["outcome"] += [
                (o, {**inside, "outcome": view(o)}) for o in investment.outcomes
            ]
        subjects["engagement"] += [(e, {**here, "engagement": view(e)}) for e in unit.engagements]
    subjects["organisation"] = [(portfolio.organisation, {})]
    subjects["person"] = [(p, {"person": view(p)}) for p in portfolio.people.values()]
    subjects["relationship_manager"] = [
        (m, {"relationship_manager": view(m)}) for m in portfolio.managers.values()
    ]
    found = {}
    for loaded in book.rules:
        program = CompiledRule(loaded.rule, runtime)
        for entry, variables in subjects[loaded.rule.for_]:
            answer = program.judge(runtime.scope({**around, **variables}), entry, portfolio.people)
            found[loaded.rule.id, subject_of(entry, loaded.rule.for_)] = (
                answer.verdict, answer.message, answer.reason,
            )  # fmt: skip
    return found


def all_differences(root: Path):
    """Return what judging says otherwise than asking each rule by itself, given everything."""
    repository = find_repository(root)
    book = Flow(repository).rules(check=False)
    linked = link(
        read_files(repository.tree.files("portfolios")), datetime.date.fromisoformat(AS_OF)
    )
    judged = judge(linked, book)
    batches = {}
    for table in judged.verdicts:
        names = judged.order[table.kind]
        for row, subject in enumerate(table.subjects):
            for column, name in enumerate(names):
                batches[name, subject] = table.table[row * len(names) + column]
    findings = {(f.rule, f.subject.id): f for f in judged.findings}
    alone = one_by_one(linked.portfolio, book)
    assert set(batches) == set(alone)
    found = []
    for key, (verdict, message, reason) in alone.items():
        said = findings[key].message if key in findings else None
        if (FAIL if batches[key] == WAIVED else batches[key]) != verdict:
            found.append((key, batches[key], verdict, said, reason))
        elif verdict == FAIL and said != message:
            found.append((key, said, message))
        elif verdict == UNEVALUATED and not str(said).endswith(str(reason)):
            found.append((key, said, reason))
    return found, len(alone)


@pytest.fixture(scope="session")
def differences() -> Callable[[Path], Any]:
    """Return `all_differences`."""
    return all_differences
