"""The room in a process of its own, shown by a browser: what `itgov serve` starts for each page."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import msgspec


class Served(msgspec.Struct, frozen=True):
    """What a served room is opened on; given to it as one argument, JSON."""

    path: str | None = None
    as_of: datetime.date | None = None
    read_only: bool = False


def main(arguments: list[str]) -> int:
    """Run the room and return its exit code."""
    from itgov.tui.app import ReviewRoom
    from itgov.tui.terminal_gone import leave_with_the_server

    served = msgspec.json.decode(arguments[0], type=Served)
    room = ReviewRoom(
        Path(served.path) if served.path is not None else None,
        served.as_of,
        watching=True,
        read_only=served.read_only,
        browser=True,
    )
    leave_with_the_server(room)
    return room.exit_code(room.run())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
