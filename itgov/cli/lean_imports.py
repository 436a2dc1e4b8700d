"""msgspec, imported without what it brings along and no verb has a use for."""

from __future__ import annotations

import importlib
import sys

_BACKPORTS = "typing_extensions"


def import_msgspec() -> None:
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
