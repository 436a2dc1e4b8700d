"""Where the public data sets are: `shared/data` beside the checkout, or beside a folder above it."""

from __future__ import annotations

from pathlib import Path

import pytest

_TREE = Path(__file__).parents[2]


def _found() -> Path:
    places = [above / "shared" / "data" for above in _TREE.parents]
    return next((p for p in places if p.is_dir()), places[0])


DATA = _found()

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the public data sets are not here ({DATA})"
)
"""Skips a test where they are absent, and says where they were looked for."""
