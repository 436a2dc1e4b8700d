"""Texts that a spreadsheet would take for formulas: none starts one, and each comes back as it was."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}",
            "\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip
"""What a formula can begin with; the wide forms in East Asian editions."""
_TOLD_APART = (*_FORMULA, "'")


def starts_formula(text: str) -> bool:
    """Say whether a spreadsheet could take a text for a formula."""
    return text.startswith(_FORMULA)


def guarded(text: str) -> str:
    """Return a text for a CSV file that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_TOLD_APART) else text


def unguarded(text: str) -> str:
    """Return a text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_TOLD_APART) else text
