"""Actions that ask something: each waits for its dialogs in a worker of the app."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp

P = ParamSpec("P")


class _OfApp(Protocol):
    @property
    def home(self) -> RoomApp:
        """The app whose worker waits."""


Of = TypeVar("Of", bound=_OfApp)


def waits_for_answers(
    action: Callable[Concatenate[Of, P], Coroutine[Any, Any, None]],
) -> Callable[Concatenate[Of, P], None]:
    """Let an action wait for dialogs, in place of another that still waits."""

    @wraps(action)
    def start(self: Of, /, *args: P.args, **kwargs: P.kwargs) -> None:
        self.home.run_worker(action(self, *args, **kwargs), group="edit", exclusive=True)

    return start
