"""The views of the room: each made when it is first asked for, or before, while nobody waits."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container

from itgov.tui.actions import VIEWS
from itgov.tui.background.idle_tasks import IdleTask

if TYPE_CHECKING:
    from textual.widget import AwaitMount

    from itgov.tui.state.room import Room
    from itgov.tui.views.base import View

_KINDS: Mapping[str, tuple[str, str]] = {
    name: (f"itgov.tui.views.{name}", f"{name.capitalize()}View") for name in VIEWS
}
_DIALOGS = tuple(
    f"itgov.tui.{name}"
    for name in (
        "dialogs.help",
        "dialogs.jump",
        "dialogs.command",
        "dialogs.copy",
        "state.open_session",
    )
)
"""What is imported when a key first asks for it, or before."""


class ViewCache:
    """Holds the views that were made; `place` returns the container that they are mounted in."""

    def __init__(self, place: Callable[[], Container]) -> None:
        self._place = place
        self._made: dict[str, View] = {}
        self._mounts: dict[str, AwaitMount] = {}

    def __iter__(self) -> Iterator[View]:
        return iter(self._made.values())

    def get(self, name: str) -> View | None:
        """Return a view if it was made already."""
        return self._made.get(name)

    async def take(self, name: str) -> View:
        """Return a view, made and hidden if it was not there yet."""
        view = self._made.get(name)
        if view is None:
            module, kind = _KINDS[name]
            view = self._made[name] = getattr(importlib.import_module(module), kind)()
            view.display = False
            self._mounts[name] = self._place().mount(view)
        if not view.is_mounted:  # somebody else may have asked for it a moment ago
            await self._mounts[name]
        return view

    def idle_tasks(self, room: Callable[[], Room | None]) -> Iterator[IdleTask]:
        """Yield what makes each view ready to be shown: it is made, then given the room of then."""
        for name in VIEWS:
            yield partial(self.take, name)
            yield partial(self._fill, name, room)
        for name in _DIALOGS:
            yield partial(importlib.import_module, name)

    def _fill(self, name: str, room: Callable[[], Room | None]) -> None:
        view, now = self._made[name], room()
        if now is not None and view.is_mounted and view.room is not now:
            view.show(now)
