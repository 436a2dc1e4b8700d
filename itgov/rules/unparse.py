"""From a syntax tree back to an expression."""

from __future__ import annotations

import json

from itgov.rules.syntax import Node

_INFIX = {
    "_||_": ("||", 1), "_&&_": ("&&", 2), "_==_": ("==", 3), "_!=_": ("!=", 3), "_<_": ("<", 3),
    "_<=_": ("<=", 3), "_>_": (">", 3), "_>=_": (">=", 3), "@in": ("in", 3), "_+_": ("+", 4),
    "_-_": ("-", 4), "_*_": ("*", 5), "_/_": ("/", 5), "_%_": ("%", 5),
}  # fmt: skip
_METHODS = {"startsWith", "endsWith", "contains", "matches"}


def unparse(node: Node, outer: int = 0) -> str:
    """Return an expression that means what the tree means."""
    if node.kind == "comprehension":
        return _macro(node)
    if node.kind == "constant":
        return _constant(node)
    if node.kind == "name":
        return node.text
    if node.kind == "select":
        return f"{unparse(node.arguments[0], 9)}.{node.text}"
    if node.kind == "list":
        return f"[{', '.join(unparse(a) for a in node.arguments)}]"
    if node.kind == "map":
        pairs = zip(node.arguments[::2], node.arguments[1::2], strict=False)
        return "{" + ", ".join(f"{unparse(k)}: {unparse(v)}" for k, v in pairs) + "}"
    return _call(node, outer)


def _call(node: Node, outer: int) -> str:
    arguments = node.arguments
    if node.text in _INFIX and len(arguments) == 2:
        sign, level = _INFIX[node.text]
        left, right = unparse(arguments[0], level), unparse(arguments[1], level + 1)
        return _within(f"{left} {sign} {right}", level, outer)
    if node.text == "_?_:_":
        yes, no = unparse(arguments[1]), unparse(arguments[2])
        return _within(f"{unparse(arguments[0], 1)} ? {yes} : {no}", 0, outer + 1)
    if node.text == "_[_]":
        return f"{unparse(arguments[0], 9)}[{unparse(arguments[1])}]"
    if node.text in ("!_", "-_"):
        return f"{node.text[0]}{unparse(arguments[0], 8)}"
    if node.text in _METHODS and len(arguments) > 1:
        inside = ", ".join(unparse(a) for a in arguments[1:])
        return f"{unparse(arguments[0], 9)}.{node.text}({inside})"
    return f"{node.text}({', '.join(unparse(a) for a in arguments)})"


def _macro(node: Node) -> str:
    """Return the macro that became a loop: CEL keeps no record of it, but each has its shape."""
    source, _, _, step, result = node.arguments
    variable, name = node.variable, "all"
    body = step.arguments[1] if step.kind == "call" and len(step.arguments) > 1 else step
    if step.text == "_||_":
        name = "exists"
    elif step.text == "_+_":  # @result + [item]
        name, body = "map", body.arguments[0]
    elif step.text == "_?_:_":
        condition, then = step.arguments[0], step.arguments[1]
        if result.kind == "call":  # @result == 1
            name, body = "exists_one", condition
        else:
            item = then.arguments[1].arguments[0]
            same = item.kind == "name" and item.text == variable
            name, body = ("filter", condition) if same else ("map", item)
            if not same:
                return (
                    f"{unparse(source, 9)}.map({variable}, {unparse(condition)}, {unparse(item)})"
                )
    return f"{unparse(source, 9)}.{name}({variable}, {unparse(body)})"


def _within(text: str, level: int, outer: int) -> str:
    return f"({text})" if level < outer else text


def _constant(node: Node) -> str:
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bytes):
        return "b" + json.dumps(value.decode("latin-1"))
    return repr(value)
