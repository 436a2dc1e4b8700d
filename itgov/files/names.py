"""Names of files made from ids that anybody may have chosen."""

from __future__ import annotations

import re


def file_stem(identifier: str) -> str:
    """Return an id as part of a file's name: no separators, nothing hidden, not endless."""
    plain = re.sub(r"[^\w.-]+", "-", identifier).strip("-.")
    return plain[:80] or "unit"
