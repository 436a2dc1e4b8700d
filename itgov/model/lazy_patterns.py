"""Regular expressions that are compiled when they are first used.

To compile all that stand in the modules of a small check takes a tenth of it, and most are for what is
rare in files.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


class LazyPattern:
    """Has the methods of a pattern."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern for its methods; it must be sound, since nothing looks at it before it is used."""
    return cast("re.Pattern[str]", LazyPattern(pattern, flags))
