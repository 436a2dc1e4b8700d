"""The keys of a session on the sample, and what is kept of it on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from itgov.review.store import ReviewStore

OPEN = ["M", *"lending", "enter", *"harcourt", "enter", "enter"]
"""The keys that open a session on lending, with Stephen Harcourt in the chair."""
APPROVE = ("enter", "a")


def kept(root: Path) -> Any:
    """Return the session as it is on the disk."""
    return ReviewStore(root).session()


def decisions(root: Path) -> list[list[str]]:
    """Return what is recorded on each item."""
    return [[r.decision.decision for r in i.decisions] for i in kept(root).items]
