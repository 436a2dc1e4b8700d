"""Where the standard rules and the sample are: one copy in the tree, carried by the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def standard_root() -> Path:
    """Return the folder that holds the standard `rules/` and the sample."""
    installed = _PACKAGE / "shipped"
    return installed if installed.is_dir() else _PACKAGE.parent
