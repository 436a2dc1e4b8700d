"""Plain data converted to the types of the model, with a problem for each value that does not fit.

msgspec's conversion is fast and stops at the first error; `itgov.files.convert_unfit` finds them all.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from itgov.files.document import Document
from itgov.files.problem import Problem

T = TypeVar("T")


def convert(
    document: Document, data: Any, kind: type[T], start: str = ""
) -> tuple[T | None, list[Problem]]:
    """Return `data` as `kind`, and every place where it does not fit.

    What does not fit is taken out of the result; None where nothing of it can be used.  `start` is
    what to write first into a file that is no mapping.
    """
    if not document.blanks:
        try:
            return msgspec.convert(data, kind), []
        except msgspec.ValidationError:
            pass
    from itgov.files.convert_unfit import convert_unfit  # most files fit

    return convert_unfit(document, data, kind, start)
