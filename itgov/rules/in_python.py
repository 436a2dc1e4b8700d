"""Conditions of rules written out in Python: a tenth of what it costs to ask CEL.

Only what is known to answer as CEL does is written out.  Where a value is such that Python could
answer otherwise, or that CEL would refuse, what is written out raises one of `UNDECIDED`, and CEL is
asked: it decides in every case of doubt.
"""

from __future__ import annotations

import marshal
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from itgov.model.nobody import is_named
from itgov.model.people_in_text import names_several
from itgov.rules import python_values as values
from itgov.rules.cost import MOST, STEPS
from itgov.rules.functions import amount, days_between
from itgov.rules.patterns import matches
from itgov.rules.syntax import Node


class Untranslatable(Exception):
    """An expression holds what is left to CEL."""


class Written(Struct, frozen=True):
    """An expression in Python, and whether its value is sure to be true or false."""

    text: str
    is_truth: bool = False

    @property
    def truth(self) -> str:
        """The expression where it has to be true or false."""
        if self.is_truth:
            return self.text
        return f"((t := {self.text}) is True or (t is not False and ask()))"


def in_python(node: Node, variables: Mapping[str, str], within: Node | None = None) -> Written:
    """Return an expression in Python.  Raises `Untranslatable`.

    `variables` maps the names that an expression may use to those that stand for them in Python.
    `within` is the expression that CEL evaluates at once, where this is a part of it: the steps that
    are allowed, and what may be joined, are those of the whole.
    """
    whole = within or node
    loops = _loops(whole, 1)
    most = int((STEPS / 4 / len(loops)) ** (1 / max(loops))) if loops else 0
    sums = sum(n.kind == "call" and n.text == "_+_" for n in whole.walk())
    longest = MOST // (max(sums, 1) * (STEPS // 4 if loops else 1))
    return _Writer(most, min(longest, values.LONGEST)).written(node, dict(variables))


def compiled(parameters: Sequence[str], answers: Sequence[str], otherwise: int) -> bytes:
    """Return a function, for `function_of`, that gives some answers, each a text by `in_python`.

    An answer is `otherwise` where CEL has to be asked.
    """
    lines = [f"def answer({', '.join(parameters)}):"]
    for number, text in enumerate(answers):
        if text.isdigit():
            lines.append(f" a{number} = {text}")
        else:
            lines += [
                f" try: a{number} = {text}",
                f" except UNDECIDED: a{number} = {otherwise}",
            ]
    lines.append(f" return [{', '.join(f'a{n}' for n in range(len(answers)))}]")
    return _compiled("\n".join(lines))


def compiled_values(parameters: Sequence[str], texts: Sequence[str]) -> bytes:
    """Return a function, for `function_of`, that gives some values, or raises one of `UNDECIDED`."""
    return _compiled(f"def answer({', '.join(parameters)}): return [{', '.join(texts)}]")


def function_of(
    code: bytes, days_since: Callable[[str | None], int | None]
) -> Callable[..., list[Any]]:
    """Return the function that was compiled to `code`."""
    scope = {**_CALLED, "days_since": days_since, "__builtins__": {"bool": bool, "len": len}}
    exec(marshal.loads(code), scope)  # noqa: S102, S302  of this module's own texts
    answer: Callable[..., list[Any]] = scope["answer"]
    return answer


def _compiled(source: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `null.f`: what fails when it is asked is no concern here
        return marshal.dumps(compile(source, "<rules>", "exec"))


_CALLED: dict[str, Any] = {
    "named": is_named,
    "several": names_several,
    "amount": amount,
    "days_between": days_between,
    "matches": matches,
    "fmod": math.fmod,
    **{
        f.__name__: f
        for f in (
            values.ask, values.truth, values.equal, values.less, values.at_most, values.within, values.at, values.has,
            values.number, values.number_or_null, values.whole, values.fraction, values.text, values.text_or_null, values.plus, values.in_words,
            values.every, values.some, values.one, values.kept, values.made,
        )
    },
    "UNDECIDED": values.UNDECIDED,
}  # fmt: skip
"""What a text by `in_python` may call, beside `days_since`, which depends on the day."""


def _loops(node: Node, depth: int) -> list[int]:
    """Return of each loop in how many it lies, itself included."""
    is_loop = node.kind == "comprehension"
    inside = [d for a in node.arguments for d in _loops(a, depth + is_loop)]
    return [depth, *inside] if is_loop else inside


_COMPARED = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_CALLS = {
    "_[_]": ("at({}, {})", False),
    "_-_": ("number(number({}) - number({}))", False),
    "_*_": ("number(number({}) * number({}))", False),
    "_/_": ("number(number({}) / number({}))", False),
    "_%_": ("fmod(number({}), number({}))", False),
    "-_": ("number(-number({}))", False),
    "size": ("len({})", False),
    "int": ("whole({})", False),
    "double": ("fraction({})", False),
    "string": ("in_words({})", False),
    "dyn": ("{}", False),
    "amount": ("amount(number_or_null({}))", False),
    "days_since": ("days_since(text_or_null({}))", False),
    "days_between": ("days_between(text_or_null({}), text_or_null({}))", False),
    "named": ("named({})", True),
    "several": ("several({})", True),
    "matches": ("matches(text({}), text({}))", True),
    "startsWith": ("text({}).startswith(text({}))", True),
    "endsWith": ("text({}).endswith(text({}))", True),
    "contains": ("(text({1}) in text({0}))", True),
}
"""Functions in Python, and whether they return true or false."""


class _Writer:
    """Writes one expression out; no loop in it may have more than `most` items, no sum be a text over `longest`.

    Both are far from the steps, and from what is joined, that CEL allows: where it could refuse, it is asked.
    """

    def __init__(self, most: int, longest: int) -> None:
        self.most = most
        self.longest = longest
        self._items = 0

    def written(self, node: Node, scope: dict[str, str]) -> Written:
        """Return an expression whose names mean what `scope` says."""
        if node.kind == "constant":
            if isinstance(node.value, bytes) or _is_unsigned(node) or not _has_literal(node.value):
                raise Untranslatable(node.text)
            return Written(repr(node.value), isinstance(node.value, bool))
        if node.kind == "name":
            if node.text not in scope:
                raise Untranslatable(node.text)
            return Written(scope[node.text])
        if node.kind == "select":
            return Written(f"{self.written(node.arguments[0], scope).text}[{node.text!r}]")
        if node.kind == "list":
            return Written(f"[{', '.join(self._all(node, scope))}]")
        if node.kind == "comprehension":
            return self._loop(node, scope)
        if node.kind == "call":
            return self._call(node, scope)
        raise Untranslatable(node.kind)

    def _all(self, node: Node, scope: dict[str, str]) -> list[str]:
        return [self.written(a, scope).text for a in node.arguments]

    def _call(self, node: Node, scope: dict[str, str]) -> Written:
        name = node.text
        if name == "has":
            (field,) = node.arguments
            (record,) = self._all(field, scope)
            return Written(f"has({record}, {field.text!r})", True)
        if name == "@in":
            return self._within(node, scope)
        if name in ("_==_", "_!=_"):
            same = self._equal(node, scope)
            return Written(same if name == "_==_" else f"(not {same})", True)
        if name in _COMPARED:
            return Written(self._compared(node, scope), True)
        given = [self.written(a, scope) for a in node.arguments]
        if name in ("_&&_", "_||_"):
            word = " and " if name == "_&&_" else " or "
            return Written(f"({word.join(g.truth for g in given)})", True)
        if name == "!_":
            return Written(f"(not {given[0].truth})", True)
        if name == "_?_:_":
            condition, one, other = given
            text = f"({one.text} if {condition.truth} else {other.text})"
            return Written(text, one.is_truth and other.is_truth)
        if name == "_+_":
            one, other = given
            return Written(f"plus({one.text}, {other.text}, {self.longest})")
        form, is_truth = _CALLS.get(name, ("", False))
        if not form or form.count("{") != len(given):
            raise Untranslatable(name)
        return Written(form.format(*(g.text for g in given)), is_truth)

    def _within(self, node: Node, scope: dict[str, str]) -> Written:
        value, among = node.arguments
        if among.kind != "list":
            one, all_of = self._all(node, scope)
            return Written(f"within({one}, {all_of})", True)
        words = [a.value for a in among.arguments if a.kind == "constant"]
        if len(words) != len(among.arguments) or not all(isinstance(w, str) for w in words):
            raise Untranslatable("in")
        return Written(f"({self.written(value, scope).text} in {tuple(words)!r})", True)

    def _equal(self, node: Node, scope: dict[str, str]) -> str:
        if any(a.kind in ("list", "map") for a in node.arguments):
            raise Untranslatable("==")
        one, other = self._all(node, scope)
        first, second = node.arguments
        if first.kind == "constant":
            first, second, one, other = second, first, other, one
        if second.kind != "constant":
            return f"equal({one}, {other})"
        if second.value is None or isinstance(second.value, bool):
            return f"({one} is {other})"
        if isinstance(second.value, str):
            return f"({one} == {other})"
        if not values.is_exact(second.value):
            raise Untranslatable("==")
        return f"((t := {one}) == {other} and t.__class__ is not bool)"

    def _compared(self, node: Node, scope: dict[str, str]) -> str:
        one, other = self._all(node, scope)
        sign = _COMPARED[node.text]
        first, second = node.arguments
        if _is_exact_constant(second):
            return f"(ask() if (t := {one}).__class__ is bool else t {sign} {other})"
        if _is_exact_constant(first):
            return f"(ask() if (t := {other}).__class__ is bool else {one} {sign} t)"
        if ">" in sign:
            one, other = other, one
        return f"{'at_most' if '=' in sign else 'less'}({one}, {other})"

    # -- loops -----------------------------------------------------------------------------

    def _loop(self, node: Node, scope: dict[str, str]) -> Written:
        """Return what a macro became a loop of."""
        over, start, _, step, result = node.arguments
        self._items += 1
        item = f"v{self._items}"
        inside = {**scope, node.variable: item}
        among = self.written(over, scope).text

        def call(name: str, body: str, values: str = among) -> str:
            return f"{name}({values}, lambda {item}: {body}, {self.most})"

        def is_gathered(one: Node) -> bool:
            return one.kind == "name" and one.text == node.accumulator

        if step.kind != "call" or node.variable == node.accumulator:
            raise Untranslatable("loop")
        for operator, name, begins in (("_&&_", "every", True), ("_||_", "some", False)):
            if step.text == operator and start.value is begins and is_gathered(result):
                gathered, condition = step.arguments
                if is_gathered(gathered):
                    return Written(call(name, self.written(condition, inside).truth), True)
        condition_text = None
        added = step
        if step.text == "_?_:_" and is_gathered(step.arguments[2]):
            condition_text = self.written(step.arguments[0], inside).truth
            added = step.arguments[1]
        if added.text != "_+_" or not is_gathered(added.arguments[0]):
            raise Untranslatable("loop")
        more = added.arguments[1]
        if start.kind == "constant" and start.value == 0 and start.value is not False:
            counts_one = result.text == "_==_" and is_gathered(result.arguments[0])
            counts_one = counts_one and result.arguments[1].value == more.value == 1
            if condition_text is None or not counts_one:
                raise Untranslatable("loop")
            return Written(call("one", condition_text), True)
        is_list = start.kind == "list" and not start.arguments and is_gathered(result)
        if not is_list or more.kind != "list" or len(more.arguments) != 1:
            raise Untranslatable("loop")
        kept = among if condition_text is None else call("kept", condition_text)
        made = more.arguments[0]
        if condition_text is not None and made.kind == "name" and made.text == node.variable:
            return Written(kept)
        return Written(call("made", self.written(made, inside).text, kept))


def _is_unsigned(node: Node) -> bool:
    return node.text.endswith("u") and not isinstance(node.value, str)


def _has_literal(value: object) -> bool:
    """Say whether a value can be written in Python: `1e999` is a number in CEL."""
    return not isinstance(value, float) or math.isfinite(value)


def _is_exact_constant(node: Node) -> bool:
    return node.kind == "constant" and values.is_exact(node.value)
