"""The rules in force: read from `rules/`, joined with the standard pack, and checked.

What is wrong with a rule file is a finding at its place: `RUL-` for the rules themselves, and the
same `YML-` and `MOD-` as for any other file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

import msgspec

from itgov.files.convert import convert
from itgov.files.document import Document, Route
from itgov.files.problem import Problem, left_out
from itgov.files.reader import read
from itgov.files.shipped import standard_root
from itgov.files.sources import FileTree, RawFile, WorkTree
from itgov.model.builtins import BUILT_IN
from itgov.model.finding import SEVERITIES, Finding, Place, Subject, sort_key
from itgov.model.text import did_you_mean
from itgov.rules.catalogue import LoadedRule, RuleBook, rule_finding
from itgov.rules.kept_rules import KeptPack, KeptProblems, KeptRuleFiles
from itgov.rules.language import MANDATORY, Adjustment, Health, HealthFile, Rule, RuleFile

_BUILT_IN_LETTERS = ("YML", "MOD", "REF", "WVR", "RUL", "POL")
"""How the ids of the built-in rules begin."""


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
        book.problems.extend(_checked(book, loader))
    book.problems.sort(key=sort_key)
    return book


def _checked(book: RuleBook, loader: _Loader) -> list[Finding]:
    """Return what is wrong with the rules of a book; where the same files were checked before, from then."""
    shipped = {raw.data for raw in loader.raws} == {raw.data for raw in loader.pack.raws}
    kept = KeptProblems(loader.raws, shipped=shipped) if not book.problems else None
    known = kept.recall() if kept is not None else None
    if known is not None:
        return known
    from itgov.rules.check import check_rules  # the type checker; not needed for the pack

    found = check_rules(book)
    if kept is not None:
        kept.keep(found)
    return found


def check_standard() -> RuleBook:
    """Return the standard pack with every expression checked, as its tests need it."""
    from itgov.rules.check import check_rules

    loader = _Loader()
    loader.take_standard(shipped=False)
    book = loader.book()
    book.problems.extend(check_rules(book))
    return book


def read_grace_days(files: Sequence[RawFile]) -> int:
    """Return the `grace_days` in force where rule files are these, without reading the rules."""
    loader = _Loader()
    loader.read_all([f for f in files if b"grace_days" in f.data])
    return loader.health[1].grace_days if loader.health is not None else Health().grace_days


class _Loader:
    def __init__(self) -> None:
        self.files: list[tuple[Document, RuleFile]] = []
        self.health: tuple[Document, Health] | None = None
        self.documents: dict[str, Document] = {}
        self.problems: list[Finding] = []
        self.rules: dict[str, LoadedRule] = {}
        self.health_shipped = True
        self.disabled: dict[str, tuple[Document, Route]] = {}
        self.raws: list[RawFile] = []
        """Every file that the rules come from, the pack's included."""
        self._kept = KeptRuleFiles()

    @cached_property
    def pack(self) -> KeptPack:
        """The standard pack, and what is kept of it."""
        return KeptPack(list(WorkTree(standard_root()).files("rules")))

    # -- reading ---------------------------------------------------------------------------

    def read_all(self, files: list[RawFile]) -> None:
        for raw in files:
            if raw.problem is not None:
                document = self.documents[raw.path] = Document(raw.path, b"")
                self.add(document, raw.problem)
                continue
            self.raws.append(raw)
            if (known := self.pack.recall(raw) or self._kept.recall(raw)) is not None:
                document, content = known
                self.documents[raw.path] = document
                self._take(document, content)
                continue
            document, data, problems = read(raw.path, raw.data)
            self.documents[raw.path] = document
            problems = [*problems, *left_out(document)]
            for problem in problems:
                self.add(document, problem)
            if data is not None:
                fitted = self._fit(document, data)
                if fitted is not None and not problems:
                    self._kept.keep(raw, document, fitted)
            elif not problems:
                self.add(document, Problem("MOD-006", "the file is empty"))

    def _fit(self, document: Document, data: Any) -> RuleFile | HealthFile | None:
        """Take in what a file says; return it where all of it is as it should be."""
        kind: Any = RuleFile
        if isinstance(data, dict) and document.find(("health",)) is not None:
            kind = HealthFile  # also where it is blank, which the data leave out
        content, problems = convert(document, data, kind, start="`rules:`")
        for problem in problems:
            self.add(document, _in_rule_words(problem, data))
        if content is not None:
            self._take(document, content)
        return None if problems else content

    def _take(self, document: Document, content: RuleFile | HealthFile) -> None:
        if isinstance(content, HealthFile):
            if self.health is not None:
                self.add(
                    document,
                    Problem("RUL-004", f"health is already defined in {self.health[0].path}"),
                )
            else:
                self.health = (document, content.health)
                self.health_shipped = False
        else:
            self.files.append((document, content))

    # -- joining ---------------------------------------------------------------------------

    def take_standard(self, shipped: bool = True) -> None:
        contents = []
        for raw in self.pack.raws:
            self.raws.append(raw)
            known = (self.pack.recall(raw) or self._kept.recall(raw)) if shipped else None
            document, content = known or self._of_pack(raw, shipped)
            self.documents.setdefault(document.path, document)
            if content is not None:
                contents.append((document, content))
            if isinstance(content, HealthFile):
                if self.health is None:
                    self.health = (document, content.health)
                    self.health_shipped = shipped
            elif isinstance(content, RuleFile):
                for index, rule in enumerate(content.rules):
                    self.rules[rule.id] = LoadedRule(rule, document, ("rules", index), shipped)
        if shipped and len(contents) == len(self.pack.raws):
            self.pack.keep(contents)

    def _of_pack(
        self, raw: RawFile, shipped: bool
    ) -> tuple[Document, RuleFile | HealthFile | None]:
        """Return what a file of the standard pack says; what is shipped was checked by its tests."""
        document, data, problems = read(raw.path, raw.data)
        kind: Any = HealthFile if isinstance(data, dict) and "health" in data else RuleFile
        if shipped:
            content: RuleFile | HealthFile | None = msgspec.convert(data, kind)
            if content is not None and not problems:
                self._kept.keep(raw, document, content)
        else:
            content, unfit = convert(document, data, kind)
            for problem in [*problems, *unfit]:
                self.add(document, problem)
        return document, content

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
        standard = {identifier.upper() for identifier in self.rules}
        seen: dict[str, LoadedRule] = {}
        for document, content in self.files:
            for index, rule in enumerate(content.rules):
                loaded = LoadedRule(rule, document, ("rules", index), False)
                self._add_rule(loaded, seen, standard)
        for document, content in self.files:
            self._adjust(document, content)
            self._disable(document, content)

    def _take_mandatory(self) -> None:
        standard = _Loader()
        standard.pack = self.pack
        standard.take_standard()
        self.raws += standard.raws
        for identifier in MANDATORY:
            self.rules[identifier] = standard.rules[identifier]
        if self.health is None:
            self.health = standard.health

    def _add_rule(
        self, loaded: LoadedRule, seen: dict[str, LoadedRule], standard: Collection[str]
    ) -> None:
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
        if rule.id in BUILT_IN or rule.id.split("-")[0].upper() in _BUILT_IN_LETTERS:
            words = f"the id {rule.id} is used by a built-in rule"
            self.add_at(document, (*route, "id"), "RUL-004", words, "Use letters of your own.")
            return
        if rule.id in MANDATORY:
            weaker = _weaker(rule)
            if weaker is not None:
                field, why = weaker
                fix = "Delete this; the rule stays as it is."
                self._refuse(document, (*route, field), rule.id, why, fix)
                return
        elif rule.id.upper() in standard:
            self.add_at(
                document,
                (*route, "id"),
                "RUL-004",
                f"rule {rule.id} is already in the standard pack",
                "Change it under `adjust:`, or give yours another id.",
            )
            return
        self.rules.pop(rule.id, None)  # a mandatory one, which stands where its own file has it
        self.rules[rule.id] = loaded

    def _adjust(self, document: Document, content: RuleFile) -> None:
        for identifier, change in content.adjust.items():
            route: Route = ("adjust", identifier)
            loaded = self.rules.get(identifier)
            if loaded is None:
                self._unknown(document, route, identifier, "adjust")
                continue
            if identifier in MANDATORY:
                refused = {}
                if change.severity not in (None, "error"):
                    refused["severity"] = "its severity stays error"
                if change.waivable:
                    refused["waivable"] = "it cannot be waived"
                for field, why in refused.items():
                    self._refuse(document, (*route, field), identifier, why, "Delete this line.")
                if refused:
                    continue
            changes = {
                field: getattr(change, field)
                for field in Adjustment.__struct_fields__
                if getattr(change, field) is not None
            }
            self.rules[identifier] = msgspec.structs.replace(
                loaded,
                rule=msgspec.structs.replace(loaded.rule, **changes),
                adjusted=(document, route),
                own_message=(document, route) if change.message is not None else loaded.own_message,
            )

    def _disable(self, document: Document, content: RuleFile) -> None:
        for index, identifier in enumerate(content.disable):
            route: Route = ("disable", index)
            if identifier in MANDATORY:
                why = "it cannot be disabled"
                self._refuse(document, route, identifier, why, "Delete it from the list.")
            elif identifier in self.disabled:
                continue
            elif identifier not in self.rules:
                self._unknown(document, route, identifier, "disable")
            else:
                self.disabled[identifier] = (document, route)
                del self.rules[identifier]

    def book(self) -> RuleBook:
        document, health = self.health or (None, Health())
        reasons = {rule: why for _, content in self.files for rule, why in content.unscored.items()}
        return RuleBook(
            list(self.rules.values()),
            msgspec.structs.replace(health, unscored={**health.unscored, **reasons}),
            document,
            self.documents,
            self.problems,
            self.health_shipped,
            {r: (d, ("unscored", r)) for d, content in self.files for r in content.unscored},
            tuple(document.path for document, _ in self.files),
            self.disabled,
            next(((d, ("extends",)) for d, content in self.files if content.extends), None),
        )

    # -- findings --------------------------------------------------------------------------

    def add(self, document: Document, problem: Problem) -> None:
        self.problems.append(rule_finding(document, problem))

    def _refuse(
        self, document: Document, route: Route, identifier: str, why: str, fix: str
    ) -> None:
        """Refuse what would weaken a mandatory rule."""
        self.add_at(document, route, "RUL-005", f"{identifier} is mandatory: {why}", fix)

    def _unknown(self, document: Document, route: Route, identifier: str, to: str) -> None:
        """Refuse to adjust or disable a rule that does not exist."""
        words = f"there is no rule {identifier} to {to}{did_you_mean(identifier, self.rules)}"
        fix = "Correct the id: see `itgov rules list`."
        self.add_at(document, route, "RUL-006", words, fix, key=to == "adjust")

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
