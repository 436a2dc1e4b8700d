"""Whether each rule counts once in engagement health: in one dimension, or under `unscored`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from itgov.files.document import Document, Route
from itgov.files.problem import Problem
from itgov.model.finding import Finding, Subject
from itgov.model.text import did_you_mean
from itgov.rules.catalogue import LoadedRule, RuleBook, rule_finding

COUNTED = ("error", "warning")
"""The severities of rules that health has to count, or to say why not."""


class _Named(NamedTuple):
    """A place that says where a rule counts, or why nowhere."""

    words: str
    document: Document | None
    route: Route
    is_key: bool


def scoring_problems(book: RuleBook) -> Iterator[Finding]:
    """Yield a finding on each rule that counts nowhere without a reason, or that is named twice.

    Those of a pack that a repository scores by a `health.yaml` of its own are one finding: whoever
    wrote that file sees at once what it leaves out.
    """
    named = _places(book)
    own = book.health_document if not book.health_shipped else None
    missing: list[str] = []
    for loaded in book.rules:
        rule = loaded.rule
        places = named.get(rule.id, [])
        if not places and rule.severity in COUNTED:
            if loaded.shipped and own is not None:
                missing.append(rule.id)
            else:
                yield _uncounted(loaded, book)
        elif len(places) > 1 and (last := places[-1]).document is not None:
            words = f"the rule {rule.id} is in {' and '.join(p.words for p in places)}"
            fix = "Keep it in one of them."
            yield _finding(last.document, last.route, words, fix, rule.id, key=last.is_key)
    if missing and own is not None:
        count = "1 rule counts" if len(missing) == 1 else f"{len(missing)} rules count"
        words = f"{count} in no dimension and not under `unscored`: {', '.join(missing)}"
        yield rule_finding(own, Problem.at(own, ("health",), "RUL-015", words, key=True))
    yield from _unknown(book, named)


def _places(book: RuleBook) -> dict[str, list[_Named]]:
    """Return the places that name each rule; without a document where no repository wrote them."""
    own = book.health_document if not book.health_shipped else None
    found: dict[str, list[_Named]] = {}
    for index, dimension in enumerate(book.health.dimensions):
        for rule in dict.fromkeys(dimension.rules):
            route: Route = ("health", "dimensions", index, "rules", dimension.rules.index(rule))
            words = f"the dimension `{dimension.id}`"
            found.setdefault(rule, []).append(_Named(words, own, route, False))
    for rule in book.health.unscored:
        at = book.unscored_at.get(rule)
        document, route = at or (own, ("health", "unscored", rule))
        found.setdefault(rule, []).append(_Named("`unscored`", document, route, True))
    return found


def _unknown(book: RuleBook, named: dict[str, list[_Named]]) -> Iterator[Finding]:
    """Yield a finding on each reason for a rule that is not in force."""
    known = {loaded.rule.id: None for loaded in book.rules}
    for rule in book.health.unscored:
        at = named[rule][-1]
        if rule not in known and at.document is not None:
            problem = Problem.at(
                at.document,
                at.route,
                "RUL-006",
                f"there is no rule {rule} in force{did_you_mean(rule, known)}",
                "Correct the id, or delete it.",
                key=True,
            )
            yield rule_finding(at.document, problem)


def _uncounted(loaded: LoadedRule, book: RuleBook) -> Finding:
    """Return that a rule counts nowhere, where the rule is written or adjusted."""
    document, route, key = loaded.document, (*loaded.route, "id"), False
    if loaded.shipped and loaded.adjusted is not None:
        (document, route), key = loaded.adjusted, True
    identifier = loaded.rule.id
    words = f"the rule {identifier} counts in no dimension of health and is not under `unscored`"
    fix = ""
    if book.health_shipped:
        fix = (
            f"Say why under `unscored` in this file (`unscored: {{{identifier}: the reason}}`), or add it "
            "to a dimension of a health.yaml of your own."
        )
    return _finding(document, route, words, fix, identifier, key=key)


def _finding(
    document: Document | None, route: Route, words: str, fix: str, rule: str, *, key: bool
) -> Finding:
    assert document is not None
    problem = Problem.at(
        document, route, "RUL-015", words, fix, key=key, subject=Subject("rule", rule)
    )
    return rule_finding(document, problem)
