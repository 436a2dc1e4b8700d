"""What an expression reads, from its syntax tree: fields, people and managers looked up, git facts.

An expression is walked once, with each value stood for by the paths that it may come from:
`people[investment.outcome_owner].side` looks `people` up by the key at `investment.outcome_owner`
and reads the field `side`.  What cannot be followed counts as anything: a map that is looked up
with such a key, iterated over or handed on is needed whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from itgov.model.history_fact_names import HISTORY_FACTS
from itgov.rules.cel import CelError, parse
from itgov.rules.language import SUBJECTS, Health, Rule
from itgov.rules.pack_parts import PackPart
from itgov.rules.syntax import Node
from itgov.rules.template import TemplateError, parse_template

Path = tuple[str, ...]
"""A variable and the steps from it: names of fields, and these."""

ITEM = "\0item"
"""Each item of a list, each key of a mapping."""
VALUE = "\0value"
"""Each item of a list, each value of a mapping."""
WHOLE = "\0whole"
"""All that lies below."""

MAPS = ("people", "relationship_managers")
"""The variables that hold records by the id of a person."""

_VARIABLES = frozenset([*SUBJECTS, *MAPS, "today"])


class Reads(Struct, frozen=True):
    """What expressions read."""

    paths: frozenset[Path] = frozenset()
    keys: Mapping[str, frozenset[Path | str]] = {}
    """By which keys each of `MAPS` is looked up: the paths that they come from, or texts."""
    whole: frozenset[str] = frozenset()
    """The maps of which more is needed than what these keys lead to."""

    def fields(self, variable: str) -> frozenset[str] | None:
        """Return the fields that are read of a record, or of the records of a map; None for all."""
        return _steps(self.paths, (variable, VALUE) if variable in MAPS else (variable,))

    def outcome_fields(self) -> frozenset[str] | None:
        """Return the fields that are read of outcomes, by themselves or inside investments."""
        nested = [
            (*p[:2], VALUE, *p[3:]) if p[2:3] == (ITEM,) else p
            for p in self.paths
            if p[0] == "investment"
        ]
        inside = _steps(nested, ("investment", "outcomes", VALUE))
        alone = self.fields("outcome")
        return None if inside is None or alone is None else inside | alone

    def history(self) -> frozenset[str]:
        """Return the facts among what is read that only git can tell."""
        return frozenset(f for f in map(history_fact, self.paths) if f is not None)


def history_fact(path: Path) -> str | None:
    """Return the fact of a path that only git can tell, if it has one."""
    at = 3 if path[:2] == ("investment", "outcomes") else 1
    fact = path[at] if len(path) > at and path[0] in SUBJECTS else None
    return fact if fact in HISTORY_FACTS else None


def _steps(paths: Iterable[Path], record: Path) -> frozenset[str] | None:
    """Return the steps that paths take from a record; None where one takes it as a whole."""
    depth = len(record)
    found = set()
    for path in paths:
        above = path[:depth]
        if above == record and len(path) > depth:
            found.add(path[depth])
        elif path[-1] == WHOLE and path[:-1] == record[: len(path) - 1]:
            return None
    return None if found & {ITEM, VALUE, WHOLE} else frozenset(found)


def union(reads: Iterable[Reads]) -> Reads:
    """Return what is read by any."""
    several = [r for r in reads if r is not NOTHING]
    if len(several) == 1:
        return several[0]
    keys = {m: frozenset(chain.from_iterable(r.keys.get(m, ()) for r in several)) for m in MAPS}
    return Reads(
        frozenset(chain.from_iterable(r.paths for r in several)),
        keys,
        frozenset(chain.from_iterable(r.whole for r in several)),
    )


NOTHING = Reads()


class RuleReads(Struct, frozen=True, array_like=True):
    """What a rule reads."""

    all: Reads
    facts: frozenset[str]
    """The facts that only git can tell and that decide how it ends."""


READS = PackPart("reads", dict[str, RuleReads])
"""What the rules of the standard pack read, each by all that it follows from."""


@lru_cache(maxsize=4096)
def reads_of(expression: str) -> Reads:
    """Return what an expression reads; nothing where it is no CEL."""
    try:
        tree = parse(expression)
    except CelError:
        return NOTHING
    return reads_of_node(tree.root)


def reads_of_node(node: Node) -> Reads:
    """Return what an expression reads."""
    walk = _Walk()
    walk.use(walk.value(node, {}))
    keys = {m: frozenset(found) for m, found in walk.keys.items()}
    return Reads(frozenset(walk.paths), keys, frozenset(walk.whole))


def message_expressions(rule: Rule) -> list[str]:
    """Return the expressions in a rule's message."""
    try:
        parts = parse_template(rule.message) if rule.message is not None else ()
    except TemplateError:
        return []
    return [p.text for p in parts if p.expression]


def conditions(rule: Rule) -> list[str]:
    """Return the expressions that decide how a rule ends."""
    return [text for text in (rule.when, rule.assert_) if text is not None]


def expressions_of_rule(rule: Rule) -> list[str]:
    """Return all expressions of a rule: `when`, `assert`, and those in its message."""
    return [*conditions(rule), *message_expressions(rule)]


def reads_of_rule(rule: Rule) -> RuleReads:
    """Return what a rule reads: by its expressions, and who is `named`."""
    return (READS.recall() or {}).get(reading(rule)) or read_anew(rule)


def read_anew(rule: Rule) -> RuleReads:
    """Return what a rule reads, from its expressions' trees."""
    everything = union([*map(reads_of, expressions_of_rule(rule)), _named(rule)])
    return RuleReads(everything, reads_of_conditions(rule).history())


def reads_of_conditions(rule: Rule) -> Reads:
    """Return what is read by the expressions that decide how a rule ends."""
    return union(map(reads_of, conditions(rule)))


def reading(rule: Rule) -> str:
    """Return all that it follows from what a rule reads."""
    field = rule.named.field if rule.named is not None else None
    return repr((rule.for_, rule.when, rule.assert_, field, rule.message))


def _named(rule: Rule) -> Reads:
    if rule.named is None:
        return NOTHING
    key: Path = (rule.for_, *rule.named.field.split("."))
    record = ("people", VALUE)
    return Reads(
        frozenset([key, (*record, "name"), (*record, "side")]), {"people": frozenset([key])}
    )


def reads_of_health(health: Health) -> Reads:
    """Return all that is read to score health: by caps and by the scores of dimensions."""
    return union(map(reads_of, expressions_of_health(health)))


def expressions_of_health(health: Health) -> list[str]:
    """Return all expressions by which health is scored."""
    return [*(c.when for c in health.caps), *(d.score for d in health.dimensions if d.score)]


# -- following values ----------------------------------------------------------------------


class _Value(Struct, frozen=True):
    """What a value may be: something at any of these paths, one of these texts, such a list."""

    paths: frozenset[Path] = frozenset()
    texts: frozenset[str] = frozenset()
    items: _Value | None = None
    """What a list's items may be, where the expression itself makes the list."""
    unknown: bool = False

    def __or__(self, other: _Value) -> _Value:
        if self.items is None or other.items is None:
            items = self.items or other.items
        else:
            items = self.items | other.items
        return _Value(
            self.paths | other.paths, self.texts | other.texts, items, self.unknown or other.unknown
        )

    def step(self, step: str) -> _Value:
        """Return what lies one step below."""
        below = _Value(frozenset((*p, step) for p in self.paths), unknown=self.unknown)
        return below if self.items is None else below | self.items


_EMPTY = _Value()
_UNKNOWN = _Value(unknown=True)
_TRUTHS = frozenset(
    ["_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@not_strictly_false"]
)
"""Calls that return true or false, which is no key of any map."""

_Scope = dict[str, _Value]


class _Walk:
    def __init__(self) -> None:
        self.paths: set[Path] = set()
        self.keys: dict[str, set[Path | str]] = {m: set() for m in MAPS}
        self.whole: set[str] = set()

    def use(self, value: _Value) -> None:
        """Note that all of a value is read."""
        for path in value.paths:
            if len(path) == 1 and path[0] in MAPS:
                self.whole.add(path[0])
            self.paths.add((*path, WHOLE))
        if value.items is not None:
            self.use(value.items)

    def count(self, value: _Value) -> None:
        """Note that it is read which items or keys a value has."""
        for path in value.paths:
            if len(path) == 1 and path[0] in MAPS:
                self.whole.add(path[0])
            else:
                self.paths.add((*path, ITEM))

    def look_up(self, name: str, key: _Value) -> None:
        """Note that a map is looked up with a key."""
        self.keys[name] |= key.texts
        self.keys[name].update(key.paths)
        if key.unknown:
            self.whole.add(name)

    def value(self, node: Node, scope: _Scope) -> _Value:
        """Return what the value of a node may be, noting what is read on the way."""
        if node.kind == "constant":
            return _Value(texts=frozenset([node.value])) if isinstance(node.value, str) else _EMPTY
        if node.kind == "name":
            name = node.text.lstrip(".")
            known = scope.get(name) if name == node.text else None
            if known is not None:
                return known
            return _Value(frozenset([(name,)])) if name in _VARIABLES else _UNKNOWN
        if node.kind == "select":
            return self.below(self.value(node.arguments[0], scope), _text(node.text))
        if node.kind == "comprehension":
            return self.loop(node, scope)
        arguments = [self.value(a, scope) for a in node.arguments]
        if node.kind == "list":
            items = _EMPTY
            for value in arguments:
                items |= value
            return _Value(items=items)
        return self.call(node, arguments)

    def call(self, node: Node, arguments: list[_Value]) -> _Value:
        """Return what a call returns of its arguments."""
        name = node.text if node.kind == "call" else ""
        if name == "_[_]":
            return self.below(*arguments)
        if name == "@in":
            self.within(*arguments)
            return _EMPTY
        if name == "has":
            return _EMPTY
        if name == "_?_:_":
            self.use(arguments[0])
            return arguments[1] | arguments[2]
        if name == "dyn" and len(arguments) == 1:
            return arguments[0]
        if name == "size" and len(arguments) == 1:
            self.count(arguments[0])
            return _EMPTY
        if name == "_+_" and any(a.items is not None for a in arguments):  # two lists joined
            return _Value(items=arguments[0].step(ITEM) | arguments[1].step(ITEM))
        for value in arguments:
            self.use(value)
        return _EMPTY if name in _TRUTHS else _UNKNOWN

    def below(self, value: _Value, key: _Value) -> _Value:
        """Return what stands under a key, of a map or of anything else."""
        found = _Value(unknown=value.unknown)
        for path in value.paths:
            if len(path) == 1 and path[0] in MAPS:
                self.look_up(path[0], key)
                found |= _Value(frozenset([(*path, VALUE)]))
            elif key.texts and not (key.paths or key.unknown or key.items):
                found |= _Value(frozenset((*path, text) for text in key.texts))
            else:
                found |= _Value(frozenset([(*path, VALUE)]))
        self.paths |= found.paths
        self.use(key)
        return found if value.items is None else found | value.items

    def within(self, key: _Value, value: _Value) -> None:
        """Note what is read to ask whether a key, or an item, is in a value."""
        for path in value.paths:
            if len(path) == 1 and path[0] in MAPS:
                self.look_up(path[0], key)
            else:
                self.use(value)
        if value.items is not None:
            self.use(value.items)
        self.use(key)

    def loop(self, node: Node, scope: _Scope) -> _Value:
        """Return what a loop gathers: CEL's macros are such."""
        values, start, condition, step, result = node.arguments
        source = self.value(values, scope)
        self.count(source)
        gathered = self.value(start, scope)
        inner = {**scope, node.variable: source.step(ITEM), node.accumulator: gathered}
        self.use(self.value(condition, inner))
        gathered |= self.value(step, inner)
        return self.value(result, {**inner, node.accumulator: gathered})


def _text(text: str) -> _Value:
    return _Value(texts=frozenset([text]))
