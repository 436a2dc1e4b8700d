"""Leaving the process without taking apart what it holds: that takes a twentieth of a large check."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # type checkers take it for true; `typing` would cost time
if TYPE_CHECKING:
    from typing import NoReturn

_held: list[object] = []


def hold(large: object) -> None:
    """Keep something large until the process ends, or something else is held."""
    _held[:] = [large]


def leave(code: int) -> NoReturn:
    """End the process with an exit code; at once where something is held and nothing waits for the end."""
    if _held and not _is_awaited():
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError, AttributeError):  # closed, or full: Python says so as it ends
            sys.exit(code)
        os._exit(code)
    sys.exit(code)


def _is_awaited() -> bool:
    """Say whether other threads, a profiler or a measure of coverage have something left to do."""
    threads = sys.modules.get("threading")
    has_others = threads is not None and threads.active_count() > 1
    if has_others or sys.getprofile() is not None or sys.gettrace() is not None:
        return True
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12, with room for six tools
    return monitoring is not None and any(monitoring.get_tool(n) for n in range(6))
