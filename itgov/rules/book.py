"""The rules in force: read from `rules/`, joined with the standard pack, and checked.

What is wrong with a rule file is a finding at its place: `RUL-` for the rules themselves, and the
same `YML-` and `MOD-` as for any other file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from itgov.files.convert import convert
from itgov.files.document import Document, Route
from itgov.files.problem import Problem
from itgov.files.reader import read
from itgov.files.shipped import standard_root
from itgov.files.sources import FileTree, RawFile, WorkTree
from itgov.model.builtins import BUILT_IN
from itgov.model.finding import SEVERITIES, Finding, Place, Subject
from itgov.model.rulebook import RuleInfo
from itgov.model.text import did_you_mean
from itgov.rules.catalogue import LoadedRule, describe, rule_finding
from itgov.rules.language import MANDATORY, Adjustment, Health, HealthFile, Rule, RuleFile


class RuleBook(Struct):
    """The rules in force and how health is scored, and everything wrong with their files."""

    rules: list[LoadedRule]
    health: Health
    health_document: Document | None
    documents: dict[str, Document]
    problems: list[Finding]
    health_shipped: bool = True
    """Whether health is scored as the package's own standard says."""

    @property
    def broken(self) -> bool:
        """Whether the rules hold an error, so that nothing can be enforced by them."""
        return any(f.severity == "error" and not self._is_of_health(f) for f in self.problems)

    @property
    def health_broken(self) -> bool:
        """Whether how health is scored holds an error; enforcing does not depend on it."""
        return any(f.severity == "error" and self._is_of_health(f) for f in self.problems)

    def _is_of_health(self, finding: Finding) -> bool:
        document = self.health_document if not self.health_shipped else None
        return (
            document is not None
            and finding.path == document.path
            and document.path in self.documents
        )

    def info(self) -> dict[str, RuleInfo]:
        """Return the catalogue: every rule in force and every finding that is built in, by id."""
        return {**{r.rule.id: describe(r) for r in self.rules}, **BUILT_IN}


def load_rules(
    source: FileTree, folders: Sequence[str] = ("rules",), check: bool = True
) -> RuleBook:
    """Return the rules in force in a repository.

    Without any file in `folders` they are the standard pack.  With `check`, the expressions of the
    repository's own rules are checked against the model; the pack's own always were.
    """
    files = [f for folder in folders for f in source.files(folder)]
    loader = _Loader()
    if files:
        loader.read_all(files)
        loader.join()
    else:
        loader.take_standard()
    book = loader.book()
    if check and files:
        from itgov.rules.check import check_rules  # the type checker; not needed for the pack

        book.problems.extend(check_rules(book))
    book.problems.sort(key=Finding.sort_key)
    return book


def check_standard() -> RuleBook:
    """Return the standard pack with every expression checked, as its tests need it."""
    from itgov.rules.check import check_rules

    loader = _Loader()
    loader.take_standard(shipped=False)
    book = loader.book()
    book.problems.extend(check_rules(book))
    return book


class _Loader:
    def __init__(self) -> None:
        self.files: list[tuple[Document, RuleFile]] = []
        self.health: tuple[Document, Health] | None = None
        self.documents: dict[str, Document] = {}
        self.problems: list[Finding] = []
        self.rules: dict[str, LoadedRule] = {}
        self.health_shipped = True
        self.disabled: set[str] = set()

    # -- reading ---------------------------------------------------------------------------

    def read_all(self, files: list[RawFile]) -> None:
        for raw in files:
            if raw.problem is not None:
                document = self.documents[raw.path] = Document(raw.path, b"")
                self.add(document, raw.problem)
                continue
            document, data, problems = read(raw.path, raw.data)
            self.documents[raw.path] = document
            for problem in problems:
                self.add(document, problem)
            if data is not None:
                self._fit(document, data)
            elif not problems:
                self.add(document, Problem("MOD-006", "the file is empty"))

    def _fit(self, document: Document, data: Any) -> None:
        kind: Any = RuleFile
        if isinstance(data, dict) and document.find(("health",)) is not None:
            kind = HealthFile  # also where it is blank, which the data leave out
        content, problems = convert(document, data, kind, start="`rules:`")
        for problem in problems:
            self.add(document, _in_rule_words(problem, data))
        if isinstance(content, HealthFile):
            if self.health is not None:
                self.add(
                    document,
                    Problem("RUL-004", f"health is already defined in {self.health[0].path}"),
                )
            else:
                self.health = (document, content.health)
                self.health_shipped = False
        elif isinstance(content, RuleFile):
            self.files.append((document, content))

    # -- joining ---------------------------------------------------------------------------

    def take_standard(self, shipped: bool = True) -> None:
        for raw in WorkTree(standard_root()).files("rules"):
            document, data, problems = read(raw.path, raw.data)
            kind: Any = HealthFile if isinstance(data, dict) and "health" in data else RuleFile
            if shipped:
                content = msgspec.convert(data, kind)
            else:
                content, unfit = convert(document, data, kind)
                for problem in [*problems, *unfit]:
                    self.add(document, problem)
            self.documents.setdefault(document.path, document)
            if isinstance(content, HealthFile):
                if self.health is None:
                    self.health = (document, content.health)
                    self.health_shipped = shipped
            elif isinstance(content, RuleFile):
                for index, rule in enumerate(content.rules):
                    self.rules[rule.id] = LoadedRule(rule, document, ("rules", index), shipped)

    def join(self) -> None:
        own_documents = dict(self.documents)
        # a mistake in how health is scored is no reason to enforce less
        only_health = (
            self.health is not None
            and not self.files
            and all(f.path == self.health[0].path for f in self.problems)
        )
        if only_health or any(content.extends for _, content in self.files):
            self.take_standard()
        else:
            self._take_mandatory()
        self.documents.update(own_documents)
        seen: dict[str, LoadedRule] = {}
        for document, content in self.files:
            for index, rule in enumerate(content.rules):
                self._add_rule(LoadedRule(rule, document, ("rules", index), False), seen)
        for document, content in self.files:
            self._adjust(document, content)
            self._disable(document, content)

    def _take_mandatory(self) -> None:
        standard = _Loader()
        standard.take_standard()
        for identifier in MANDATORY:
            self.rules[identifier] = standard.rules[identifier]
        if self.health is None:
            self.health = standard.health

    def _add_rule(self, loaded: LoadedRule, seen: dict[str, LoadedRule]) -> None:
        rule, document, route = loaded.rule, loaded.document, loaded.route
        first = seen.setdefault(rule.id.upper(), loaded)
        if first is not loaded:
            place = first.document.place((*first.route, "id"))
            self.add_at(
                document,
                (*route, "id"),
                "RUL-004",
                f"rule {rule.id} is already defined in {place.path}:{place.line}",
                "Give one of the two another id; ids are stable for ever.",
                (place,),
            )
            return
        if rule.id in BUILT_IN or rule.id.split("-")[0].upper() in (
            "YML",
            "MOD",
            "REF",
            "WVR",
            "RUL",
        ):
            self.add_at(
                document,
                (*route, "id"),
                "RUL-004",
                f"the id {rule.id} is used by a built-in rule",
                "Use letters of your own.",
            )
            return
        if rule.id in MANDATORY:
            weaker = _weaker(rule)
            if weaker is not None:
                field, why = weaker
                self.add_at(
                    document,
                    (*route, field),
                    "RUL-005",
                    f"{rule.id} is mandatory: {why}",
                    "Delete this; the rule stays as it is.",
                )
                return
        elif any(rule.id.upper() == known.upper() for known in self.rules):
            self.add_at(
                document,
                (*route, "id"),
                "RUL-004",
                f"rule {rule.id} is already in the standard pack",
                "Change it under `adjust:`, or give yours another id.",
            )
            return
        self.rules[rule.id] = loaded

    def _adjust(self, document: Document, content: RuleFile) -> None:
        for identifier, change in content.adjust.items():
            route: Route = ("adjust", identifier)
            loaded = self.rules.get(identifier)
            if loaded is None:
                self.add_at(
                    document,
                    route,
                    "RUL-006",
                    f"there is no rule {identifier} to adjust{did_you_mean(identifier, self.rules)}",
                    "Correct the id: see `itgov rules list`.",
                    key=True,
                )
                continue
            if identifier in MANDATORY:
                if change.severity not in (None, "error"):
                    self.add_at(
                        document,
                        (*route, "severity"),
                        "RUL-005",
                        f"{identifier} is mandatory: its severity stays error",
                        "Delete this line.",
                    )
                if change.waivable:
                    self.add_at(
                        document,
                        (*route, "waivable"),
                        "RUL-005",
                        f"{identifier} is mandatory: it cannot be waived",
                        "Delete this line.",
                    )
                if change.severity not in (None, "error") or change.waivable:
                    continue
            changes = {
                field: getattr(change, field)
                for field in Adjustment.__struct_fields__
                if getattr(change, field) is not None
            }
            self.rules[identifier] = msgspec.structs.replace(
                loaded,
                rule=msgspec.structs.replace(loaded.rule, **changes),
                adjusted=(document, route) if change.message is not None else loaded.adjusted,
            )

    def _disable(self, document: Document, content: RuleFile) -> None:
        for index, identifier in enumerate(content.disable):
            route: Route = ("disable", index)
            if identifier in MANDATORY:
                self.add_at(
                    document,
                    route,
                    "RUL-005",
                    f"{identifier} is mandatory: it cannot be disabled",
                    "Delete it from the list.",
                )
            elif identifier in self.disabled:
                continue
            elif identifier not in self.rules:
                self.add_at(
                    document,
                    route,
                    "RUL-006",
                    f"there is no rule {identifier} to disable{did_you_mean(identifier, self.rules)}",
                    "Correct the id: see `itgov rules list`.",
                )
            else:
                self.disabled.add(identifier)
                del self.rules[identifier]

    def book(self) -> RuleBook:
        health = self.health or (None, Health())
        return RuleBook(
            list(self.rules.values()),
            health[1],
            health[0],
            self.documents,
            self.problems,
            self.health_shipped,
        )

    # -- findings --------------------------------------------------------------------------

    def add(self, document: Document, problem: Problem) -> None:
        self.problems.append(rule_finding(document, problem))

    def add_at(
        self,
        document: Document,
        route: Route,
        code: str,
        message: str,
        fix: str,
        related: tuple[Place, ...] = (),
        key: bool = False,
    ) -> None:
        subject = None
        if route[:1] == ("rules",) and len(route) > 1 and isinstance(route[1], int):
            content = next(c for d, c in self.files if d is document)
            subject = Subject("rule", content.rules[route[1]].id)
        problem = Problem.at(document, route, code, message, fix, key=key, subject=subject)
        self.problems.append(rule_finding(document, problem, related))


def _weaker(rule: Rule) -> tuple[str, str] | None:
    """Say where a repository's own version of a mandatory rule asks for less than the rule."""
    field = MANDATORY[rule.id]
    if rule.for_ != "investment":
        return "for", "it is for every investment"
    if rule.named is None or rule.named.field != field:
        return "id", f"it asks that `{field}` is named"
    if rule.when is not None:
        return "when", "it applies to every investment"
    if rule.severity != SEVERITIES[0]:
        return "severity", "its severity stays error"
    if rule.waivable:
        return "waivable", "it cannot be waived"
    return None


def _in_rule_words(problem: Problem, data: Any) -> Problem:
    """Return a problem of a rule file with the rule that it is in as its subject."""
    route = problem.route
    if len(route) < 2 or route[0] != "rules":
        return problem
    try:
        identifier = data["rules"][route[1]]["id"]
    except (KeyError, IndexError, TypeError):
        return problem
    return msgspec.structs.replace(problem, subject=Subject("rule", str(identifier)))
