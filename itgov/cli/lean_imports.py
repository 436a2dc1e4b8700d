"""Libraries imported without what they bring along and no verb has a use for: a tenth of a small check."""

from __future__ import annotations

import importlib
import sys

from itgov.model.lazy_patterns import compiled_late

_BACKPORTS = "typing_extensions"


def import_libraries() -> None:
    """Import what every verb uses, unless somebody has.

    The dozen patterns of what these import in turn are compiled when they are used: 2 ms.
    """
    with compiled_late():
        _import_msgspec()
        _import_argparse()


def _import_msgspec() -> None:
    """Import msgspec without `typing_extensions`, which takes 7 ms: `inspect` and a parser come along.

    From Python 3.11 on `typing` has the same, and msgspec takes it from there where the other is not
    installed.  Whoever else asks for it later gets it.
    """
    # msgspec imports it from C and drops what is raised meanwhile: interrupted there, it goes on
    # without dates, and ends the process at the first type that has one
    importlib.import_module("datetime")
    if "msgspec" in sys.modules or _BACKPORTS in sys.modules:
        return
    sys.modules[_BACKPORTS] = None  # type: ignore[assignment]  # the import system's word for absent
    try:
        importlib.import_module("msgspec")
    finally:
        del sys.modules[_BACKPORTS]


def _import_argparse() -> None:
    """Import argparse and keep its words English: to look for a translation takes 1 ms.

    The parser's errors are read by their words, to say what was meant.
    """
    argparse = importlib.import_module("argparse")
    vars(argparse)["_"] = str
