"""How many examples a property test tries."""

from __future__ import annotations

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")


def many(count: int) -> int:
    """Return `count`; a tenth of it in the plain run, and far more where faults are searched for."""
    return {"short": max(count // 10, 5), "long": count}.get(PROFILE, 2000)
