"""Ids that no reader can tell apart: letters of several scripts are drawn alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from itgov.model.nobody import drawn


def look_alikes(ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each id that looks like another one, and that one; an id of ASCII letters is the other."""
    known = sorted(ids, key=lambda i: not i.isascii())
    if not known or known[-1].isascii():
        return
    first: dict[str, str] = {}
    for identifier in known:
        if identifier.isascii():
            first.setdefault(identifier.lower(), identifier)
        elif (other := first.setdefault(drawn(identifier), identifier)) != identifier:
            yield identifier, other
