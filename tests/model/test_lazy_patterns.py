"""Patterns that are compiled late match as others do, and all of them are sound."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from itgov.model.lazy_patterns import LazyPattern, lazy_pattern

TREE = Path(__file__).resolve().parents[2]
USERS = sorted(
    path
    for path in (TREE / "itgov").rglob("*.py")
    if "lazy_pattern(" in path.read_text(encoding="utf-8") and path.stem != "lazy_patterns"
)


def test_it_matches_as_a_compiled_one_does() -> None:
    lazy, compiled = (
        lazy_pattern(r"(a+)\s*(B)?", re.IGNORECASE),
        re.compile(r"(a+)\s*(B)?", re.IGNORECASE),
    )
    assert lazy.pattern == compiled.pattern
    for text in ("AA b", "x", "a\nb aaB"):
        for method in ("search", "match", "fullmatch"):
            one, other = getattr(lazy, method)(text), getattr(compiled, method)(text)
            assert (one and one.groups()) == (other and other.groups())
        assert lazy.findall(text) == compiled.findall(text)
        assert lazy.sub("-", text) == compiled.sub("-", text)
        assert lazy.split(text) == compiled.split(text)
        assert [m.span() for m in lazy.finditer(text)] == [
            m.span() for m in compiled.finditer(text)
        ]
    assert (lazy.flags, lazy.groups) == (compiled.flags, compiled.groups)


@pytest.mark.parametrize("path", USERS, ids=lambda p: p.stem)
def test_the_patterns_of_a_module_are_sound(path: Path) -> None:
    name = ".".join(path.relative_to(TREE).with_suffix("").parts)
    module = vars(importlib.import_module(name))
    found = [value for value in module.values() if type(value) is LazyPattern]
    found += [p for value in module.values() if isinstance(value, tuple) for row in value
              if isinstance(row, tuple) for p in row if type(p) is LazyPattern]  # fmt: skip
    assert len(found) == path.read_text(encoding="utf-8").count("lazy_pattern(")
    for pattern in found:
        re.compile(pattern.pattern, pattern._flags)
