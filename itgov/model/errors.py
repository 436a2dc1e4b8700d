"""The base of every error that ends the work with a word for the user and no traceback."""

from __future__ import annotations


class ItgovError(Exception):
    """The work cannot be done; the text says why, and what to do about it."""

    @property
    def details(self) -> list[str]:
        """What is wrong and where, one by one; said before the summary."""
        return []

    @property
    def summary(self) -> str:
        """Why the work was not done."""
        return str(self)
