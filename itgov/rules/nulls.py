"""Where a null can reach an operator that fails on it, and words that can never occur.

The analysis follows conditions as people write them: what stands left of `&&` is known on its
right, what stands left of `||` is known not to hold there, and so for `? :`.  It may warn of what
cannot happen; it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from itgov.rules.cel_words import ORDERING
from itgov.rules.language import SubjectName
from itgov.rules.syntax import Node, Tree
from itgov.rules.vocabulary import ReadableField, variables, vocabulary

_METHODS = {"startsWith", "endsWith", "contains", "matches", "size"}
_SAME_AS = {
    # a derived fact is there when the field that it is computed from is there
    "days_since_end": "end",
    "days_since_review": "last_reviewed",
    "days_review_overdue": "next_review",
    "days_since_confidence": "confidence_on",
    "days_overdue": "due",
    "days_in_position": "position_since",
    "days_native_overdue": "native_by",
}
VariableTypes = dict[str, str]
"""Variables with the message that each holds."""


def types_of(kind: SubjectName) -> VariableTypes:
    """Return the variables of a rule on `kind` that hold messages."""
    return {n: t for n, t in variables(kind).items() if t != "text"}


def unguarded(
    tree: Tree, kind: SubjectName, guards: Iterable[Tree] = (), condition: bool = False
) -> list[tuple[Node, str, str]]:
    """Return each place where a value that may be null meets an operator that fails on null.

    `guards` are conditions known to hold (a rule's `when`).  A result is the node, the value as
    written, and the operator: empty where the value itself is asked for true or false, as the
    whole expression is with `condition`.
    """
    types = types_of(kind)
    known: frozenset[str] = frozenset()
    for guard in guards:
        known |= _present(guard.root, True)
    found: list[tuple[Node, str, str]] = []
    if condition:
        _truth(tree.root, types, known, found)
    _visit(tree.root, types, known, found)
    return list({(n.offset, p, o): (n, p, o) for n, p, o in found}.values())


def path_of(node: Node) -> str | None:
    """Return a chain of names and fields as written, `investment.end`, or None."""
    if node.kind == "call" and node.text == "days_since" and len(node.arguments) == 1:
        return path_of(node.arguments[0])  # there when its date is there
    if node.kind == "name":
        return node.text.lstrip(".")
    if node.kind == "select" and node.arguments:
        inner = path_of(node.arguments[0])
        return f"{inner}.{node.text}" if inner else None
    if node.kind == "call" and node.text == "_[_]" and node.arguments[1].kind == "constant":
        inner = path_of(node.arguments[0])
        return f"{inner}[{node.arguments[1].text}]" if inner else None
    if node.kind == "call" and node.text == "_[_]":
        inner, index = path_of(node.arguments[0]), path_of(node.arguments[1])
        return f"{inner}[{index}]" if inner and index else None
    return None


def field_of(node: Node, types: VariableTypes) -> ReadableField | None:
    """Return the field that a chain ends in, or None where that is not known."""
    if node.kind != "select" or not node.arguments:
        return None
    message = _message(node.arguments[0], types)
    return vocabulary().get(message or "", {}).get(node.text)


def _message(node: Node, types: VariableTypes) -> str | None:
    if node.kind == "name":
        return types.get(node.text.lstrip("."))
    if node.kind == "call" and node.text == "_[_]":
        inner = _message(node.arguments[0], types)
        return inner.removeprefix("map:").removesuffix("[]") if inner else None
    field = field_of(node, types)
    return field.kind if field else None


def _canonical(path: str) -> str:
    head, _, last = path.rpartition(".")
    return f"{head}.{_SAME_AS[last]}" if last in _SAME_AS else path


def _nullable(node: Node, types: VariableTypes, known: frozenset[str]) -> str | None:
    """Return the value as written if it may be null here."""
    if node.kind == "call" and node.text in ("days_since", "days_between"):
        for argument in node.arguments:
            inner = _nullable(argument, types, known)
            if inner is not None:
                return inner
        return None
    field = field_of(node, types)
    path = path_of(node)
    if field is None or path is None or not field.nullable or _canonical(path) in known:
        return None
    if field.history:  # null there is what says that nobody can judge: to guard it would hide that
        return None
    return path


def _visit(
    node: Node, types: VariableTypes, known: frozenset[str], found: list[tuple[Node, str, str]]
) -> None:
    if node.kind == "comprehension":
        _visit_loop(node, types, known, found)
        return
    if node.kind != "call":
        if node.kind == "select":
            whole = _nullable(node.arguments[0], types, known)
            if whole is not None:
                found.append((node.arguments[0], whole, "."))
        for argument in node.arguments:
            _visit(argument, types, known, found)
        return
    if node.text in ("_&&_", "_||_", "!_"):
        for index, argument in enumerate(node.arguments):
            others = [a for i, a in enumerate(node.arguments) if i != index]
            sure = known
            for other in others:
                sure |= _present(other, node.text == "_&&_")
            _truth(argument, types, sure, found)
    elif node.text == "_?_:_":
        _truth(node.arguments[0], types, known, found)
    if node.text == "_&&_":
        left, right = node.arguments
        _visit(left, types, known | _present(right, True), found)
        _visit(right, types, known | _present(left, True), found)
    elif node.text == "_||_":
        left, right = node.arguments
        _visit(left, types, known | _present(right, False), found)
        _visit(right, types, known | _present(left, False), found)
    elif node.text == "_?_:_":
        condition, yes, no = node.arguments
        _visit(condition, types, known, found)
        _visit(yes, types, known | _present(condition, True), found)
        _visit(no, types, known | _present(condition, False), found)
    else:
        operator = ORDERING.get(node.text) or (node.text if node.text in _METHODS else None)
        for index, argument in enumerate(node.arguments):
            if node.text == "@in" and index == 0 and _is_map(node.arguments[1], types):
                operator = "in"
            path = _nullable(argument, types, known) if operator else None
            if path is not None and operator is not None:
                found.append((argument if argument.offset >= 0 else node, path, operator))
            _visit(argument, types, known, found)


def _is_map(node: Node, types: VariableTypes) -> bool:
    return (_message(node, types) or "").startswith("map:")


def _truth(
    node: Node, types: VariableTypes, known: frozenset[str], found: list[tuple[Node, str, str]]
) -> None:
    """Find a value that is asked for true or false although it may be null."""
    path = _nullable(node, types, known)
    if path is not None:
        found.append((node, path, ""))


def _visit_loop(
    node: Node, types: VariableTypes, known: frozenset[str], found: list[tuple[Node, str, str]]
) -> None:
    source = node.arguments[0]
    sure = known | _items_known(source, node.variable)
    inner = dict(types)
    message = _item_message(source, types)
    if message is not None:
        inner[node.variable] = message
    else:
        inner.pop(node.variable, None)
    _visit(source, types, known, found)
    step = node.arguments[3] if len(node.arguments) > 3 else None
    if step is not None and step.kind == "call" and step.text in ("_&&_", "_||_"):
        _truth(step.arguments[1], inner, sure, found)  # all, exists: the body is a condition
    for argument in node.arguments[1:]:
        _visit(argument, inner, sure, found)


def _item_message(source: Node, types: VariableTypes) -> str | None:
    """Return the message of a list's items, through `filter`; None where it is not known."""
    while source.kind == "comprehension":
        if not _is_filter(source):
            return None
        source = source.arguments[0]
    message = _message(source, types)
    return message.removesuffix("[]") if message is not None and message.endswith("[]") else None


def _is_filter(node: Node) -> bool:
    """Say whether a loop is `filter`: it gathers its own variable where a condition holds."""
    step = node.arguments[3] if len(node.arguments) > 3 else None
    if step is None or step.text != "_?_:_":
        return False
    gathered = step.arguments[1]
    if gathered.text != "_+_" or gathered.arguments[1].kind != "list":
        return False
    item = gathered.arguments[1].arguments[0]
    return item.kind == "name" and item.text == node.variable


def _items_known(source: Node, variable: str) -> frozenset[str]:
    """Return what is known of each item of a list because `filter` let it through."""
    known: frozenset[str] = frozenset()
    while source.kind == "comprehension" and _is_filter(source):
        condition = source.arguments[3].arguments[0]
        known |= _renamed(_present(condition, True), source.variable, variable)
        source = source.arguments[0]
    return known


def _renamed(paths: frozenset[str], old: str, new: str) -> frozenset[str]:
    return frozenset(f"{new}{p[len(old) :]}" if p.startswith(f"{old}.") else p for p in paths)


def _present(node: Node, holds: bool) -> frozenset[str]:
    """Return the values known not to be null if the condition does (or does not) hold."""
    if node.kind != "call":
        return frozenset()
    arguments = node.arguments
    if node.text == "!_":
        return _present(arguments[0], not holds)
    if node.text in ("_&&_", "_||_"):
        both = node.text == "_&&_" if holds else node.text == "_||_"
        left, right = _present(arguments[0], holds), _present(arguments[1], holds)
        return left | right if both else left & right
    if node.text == "_?_:_" and holds:
        return _present(arguments[0], True) & _present(arguments[2], True)
    if node.text in ("_==_", "_!=_"):
        equal = (node.text == "_==_") == holds
        paths = set()
        for one, other in ((arguments[0], arguments[1]), (arguments[1], arguments[0])):
            path = path_of(one)
            is_null = other.kind == "constant" and other.value is None
            # equal to something that is not null, or unequal to null
            if path is not None and other.kind == "constant" and equal != is_null:
                paths.add(_canonical(path))
        return frozenset(paths)
    if holds and node.text in ("@in", "named"):
        path = path_of(arguments[0])
        return frozenset({_canonical(path)}) if path else frozenset()
    return frozenset()


def impossible_words(tree: Tree, kind: SubjectName) -> Iterator[tuple[Node, str, ReadableField]]:
    """Yield each text compared with a field that only takes other words."""
    types = types_of(kind)
    for node in tree.root.walk():
        if node.kind == "comprehension":
            message = _message(node.arguments[0], types)
            if message is not None and message.endswith("[]"):
                types[node.variable] = message.removesuffix("[]")
        if node.kind != "call" or node.text not in ("_==_", "_!=_", "@in"):
            continue
        left, right = node.arguments
        pairs = (
            [(left, right), (right, left)]
            if node.text != "@in"
            else [(left, i) for i in right.arguments if right.kind == "list"]
        )
        for one, literal in pairs:
            field = field_of(one, types)
            if (
                field is not None
                and field.options
                and isinstance(literal.value, str)
                and literal.kind == "constant"
                and literal.value not in field.options
            ):
                yield literal, literal.value, field
