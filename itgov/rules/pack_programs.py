"""The Python that judges by the rules of the standard pack, kept compiled.

Writing the conditions of its rules out and compiling them takes longer than to judge a small portfolio.
"""

from __future__ import annotations

from msgspec import Struct

from itgov.rules.pack_parts import PackPart


class Answering(Struct, array_like=True):
    """How the rules on one kind of subject are judged: what answers, and whose answers are left to CEL."""

    code: bytes
    places: list[int]


class Telling(Struct, array_like=True):
    """How the values in a message are found without CEL."""

    fields: list[str] | None
    """The fields of the subject that they are; None where they are not that plain."""
    code: bytes | None
    """What finds them otherwise; None where that is left to CEL."""


class Programs(Struct, array_like=True):
    """What judges by the pack's rules, each by all that it follows from."""

    answering: dict[str, Answering]
    telling: dict[str, Telling]
    alone: dict[str, bool]
    """Whether a condition on what only git can tell has to be asked by itself."""


PROGRAMS = PackPart("programs", Programs)
_NONE = Programs({}, {}, {})


def programs() -> Programs:
    """Return what is kept of the pack."""
    return PROGRAMS.recall() or _NONE
