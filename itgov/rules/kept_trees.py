"""Trees of expressions, kept from run to run: parsing those of the standard pack is a tenth of a start."""

from __future__ import annotations

from itgov.files.cache import write_later
from itgov.files.typed_cache import TypedCache
from itgov.rules.pack_parts import PackPart
from itgov.rules.syntax import Tree

MOST = 2_000
"""Trees that are kept: those that the last run asked for, and of earlier ones as far as there is room."""


class KeptTrees:
    """Trees by their expressions, of which each is a pure function."""

    def __init__(self) -> None:
        self._known: dict[str, Tree] | None = None
        self._used: dict[str, Tree] = {}
        """Those that this run asked for, as it asked: what has no room is parsed by every run."""

    def recall(self, expression: str) -> Tree | None:
        """Return the tree of an expression that was ever parsed, or None."""
        if (shipped := (TREES.recall() or {}).get(expression)) is not None:
            return shipped
        if self._known is None:
            cache = _cache()
            self._known = cache.recall(cache.key("trees")) or {}
        tree = self._known.get(expression)
        if tree is not None:
            self._used[expression] = tree
        return tree

    def keep(self, expression: str, tree: Tree) -> None:
        """Keep a tree that was just made."""
        self._used[expression] = tree
        write_later(self)

    def write(self) -> None:
        """Write down what is new."""
        known = {**self._used, **(self._known or {})}
        self._known = dict(list(known.items())[:MOST])
        cache = _cache()
        cache.keep(cache.key("trees"), self._known)


TREES = PackPart("trees", dict[str, Tree])
"""The trees of the standard pack's expressions."""


def _cache() -> TypedCache[dict[str, Tree]]:
    return TypedCache("trees", dict[str, Tree])
