"""What people say when a portfolio is started: the organisation's name, its currency, its first unit."""

from __future__ import annotations

import os
import re
from pathlib import Path

from itgov.report.plain import is_harmless, plain

_LONGEST = 200


def name_of_folder(root: Path) -> str:
    """Return a name for the organisation of a folder."""
    words = re.sub(r"[-_.\s]+", " ", os.path.basename(os.path.realpath(root))).strip()
    return words[:1].upper() + words[1:] if words and is_harmless(words) else "Our organisation"


def wrong_name(text: str) -> str | None:
    """Return what is wrong with a name, or None."""
    if not text.strip():
        return "the organisation needs a name"
    if len(text) > _LONGEST:
        return f"at most {_LONGEST} characters"
    if not is_harmless(text):
        return f"`{plain(text)}` contains characters that are not allowed in a name"
    return None


def wrong_currency(text: str) -> str | None:
    """Return what is wrong with the code of a currency, or None."""
    if not re.fullmatch("[A-Z]{3}", text.upper()):
        return f"`{text}` is not a code of three letters, such as EUR"
    return None


def wrong_unit(text: str) -> str | None:
    """Return what is wrong with the id of a business unit, or None."""
    if not re.fullmatch(r"\w[\w.-]{0,63}", text) or not is_harmless(text) or text.endswith("."):
        return (
            f"`{text}` is not an id such as retail: letters, digits, dashes, dots and underscores"
        )
    if text.lower() in ("organisation", "people"):
        return f"`{text}.yaml` is where the organisation itself is; choose another id"
    return None
