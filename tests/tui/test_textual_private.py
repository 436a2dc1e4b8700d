"""What the room takes of Textual that Textual keeps to itself: in one module, and still there."""

from __future__ import annotations

import ast
import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path

import textual

import itgov.tui

ROOM = Path(itgov.tui.__file__).parent
ONLY = ROOM / "textual_private.py"
DEFINED = re.compile(r"(?:def|class|self\.|^    )\s*(_[a-z]\w*)\b(?=\s*[(:=])", re.MULTILINE)


def private_names_of_textual() -> set[str]:
    folder = Path(textual.__file__).parent
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return {name for text in texts for name in DEFINED.findall(text)}


def taken(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each private name that a module uses and does not define, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    own |= {n.name for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef)}
    stored = [n for n in ast.walk(tree) if isinstance(getattr(n, "ctx", None), ast.Store)]
    own |= {n.attr for n in stored if isinstance(n, ast.Attribute)}
    own |= {n.id for n in stored if isinstance(n, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "os._exit":
            continue
        if isinstance(node, ast.Attribute) and re.match("_[a-z]", node.attr):
            on_super = isinstance(node.value, ast.Call) and ast.unparse(node.value) == "super()"
            if on_super or node.attr not in own:
                yield node.attr, node.lineno
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
            for name in [*(node.module or "").split("."), *(a.name for a in node.names)]:
                if name.startswith("_"):
                    yield name, node.lineno


def test_textual_still_has_every_private_name_that_the_room_takes() -> None:
    there = private_names_of_textual() | {p.stem for p in Path(textual.__file__).parent.glob("_*")}
    names = dict(taken(ONLY))
    assert names
    version = importlib.metadata.version("textual")
    moved = [
        f"textual_private.py:{line}: Textual {version} has no `{name}` any more"
        for name, line in names.items()
        if name not in there
    ]
    assert not moved, "\n".join(moved)


def test_no_other_module_of_the_room_takes_one() -> None:
    theirs = private_names_of_textual()
    # what a class of the room inherits from another one is the room's own
    ours = {
        name
        for path in ROOM.rglob("*.py")
        if path != ONLY
        for name in DEFINED.findall(path.read_text(encoding="utf-8"))
    }
    found = [
        f"{path.relative_to(ROOM)}:{line}: `{name}`"
        for path in sorted(ROOM.rglob("*.py"))
        if path != ONLY
        for name, line in taken(path)
        if name in theirs and name not in ours
    ]
    assert not found, "\n".join(found)


def test_no_class_of_the_room_hides_a_private_name_of_textual() -> None:
    """A name of ours that Textual uses for itself would be overwritten, or overwrite."""
    from textual.app import App
    from textual.screen import Screen
    from textual.widget import Widget

    clashes = [
        f"{kind.__module__}.{kind.__qualname__}.{name} is also in {base.__name__}"
        for base in (App, Screen, Widget)
        for kind in subclasses(base)
        if kind.__module__.startswith("itgov.")
        for name in vars(kind)
        if re.match("_[a-z]", name) and hasattr(base, name)
        if kind.__module__ != "itgov.tui.textual_private"
        if not name.startswith(("_css", "_merged", "_inherit", "_decorated", "_reactives", "_abc"))
        if getattr(base, name) is not getattr(kind, name) and name not in GIVEN_TO_EACH_CLASS
    ]
    assert not clashes, "\n".join(clashes)


GIVEN_TO_EACH_CLASS = {"_computes", "_parameters"}
"""What Textual and `typing` themselves write into each class."""


def subclasses(kind: type) -> Iterator[type]:
    import pkgutil

    for module in pkgutil.walk_packages([str(ROOM)], "itgov.tui."):
        if module.name != "itgov.tui.serve":  # wants the `serve` extra
            importlib.import_module(module.name)
    waiting = [kind]
    while waiting:
        for below in waiting.pop().__subclasses__():
            waiting.append(below)
            yield below
