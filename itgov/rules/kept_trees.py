"""Trees of expressions, kept from run to run: parsing those of the standard pack is a tenth of a start."""

from __future__ import annotations

from itgov.files.cache import write_later
from itgov.files.typed_cache import TypedCache
from itgov.rules.syntax import Tree

MOST = 2_000
"""Trees that are kept: those of the last run, and of earlier ones as far as there is room."""


class KeptTrees:
    """Trees by their expressions, of which each is a pure function."""

    def __init__(self) -> None:
        self._known: dict[str, Tree] | None = None
        self._fresh: dict[str, Tree] = {}

    def recall(self, expression: str) -> Tree | None:
        """Return the tree of an expression that was ever parsed, or None."""
        if self._known is None:
            cache = _cache()
            self._known = cache.recall(cache.key("trees")) or {}
        return self._known.get(expression)

    def keep(self, expression: str, tree: Tree) -> None:
        """Keep a tree that was just made."""
        self._fresh[expression] = tree
        write_later(self)

    def write(self) -> None:
        """Write down what is new."""
        known = {**self._fresh, **(self._known or {})}
        self._known = dict(list(known.items())[:MOST])
        self._fresh = {}
        cache = _cache()
        cache.keep(cache.key("trees"), self._known)


def _cache() -> TypedCache[dict[str, Tree]]:
    return TypedCache("trees", dict[str, Tree])
