"""The CEL runtime, and the only module that knows of it.

CEL (Common Expression Language) has no loops without end, no I/O and no code.  `Checker` compiles
an expression against the model's types, so that a misspelt field is an error with its place;
`Runtime` compiles for evaluation on plain mappings, in which a missing value is None.
"""

from __future__ import annotations

import datetime
import math
import operator
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import Any

from itgov.model.nobody import is_named
from itgov.model.people_in_text import names_several
from itgov.rules import syntax
from itgov.rules.cel_words import CelProblem, in_words, loosen_numbers, problems_of
from itgov.rules.cost import Built, refusal
from itgov.rules.functions import amount, days_between, days_since
from itgov.rules.kept_trees import KeptTrees
from itgov.rules.patterns import matches
from itgov.rules.syntax import Tree


class CelError(Exception):
    """An expression that cannot be compiled, with all that is wrong in it."""

    def __init__(self, problems: list[CelProblem]) -> None:
        super().__init__("; ".join(p.message for p in problems))
        self.problems = problems


class EvaluationError(Exception):
    """An expression that could not be evaluated on a subject; the text says why, in words."""


class Program:
    """A compiled expression."""

    __slots__ = ("_compiled",)

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def evaluate(self, scope: Scope) -> Any:
        """Return the value on the variables of a scope.  Raises `EvaluationError`."""
        return _value(lambda: self._compiled.eval(scope.activation))

    def evaluate_once(self, variables: Mapping[str, Any]) -> Any:
        """Return the value on variables that no other program shares.  Raises `EvaluationError`."""
        return _value(lambda: self._compiled.eval(data=variables))


class Scope:
    """Variables shared by several programs; each is converted for CEL at most once."""

    __slots__ = ("activation",)

    def __init__(self, runtime: Runtime, variables: Mapping[str, Any]) -> None:
        self.activation = runtime.environment.Activation(variables)


class Runtime:
    """Compiles expressions for evaluation at an as-of date, which may be set anew."""

    def __init__(self, today: datetime.date, variables: Sequence[str]) -> None:
        self.today = today
        self._variables = variables

    @cached_property
    def environment(self) -> Any:
        """What compiles and evaluates, made when it is first asked."""
        cel = _cel()
        _note_interrupts()
        return cel.NewEnv(
            variables=dict.fromkeys(self._variables, cel.Type.DYN),
            functions=_functions(self.days_since),
        )

    def days_since(self, day: str | None) -> int | None:
        """Return the days from a date to the as-of date.  Raises `ValueError`."""
        return days_since(self.today, day)

    def compile(self, expression: str) -> Program:
        """Return the program of an expression.  Raises `CelError`."""
        tree = parse(expression)
        return self.program(tree.raw(tree.root))

    def program(self, expression: bytes) -> Program:
        """Return the program of a serialised node, as `Tree.raw` has it.  Raises `CelError`."""
        try:
            return Program(self.environment.deserialize(syntax.whole(expression)))
        except RuntimeError as error:
            raise CelError(problems_of(str(error))) from None

    def scope(self, variables: Mapping[str, Any]) -> Scope:
        """Return variables to evaluate several programs on."""
        return Scope(self, variables)


@lru_cache(maxsize=1)
def _cel() -> Any:
    """Return the runtime: importing it is a tenth of a start, and most starts do without."""
    from cel_expr_python import cel

    _keep_none()
    return cel


@lru_cache(maxsize=1)
def _parser() -> Any:
    return _cel().NewEnv()


@lru_cache(maxsize=4096)
def parse(expression: str) -> Tree:
    """Return the tree of an expression, parsed once in a process.

    Raises `CelError`, also where it could build too much.

    In its bytes, calls of arithmetic and of `matches` are made to the functions of ours that let
    whole and fractional numbers mix, which CEL's own refuse (`3 * 1.5`), and that compile a pattern
    once, which takes longer than all rules when it is done at each evaluation.
    """
    if (known := _trees.recall(expression)) is not None:
        return known
    try:
        found = _parser().compile(expression, disable_check=True)
    except RuntimeError as error:
        raise CelError(problems_of(str(error))) from None
    tree = syntax.decode(bytes(found.serialize()))
    refused = refusal(tree.root)
    if refused is not None:
        raise CelError([CelProblem(1, 1, refused)])
    _trees.keep(expression, tree)
    return tree


_trees = KeptTrees()


def _value(evaluate: Callable[[], Any]) -> Any:
    _interrupts.clear()
    _built.bytes = 0
    try:
        result = evaluate()
        if _interrupts:
            raise KeyboardInterrupt
        if result.type() == _cel().Type.ERROR:
            raise EvaluationError(in_words(str(result.value())))
        return result.plain_value()
    except RuntimeError as error:  # the budget of steps, found while the result is taken out
        raise EvaluationError(in_words(str(error))) from None


_built = Built()
"""What the evaluation at hand has joined."""

_interrupts: list[int] = []
"""The signals that came during the evaluation at hand."""


def _note_interrupts() -> None:
    """Have interrupts noted as well as raised: CEL makes a value of what our functions raise."""
    import signal  # only where CEL is asked

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is signal.default_int_handler:
            with suppress(ValueError):  # only the main thread gets any
                signal.signal(number, _noted_interrupt)


def _noted_interrupt(number: int, frame: Any) -> None:
    import signal

    _interrupts.append(number)
    signal.default_int_handler(number, frame)


def _keep_none() -> None:
    """Make None immortal, as it is from Python 3.12 on.

    The runtime hands out None without counting the reference, for each null in a result and in an
    argument of a function of ours.  On 3.11 the count would reach zero after some thousands, which
    ends the process.
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        import ctypes

        ctypes.c_ssize_t.from_address(id(None)).value += 1 << 48


# -- functions -----------------------------------------------------------------------------

FUNCTIONS = {
    "days_since": "days_since(date): days from the date to today; negative for a date in the future; null of null",
    "days_between": "days_between(a, b): days from date a to date b; null if either is null",
    "amount": "amount(number): the number as people write it, 1,200,000 or 12.50; for messages; null of null",
    "several": "several(x): whether x names more than one person, such as Ann Lee; Bo Chan",
    "named": "named(x): whether x names somebody: not null, blank or a placeholder such as TBD",
}
"""What a rule may call beside CEL's own functions."""


def _functions(since: Callable[[str | None], int | None]) -> list[Any]:
    cel = _cel()
    text, null, whole, real = cel.Type.STRING, cel.Type.NULL, cel.Type.INT, cel.Type.DOUBLE
    dyn, truth = cel.Type.DYN, cel.Type.BOOL

    def declare(
        name: str, function: Callable[..., Any], result: Any, *signatures: list[Any]
    ) -> Any:
        overloads = [
            cel.Overload(f"{name}_{index}", result, list(signature), False, impl=function)
            for index, signature in enumerate(signatures)
        ]
        return cel.FunctionDecl(name, overloads)

    numbers = [[a, b] for a in (whole, real) for b in (whole, real)]
    plain = [(signature, dyn) for signature in numbers]
    when, span = cel.Type.TIMESTAMP, cel.Type.DURATION
    other = [[kind] for kind in (text, null, whole, real, truth, cel.Type.LIST, cel.Type.MAP)]
    return [
        declare("days_since", since, dyn, [text], [null]),
        declare(
            "days_between", days_between, dyn, *([a, b] for a in (text, null) for b in (text, null))
        ),
        declare("amount", amount, dyn, [whole], [real], [null]),
        declare("named", is_named, truth, *other),
        declare("several", names_several, truth, *other),
        # see `parse`
        declare("mul", operator.mul, dyn, *numbers),
        _typed(
            "sub",
            operator.sub,
            *plain,
            ([when, when], span),
            ([when, span], when),
            ([span, span], span),
        ),
        declare("div", operator.truediv, dyn, *numbers),
        declare("rem", math.fmod, dyn, *numbers),
        cel.FunctionDecl(
            "re2find",
            [
                cel.Overload("re2find_method", truth, [text, text], True, impl=matches),
                cel.Overload("re2find_function", truth, [text, text], False, impl=matches),
            ],
        ),
        _typed(
            "add",
            _built.add,
            *plain,
            ([text, text], text),
            ([cel.Type.LIST, cel.Type.LIST], dyn),
            ([when, span], when),
            ([span, when], when),
            ([span, span], span),
        ),
    ]


def _typed(name: str, function: Callable[..., Any], *signatures: tuple[list[Any], Any]) -> Any:
    cel = _cel()
    overloads = [
        cel.Overload(f"{name}_{index}", result, signature, False, impl=function)
        for index, (signature, result) in enumerate(signatures)
    ]
    return cel.FunctionDecl(name, overloads)


# -- checking against the model ------------------------------------------------------------


class Checker:
    """Compiles expressions against typed variables, to find what is wrong with them.

    `types` maps the name of a message to its fields, each `text`, `truth`, `number`, `any`,
    `texts`, `map`, `anymap`, or the name of another message, with `[]` after it for a list.
    """

    def __init__(self, types: Mapping[str, Mapping[str, str]]) -> None:
        self.types = types
        self._pool = _descriptor_pool(types)
        self._environments: dict[tuple[tuple[str, str], ...], Any] = {}

    def compile(self, expression: str, variables: Mapping[str, str]) -> tuple[Tree, str]:
        """Return the tree and the name of its result's type.  Raises `CelError`.

        `variables` maps names to message names, `text`, or `map:<message>`.
        """
        key = tuple(sorted(variables.items()))
        environment = self._environments.get(key)
        if environment is None:
            declared = {name: self._type(kind) for name, kind in variables.items()}
            environment = self._environments[key] = _cel().NewEnv(
                descriptor_pool=self._pool,
                variables=declared,
                functions=_functions(lambda day: None),
            )
        try:
            checked = kind = environment.compile(expression)
        except RuntimeError as error:
            problems = problems_of(str(error))
            if problems:
                raise CelError(problems) from None
            # only 3 and 3.0 were mixed, which the types refuse and the evaluation does not
            kind = environment.compile(loosen_numbers(expression))
            checked = environment.compile(expression, disable_check=True)
        return _with_offsets(checked), str(kind.return_type().name())

    def parse(self, expression: str) -> Tree | None:
        """Return the tree of an expression whatever its types; None if it is no CEL."""
        try:
            return _with_offsets(_parser().compile(expression, disable_check=True))
        except RuntimeError:
            return None

    @staticmethod
    def _type(kind: str) -> Any:
        cel = _cel()
        if kind == "text":
            return cel.Type.STRING
        if kind.startswith("map:"):
            return cel.Type.Map(cel.Type.STRING, cel.Type(f"itgov.{kind[4:]}"))
        return cel.Type(f"itgov.{kind}")


def _with_offsets(compiled: Any) -> Tree:
    return syntax.decode(bytes(compiled.serialize()), offsets=True)


def _descriptor_pool(types: Mapping[str, Mapping[str, str]]) -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool, struct_pb2, wrappers_pb2

    pool = descriptor_pool.DescriptorPool()
    for module in (wrappers_pb2, struct_pb2):
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    file = descriptor_pb2.FileDescriptorProto(
        name="itgov.proto",
        package="itgov",
        syntax="proto3",
        dependency=["google/protobuf/wrappers.proto", "google/protobuf/struct.proto"],
    )
    field_type = descriptor_pb2.FieldDescriptorProto
    plain = {
        "text": ".google.protobuf.StringValue",
        "truth": ".google.protobuf.BoolValue",
        # whole and fractional numbers compare with each other, so a number is of any type
        "number": ".google.protobuf.Value",
        "any": ".google.protobuf.Value",
        "anymap": ".google.protobuf.Struct",
    }
    for name, fields in types.items():
        message = file.message_type.add(name=name)
        for number, (field, kind) in enumerate(fields.items(), start=1):
            entry = message.field.add(name=field, number=number, label=field_type.LABEL_OPTIONAL)
            if kind == "texts":
                entry.label, entry.type = field_type.LABEL_REPEATED, field_type.TYPE_STRING
            elif kind == "map":
                entry.label, entry.type = field_type.LABEL_REPEATED, field_type.TYPE_MESSAGE
                pair = "".join(p.capitalize() for p in field.split("_")) + "Entry"
                nested = message.nested_type.add(name=pair)
                nested.options.map_entry = True
                nested.field.add(name="key", number=1, label=1, type=field_type.TYPE_STRING)
                nested.field.add(name="value", number=2, label=1, type=field_type.TYPE_STRING)
                entry.type_name = f".itgov.{name}.{pair}"
            else:
                entry.type = field_type.TYPE_MESSAGE
                if kind.endswith("[]"):
                    entry.label = field_type.LABEL_REPEATED
                base = kind.removesuffix("[]")
                entry.type_name = plain.get(base, f".itgov.{base}")
    pool.AddSerializedFile(file.SerializeToString())
    return pool
