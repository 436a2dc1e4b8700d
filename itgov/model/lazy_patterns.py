"""Regular expressions that are compiled when they are first used.

To compile all that stand in the modules of a small check takes a tenth of it, and most are for what is
rare in files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

_compile = re.compile
_METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


class LazyPattern:
    """Stands for a pattern, also where the functions of `re` are given one."""

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # what `isinstance` asks for as well
        return re.Pattern

    def __getattr__(self, name: str) -> Any:
        compiled = _compile(self.pattern, self._flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)


@contextmanager
def compiled_late() -> Iterator[None]:
    """Have what is imported meanwhile compile each of its patterns when it is first used."""
    re.compile = LazyPattern  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = _compile


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern for its methods; it must be sound, since nothing looks at it before it is used."""
    return cast("re.Pattern[str]", LazyPattern(pattern, flags))
