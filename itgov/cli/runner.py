"""One way to run a verb: its errors become a word on stderr and an exit code.

Nothing here may import more than a small part of the standard library before something went wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from itgov.model.errors import ItgovError


def run(work: Callable[[], int]) -> int:
    """Do the work of a verb and return its exit code; 2 where it could not be done."""
    try:
        code = work()
        say_notes()
        _write_kept()
        return code
    except SystemExit as done:  # the parser has answered
        return int(done.code or 0)
    except ItgovError as error:
        return refuse(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `itgov check | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename!r}: " if error.filename else ""
        return _complain(f"itgov: {where}{error.strerror or error}")
    except RecursionError:
        return _complain("itgov: the input is nested too deeply")
    except Exception as error:  # the last line: said, never swallowed, and never a traceback
        if os.environ.get("ITGOV_DEBUG"):
            raise
        if _is_of_an_interrupt(error):
            return 130
        return _complain(
            f"itgov: internal error: {type(error).__name__}: {ascii(str(error))[:300]}\n"
            "Please report it; ITGOV_DEBUG=1 shows where it happened."
        )


def _is_of_an_interrupt(error: BaseException) -> bool:
    """Say whether an error only followed from an interrupt, as what cleans up after one may raise."""
    before = error.__cause__ or error.__context__
    return before is not None and (
        isinstance(before, KeyboardInterrupt) or _is_of_an_interrupt(before)
    )


def _write_kept() -> None:
    """Write down what the verb left to be kept for a later run; its output is written by now."""
    if (cache := sys.modules.get("itgov.files.cache")) is not None:
        cache.write_kept()


def say_notes() -> None:
    """Say how work was shared otherwise than asked for: a worker that ended, none that started."""
    if (shared := sys.modules.get("itgov.files.shared_work")) is not None:
        from itgov.cli.terminal import say

        for line in shared.take_notes():
            say(line)


def refuse(error: ItgovError) -> int:
    """Say what is wrong and why the work was not done, and return the exit code for it."""
    from itgov.cli.terminal import fail, say

    for line in error.details:
        say(line)
    return fail(error.summary)


def _complain(text: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
    return 2
