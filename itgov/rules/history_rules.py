"""Rules on what git knows, made fit for the common expression: null there means nobody can judge.

Logic with an unknown: a condition whose parts are joined by `&&` fails where any part is surely
false, holds where all are true, and cannot be judged otherwise.  CEL itself answers so, but with an
error, which would cost a whole batch of subjects; so each part that reads such a fact is asked
first whether the fact is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from itgov.rules import syntax
from itgov.rules.analysis import Path, history_fact, reads_of, reads_of_node
from itgov.rules.cel import CelError, parse
from itgov.rules.in_python import in_python
from itgov.rules.language import Rule
from itgov.rules.syntax import Node, Tree
from itgov.rules.verdicts import FAIL, PASS, UNKNOWN
from itgov.rules.vocabulary import SURROUNDINGS


class HistoryParts:
    """The condition of a rule, cut into parts that can each be asked whether git can tell."""

    def __init__(self, tree: Tree, parts: list[tuple[Node, list[Path]]]) -> None:
        self._tree = tree
        self.parts = parts
        """Each part, with the paths on its way to facts of git, of which each may be null."""

    @classmethod
    def of(cls, rule: Rule) -> HistoryParts | None:
        """Return the parts of a rule, or None where it is not that plain."""
        if rule.assert_ is None or (rule.when is not None and reads_of(rule.when).history()):
            return None
        try:
            tree = parse(rule.assert_)
        except CelError:
            return None
        variables = (rule.for_, *SURROUNDINGS[rule.for_])
        parts: list[tuple[Node, list[Path]]] = []
        for node in _conjuncts(tree.root):
            paths: list[Path] = []
            facts = reads_of_node(node).history()
            if facts:
                found = [p for p in _chains(node) if p[0] in variables]
                if _may_meet_null(node) or facts != {history_fact(p) for p in found}:
                    return None
                paths = [p[:n] for p in found for n in range(2, len(p) + 1)]
            parts.append((node, list(dict.fromkeys(paths))))
        return cls(tree, parts)

    def verdict(self, failed: bytes, blind: bool) -> bytes:
        """Return an expression: how the condition ends, or `failed` where it fails.

        With `blind` git knows nothing of any subject, so that no such fact is read.
        """
        fails, unknown = [], []
        for part, paths in self.parts:
            negated = syntax.call("!_", self._tree.raw(part))
            if not paths:
                fails.append(negated)
            elif blind:
                unknown.append(syntax.truth(True))
            else:
                unknown.append(_either([_is_null(p) for p in paths]))
                fails.append(syntax.call("_?_:_", unknown[-1], syntax.truth(False), negated))
        verdict = syntax.number(PASS)
        if unknown:
            verdict = syntax.call("_?_:_", _either(unknown), syntax.number(UNKNOWN), verdict)
        return syntax.call("_?_:_", _either(fails), failed, verdict) if fails else verdict

    def in_python(self, blind: bool, variables: Mapping[str, str]) -> str:
        """Return `verdict` in Python.  Raises `Untranslatable`."""
        fails, unknown = [], []
        for part, paths in self.parts:
            holds = in_python(part, variables, within=self._tree.root).truth
            if not paths:
                fails.append(f"not {holds}")
            elif blind:
                unknown.append("True")
            else:
                steps = [variables[p[0]] + "".join(f"[{step!r}]" for step in p[1:]) for p in paths]
                unknown.append(" or ".join(f"{step} is None" for step in steps))
                fails.append(f"(not ({unknown[-1]}) and not {holds})")
        text = f"{UNKNOWN} if {' or '.join(unknown)} else {PASS}" if unknown else str(PASS)
        return f"{FAIL} if {' or '.join(fails)} else ({text})" if fails else text


def _either(conditions: list[bytes]) -> bytes:
    return reduce(lambda one, other: syntax.call("_||_", one, other), conditions)


def _is_null(path: Path) -> bytes:
    value = reduce(syntax.select, path[1:], syntax.name(path[0]))
    return syntax.call("_==_", value, syntax.NULL)


def _conjuncts(node: Node) -> Iterator[Node]:
    """Yield what is joined by `&&`."""
    if node.kind == "call" and node.text == "_&&_":
        for argument in node.arguments:
            yield from _conjuncts(argument)
    else:
        yield node


def _may_meet_null(node: Node) -> bool:
    """Say whether a null may meet something here that does not fail on it."""
    return any(
        n.kind == "comprehension"
        or (n.kind == "call" and n.text in ("_||_", "_?_:_", "has"))
        or (n.kind == "constant" and n.value is None)
        for n in node.walk()
    )


def _chains(node: Node) -> Iterator[Path]:
    """Yield each chain of fields that goes through a fact of git, from its variable on."""
    path = _chain(node)
    if path is None:
        for argument in node.arguments:
            yield from _chains(argument)
    elif history_fact(path) is not None:
        yield path


def _chain(node: Node) -> Path | None:
    if node.kind == "name":
        return (node.text,)
    above = _chain(node.arguments[0]) if node.kind == "select" else None
    return (*above, node.text) if above is not None else None


def untold(facts: frozenset[str], variables: Mapping[str, Any]) -> bool:
    """Say whether git cannot tell one of these facts of what is around a subject.

    It is null there, or is not there at all, where git knows nothing of any subject.
    """
    views = [v for v in variables.values() if isinstance(v, dict)]
    views += [o for v in views for o in v.get("outcomes", ()) if isinstance(o, dict)]
    told = {fact: [v[fact] for v in views if fact in v] for fact in facts}
    return any(not values or any(map(_holds_null, values)) for values in told.values())


def _holds_null(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and None in value.values())
