"""The rules in force, and what the catalogue tells of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from itgov.files.document import Document, Route
from itgov.files.problem import Problem
from itgov.model.builtins import BUILT_IN
from itgov.model.finding import Finding, Place, Subject
from itgov.model.rulebook import RuleInfo
from itgov.rules.language import MANDATORY, Health, Rule

if TYPE_CHECKING:
    from itgov.rules.analysis import Reads


class LoadedRule(Struct, dict=True):
    """A rule in force, with the file it comes from."""

    rule: Rule
    document: Document
    route: Route
    shipped: bool
    """From the package's own standard pack, which its tests have checked."""
    adjusted: tuple[Document, Route] | None = None
    """Where a repository last adjusts the rule."""
    own_message: tuple[Document, Route] | None = None
    """Where a repository gives the rule another message."""

    @cached_property
    def reads(self) -> Reads:
        """What its expressions read."""
        from itgov.rules.analysis import reads_of_rule  # CEL: not every use of rules needs it

        return reads_of_rule(self.rule).all

    @cached_property
    def info(self) -> RuleInfo:
        """What the catalogue tells of it."""
        rule = self.rule
        return RuleInfo(
            id=rule.id,
            name=rule.name,
            summary=rule.summary or rule.name.replace("-", " "),
            title=rule.title or "",
            severity=rule.severity,
            subject=rule.for_,
            why=rule.why or "",
            fix=rule.fix or "",
            sources=tuple(rule.sources),
            tags=tuple(rule.tags),
            waivable=is_waivable(rule),
            mandatory=rule.id in MANDATORY,
            place=self.document.place((*self.route, "id")),
            condition=condition_text(rule),
        )


class RuleBook(Struct):
    """The rules in force and how health is scored, and everything wrong with their files."""

    rules: list[LoadedRule]
    health: Health
    health_document: Document | None
    documents: dict[str, Document]
    problems: list[Finding]
    health_shipped: bool = True
    """Whether health is scored as the package's own standard says."""
    unscored_at: dict[str, tuple[Document, Route]] = {}
    """Where rule files, beside health.yaml, say why a rule counts in no dimension of health."""
    own: tuple[str, ...] = ()
    """Paths of the repository's own rule files that could be read, in their order."""
    disabled_at: dict[str, tuple[Document, Route]] = {}
    """Where a rule of the standard pack is disabled."""
    extends_at: tuple[Document, Route] | None = None
    """Where the standard pack is extended; None where it holds without."""

    @property
    def errors(self) -> list[Finding]:
        """What is so wrong that it must be fixed, how health is scored included."""
        return [f for f in self.problems if f.severity == "error"]

    @property
    def broken(self) -> bool:
        """Whether the rules hold an error, so that nothing can be enforced by them."""
        return len(self.health_errors) < len(self.errors)

    @property
    def health_errors(self) -> list[Finding]:
        """The errors in how health is scored; enforcing does not depend on them."""
        return [f for f in self.errors if self._is_of_health(f)]

    @property
    def health_path(self) -> str:
        """The file that says how health is scored, or would say so."""
        return (
            self.health_document.path if self.health_document is not None else "rules/health.yaml"
        )

    def _is_of_health(self, finding: Finding) -> bool:
        document = self.health_document if not self.health_shipped else None
        return (
            document is not None
            and finding.path == document.path
            and document.path in self.documents
        )

    def info(self) -> Mapping[str, RuleInfo]:
        """Return the catalogue: every rule in force and every finding that is built in, by id."""
        return _Catalogue(self.rules)


class _Catalogue(Mapping[str, RuleInfo]):
    """What is told of each rule, put together when it is asked for."""

    def __init__(self, rules: Sequence[LoadedRule]) -> None:
        self._known: dict[str, LoadedRule | RuleInfo] = {r.rule.id: r for r in rules}
        self._known.update(BUILT_IN)

    def __getitem__(self, identifier: str) -> RuleInfo:
        found = self._known[identifier]
        return found.info if isinstance(found, LoadedRule) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __reduce__(self) -> tuple[Any, ...]:  # to another process without the rules' files
        return dict, (dict(self),)


def is_waivable(rule: Rule) -> bool:
    """Say whether a waiver may excuse the rule; never one of the mandatory two."""
    return rule.waivable is not False and rule.id not in MANDATORY


def condition_text(rule: Rule) -> str:
    """Return the rule's condition as its file says it, a line for each part."""
    lines = [f"when: {' '.join(rule.when.split())}"] if rule.when else []
    if rule.named is not None:
        side = f", side {rule.named.side}" if rule.named.side else ""
        lines.append(f"named: {rule.named.field}{side}")
    if rule.require:
        lines.append(f"require: {', '.join(rule.require)}")
    if rule.assert_:
        lines.append(f"assert: {' '.join(rule.assert_.split())}")
    return "\n".join(lines)


def rule_finding(document: Document, problem: Problem, related: tuple[Place, ...] = ()) -> Finding:
    """Return a problem of a rule file as a finding."""
    return Finding.of(
        BUILT_IN[problem.code],
        problem.subject or Subject("file", document.path),
        problem.place(document),
        problem.message,
        field=".".join(str(s) for s in problem.route[2:] if isinstance(s, str)) or None,
        fix=problem.fix or None,
        related=related or problem.related(document),
    )
