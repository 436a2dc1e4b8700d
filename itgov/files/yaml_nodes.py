"""A text composed by libyaml: nodes with their marks, made as light records.

PyYAML's composer, in C, makes a node by calling the class that its module names.  Its own classes are
written in Python and keep a dictionary for each node; in their place stand structs here, while a text
is composed.  That takes a sixth off reading (150 of 900 ms for 8.7 MB), and has no public interface.
Where PyYAML has no such names the nodes are its own, and all else stays as it is; a test says so.
"""

from __future__ import annotations

from _thread import allocate_lock
from importlib import import_module
from typing import Any

import yaml
from msgspec import Struct
from yaml.cyaml import CParser  # type: ignore[attr-defined]


class _Scalar(Struct, gc=False):
    tag: str | None
    value: str
    start_mark: Any
    end_mark: Any
    style: str | None


class _Sequence(Struct, gc=False):
    tag: str | None
    value: list[Any]
    start_mark: Any
    end_mark: Any
    flow_style: bool | None


class _Mapping(Struct, gc=False):
    tag: str | None
    value: list[tuple[Any, Any]]
    start_mark: Any
    end_mark: Any
    flow_style: bool | None


_composing: Any = import_module(CParser.__module__)
_OWN = {n: getattr(yaml, n) for n in ("ScalarNode", "SequenceNode", "MappingNode")}
IS_LIGHT = all(vars(_composing).get(name) is own for name, own in _OWN.items())
"""Whether the composer takes its nodes' classes from where they can be replaced."""

ScalarNode: type[Any] = _Scalar if IS_LIGHT else _OWN["ScalarNode"]
SequenceNode: type[Any] = _Sequence if IS_LIGHT else _OWN["SequenceNode"]
MappingNode: type[Any] = _Mapping if IS_LIGHT else _OWN["MappingNode"]
_LIGHT = dict(zip(_OWN, (ScalarNode, SequenceNode, MappingNode), strict=True))
_one_at_a_time = allocate_lock()


class _Composer(CParser):
    """libyaml's composer with tags left alone: types are given by us, so tags only mark misuse."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)

    def resolve(self, kind: type, value: object, implicit: object) -> None:
        """Give no tag; only an explicit one is then ever seen on a node."""

    def descend_resolver(self, parent: object, index: object) -> None:
        """Path resolvers are not used."""

    def ascend_resolver(self) -> None:
        """Path resolvers are not used."""


def compose(text: str) -> Any:
    """Return the root node of a text, None where it is empty.  Raises `yaml.YAMLError`."""
    with _one_at_a_time:
        vars(_composing).update(_LIGHT)
        try:
            return _Composer(text).get_single_node()
        finally:
            vars(_composing).update(_OWN)
