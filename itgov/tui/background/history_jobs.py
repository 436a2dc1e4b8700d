"""Measuring the history for the room: in a process of its own, or here where there can be none."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from itgov.insight.diff_changes import Diff
from itgov.insight.diff_files import FileDiffs
from itgov.insight.trend_points import Period, Trend
from itgov.tui.background.worker import BackgroundJob, Failed, work
from itgov.tui.state.room import Room

_trends = msgspec.msgpack.Decoder(Trend)
_diffs = msgspec.msgpack.Decoder(Diff)
_file_diffs = msgspec.msgpack.Decoder(FileDiffs)


def measured(
    room: Room,
    by: Period,
    progress: Callable[[float], None],
    started: Callable[[BackgroundJob], None],
) -> Trend | str:
    """Return the history of a room's repository by a period, or why it cannot be told.

    `started` is given what can be stopped.
    """
    try:
        return _trends.decode(_worked("trend", room, (by,), progress, started))
    except Failed as failed:
        return str(failed) or "It was stopped."


def compared(
    room: Room,
    older: str,
    newer: str,
    progress: Callable[[float], None],
    started: Callable[[BackgroundJob], None],
) -> Diff | str:
    """Return what changed between two commits, or why that cannot be told."""
    try:
        return _diffs.decode(_worked("diff", room, (older, newer), progress, started))
    except Failed as failed:
        return str(failed) or "It was stopped."


def compared_files(
    room: Room,
    base: str,
    progress: Callable[[float], None],
    started: Callable[[BackgroundJob], None],
) -> FileDiffs | str:
    """Return what changed since a commit by files, or why that cannot be told."""
    try:
        day = room.today.isoformat()
        return _file_diffs.decode(_worked("changes", room, (base, day), progress, started))
    except Failed as failed:
        return str(failed) or "It was stopped."


def _worked(
    job: str,
    room: Room,
    arguments: tuple[str, ...],
    progress: Callable[[float], None],
    started: Callable[[BackgroundJob], None],
) -> bytes:
    def told(_: str, done: float) -> None:
        progress(done)

    background = BackgroundJob(job, room.root, *arguments)
    started(background)
    try:
        return background.run(told)
    except Failed as failed:
        if str(failed) or background.stopped:
            raise
    return work(job, room.root, list(arguments), told)
