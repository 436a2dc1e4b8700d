"""Dodges by what a file holds, or what it is called."""

from __future__ import annotations

from . import NO_OWNER, Dodge

DODGES = [
    Dodge("an investment loses its outcome owner", NO_OWNER, ["check"], 1, ["OWN-001"]),
]
