"""Checking rules against the model before they are ever run.

Everything that a rule names must exist: a misspelt field in `when`, `assert`, `require`, `named`,
`at`, `message` or health is an error at its own line and column, with what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from itgov.files.document import Document, Route
from itgov.model.finding import Finding, Subject
from itgov.model.text import did_you_mean
from itgov.rules.catalogue import LoadedRule, RuleBook
from itgov.rules.cel import Checker
from itgov.rules.expressions import ExpressionChecks
from itgov.rules.language import SubjectName
from itgov.rules.positions import offset_in_file
from itgov.rules.scored import scoring_problems
from itgov.rules.syntax import Tree
from itgov.rules.template import TemplateError, parse_template
from itgov.rules.vocabulary import checker_types, field_at, known_fields, list_on_the_way


def check_rules(book: RuleBook) -> list[Finding]:
    """Return everything wrong with the rules of a book that are not the package's own."""
    checker = Checker(checker_types())
    found: list[Finding] = []
    said = {f.subject.id for f in book.problems if f.rule == "MOD-003"}
    for loaded in book.rules:
        if not loaded.shipped:
            found.extend(_RuleCheck(checker, loaded).run(form=loaded.rule.id not in said))
        if loaded.own_message is not None:
            found.extend(_adjusted_message(checker, loaded, *loaded.own_message))
    if book.health_document is not None and not book.health_shipped:
        found.extend(check_health(checker, book))
    found.extend(scoring_problems(book))
    return found


def _adjusted_message(
    checker: Checker, loaded: LoadedRule, document: Document, route: Route
) -> list[Finding]:
    """Check the message that a repository gives a rule of the pack, where it is written."""
    there = msgspec.structs.replace(loaded, document=document, route=route)
    check = _RuleCheck(checker, there)
    check.message([])
    return check.expressions.found


class _RuleCheck:
    def __init__(self, checker: Checker, loaded: LoadedRule) -> None:
        self.loaded = loaded
        self.rule = loaded.rule
        self.route = loaded.route
        self.document = loaded.document
        self.expressions = ExpressionChecks(
            checker, loaded.document, Subject("rule", loaded.rule.id)
        )

    def run(self, form: bool = True) -> list[Finding]:
        """Return everything wrong with the rule; `form` asks whether it has the right parts."""
        rule = self.rule
        if form:
            self._form()
        guards: list[Tree] = []
        if (
            rule.when is not None
            and (tree := self._check("when", rule.when, ("BOOL",))) is not None
        ):
            guards.append(tree)
        if rule.assert_ is not None:
            self._check("assert", rule.assert_, ("BOOL",), guards)
        if self.loaded.own_message is None:
            self.message(guards)
        self._fields()
        examples = rule.examples
        if not examples.passes or not examples.fails:
            missing = " and ".join(
                w for w, e in (("passes", examples.passes), ("fails", examples.fails)) if not e
            )
            self.expressions.add(
                "RUL-011", f"rule {rule.id} has no example that {missing}", (*self.route, "id")
            )
        return self.expressions.found

    def _form(self) -> None:
        rule = self.rule
        forms = [
            n
            for n, v in (("named", rule.named), ("require", rule.require), ("assert", rule.assert_))
            if v
        ]
        if not forms:
            self.expressions.add(
                "RUL-008",
                f"rule {rule.id} has none of `named`, `require` and `assert`",
                (*self.route, "id"),
            )
        elif len(forms) > 1:
            words = " and ".join(f"`{f}`" for f in forms)
            self.expressions.add(
                "RUL-008", f"rule {rule.id} has {words}; it can have one", (*self.route, forms[1])
            )

    def _check(
        self, field: str, value: str, wanted: tuple[str, ...], guards: Iterable[Tree] = ()
    ) -> Tree | None:
        return self.expressions.check(
            value, value, 0, self.rule.for_, (*self.route, field), wanted, guards
        )

    def message(self, guards: list[Tree]) -> None:
        """Check the expressions of the message."""
        rule = self.rule
        if rule.message is None:
            return
        route = (*self.route, "message")
        try:
            parts = parse_template(rule.message)
        except TemplateError as error:
            at = self._inside(route, rule.message, error.offset)
            self.expressions.add(
                "RUL-001", str(error), route, "Write a literal brace twice: `{{`.", at
            )
            return
        for part in parts:
            if part.expression:
                self.expressions.check(
                    rule.message, part.text, part.offset, rule.for_, route, (), guards
                )

    def _inside(self, route: Route, value: str, offset: int) -> int:
        before = value[:offset].split("\n")
        return offset_in_file(self.document, route, value, len(before), len(before[-1]) + 1)

    def _fields(self) -> None:
        rule = self.rule
        if rule.named is not None:
            self._field(rule.named.field, (*self.route, "named", "field"), recorded=True)
        for index, path in enumerate(rule.require):
            self._field(path, (*self.route, "require", index), recorded=False)
        if rule.at is not None:
            self._field(rule.at, (*self.route, "at"), recorded=True)

    def _field(self, path: str, route: Route, recorded: bool) -> None:
        field = field_at(self.rule.for_, path)
        kind = self.rule.for_.replace("_", " ")
        last = path.rpartition(".")[2]
        listed = list_on_the_way(self.rule.for_, path)
        if listed is not None:
            self.expressions.add(
                "RUL-002",
                f"`{listed}` is a list, which has no field `{last}`",
                route,
                f"Ask for `{listed}`, or say it of each with `assert: {self.rule.for_}.{listed}.all(…)`.",
            )
        elif field is None:
            known = known_fields(self.rule.for_, path)
            self.expressions.add(
                "RUL-002",
                f"`{last}` is not a field of {kind}{did_you_mean(last, known)}",
                route,
                f"The fields of {kind}: `itgov rules docs`.",
            )
        elif field.history and not recorded:
            self.expressions.add(
                "RUL-002",
                f"`{path}` is null where git has no answer, so it cannot be required",
                route,
                f"Ask with `assert: {self.rule.for_}.{path} …`, which is not judged without git.",
            )
        elif recorded and field.derived and field_is_only_derived(self.rule.for_, path):
            self.expressions.add(
                "RUL-002",
                f"`{path}` is derived, so no file has it to point at",
                route,
                "Name the recorded field that should be fixed.",
            )


def field_is_only_derived(kind: SubjectName, path: str) -> bool:
    """Say whether a field is computed and cannot stand in a file (`direction` can do both)."""
    from itgov.rules.vocabulary import SUBJECT_TYPES

    record = SUBJECT_TYPES[kind][0]
    return path.split(".", maxsplit=1)[0] not in record.__struct_encode_fields__


def check_health(checker: Checker, book: RuleBook) -> list[Finding]:
    """Return everything wrong with `health.yaml`: expressions, rule ids, weights."""
    document = book.health_document
    assert document is not None
    found = ExpressionChecks(checker, document, Subject("file", document.path))
    health = book.health
    known = {r.rule.id for r in book.rules}
    for index, cap in enumerate(health.caps):
        found.check(
            cap.when, cap.when, 0, "business_unit", ("health", "caps", index, "when"), ("BOOL",)
        )
    names: set[str] = set()
    for index, dimension in enumerate(health.dimensions):
        route: Route = ("health", "dimensions", index)
        if dimension.id in names:
            found.add(
                "RUL-004",
                f"dimension `{dimension.id}` is already defined",
                (*route, "id"),
                "Give one of the two another id.",
            )
        names.add(dimension.id)
        if bool(dimension.rules) == bool(dimension.score):
            found.add(
                "RUL-008",
                f"dimension `{dimension.id}` should have `rules` or `score`",
                (*route, "id"),
                "Keep one of the two." if dimension.score else "Add `rules` or `score`.",
            )
        if dimension.score:
            found.check(
                dimension.score,
                dimension.score,
                0,
                "business_unit",
                (*route, "score"),
                ("INT", "DOUBLE", "NULL", "UINT", "UNKNOWN"),
            )
        for number, identifier in enumerate(dimension.rules):
            if identifier not in known:
                found.add(
                    "RUL-006",
                    f"there is no rule {identifier} in force{did_you_mean(identifier, known)}",
                    (*route, "rules", number),
                    "Correct the id, or delete it.",
                )
        for number, identifier in enumerate(dimension.decisive):
            if identifier not in dimension.rules:
                found.add(
                    "RUL-006",
                    f"`decisive` names {identifier}, which is not in the dimension's `rules`"
                    f"{did_you_mean(identifier, dict.fromkeys(dimension.rules))}",
                    (*route, "decisive", number),
                    "Add it to `rules`, or delete it here.",
                )
    if sum(d.weight for d in health.dimensions) <= 0:
        found.add(
            "RUL-013",
            "the dimensions' weights add up to 0",
            ("health", "dimensions"),
            "Give at least one dimension a weight above 0.",
        )
    if health.bands.attention > health.bands.healthy:
        found.add(
            "RUL-013",
            "the band `attention` begins above `healthy`",
            ("health", "bands", "attention"),
            "Put the lower number under `attention`.",
        )
    return found.found
