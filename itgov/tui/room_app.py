"""The app as its views, dialogs and actions see it: what they may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from textual.driver import Driver
    from textual.screen import ModalScreen, Screen
    from textual.worker import Worker

    from itgov.files.proposal import Proposal
    from itgov.review.types import Session
    from itgov.tui.actions import Context
    from itgov.tui.background.file_updates import FileUpdates
    from itgov.tui.background.measured_history import MeasuredHistory
    from itgov.tui.background.reading import Trouble
    from itgov.tui.background.uncommitted import Uncommitted
    from itgov.tui.keymap import Keymap
    from itgov.tui.state.open_session import OpenSession
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection, Target
    from itgov.tui.widgets.bars import Tone
    from itgov.tui.widgets.styled_text import Line

Answer = TypeVar("Answer")


class RoomSession(Protocol):
    """The review session that is open in the room."""

    meeting: OpenSession | None

    def store_stamp(self) -> tuple[int, int] | None:
        """Return what differs after every change of the sessions kept in the repository."""

    def waiting(self) -> list[Session]:
        """Return the sessions that are open in the repository."""

    def show_again(self) -> None:
        """Show what the session has come to."""

    def show_others_records(self) -> None:
        """Show what others have recorded."""

    def go_to_item(self, number: int) -> None:
        """Be on an item of the agenda."""

    def note_edit(self, proposal: Proposal, back: bool = False) -> None:
        """Let the session keep that the room has edited a file."""


class SessionDecisions(Protocol):
    """Decisions of a session, some of which stand for the edit on the same key."""

    def do_decide(self) -> None:
        """Choose a decision on the item."""

    def do_assign_owner(self) -> None:
        """Assign the outcome owner."""

    def do_assign_manager(self) -> None:
        """Assign the relationship manager."""

    def do_decide_waive(self) -> None:
        """Waive a finding."""

    def do_decide_action(self) -> None:
        """Agree an action."""


class ShownViews(Protocol):
    """Which view is shown, and the way to others."""

    view_name: str

    @property
    def view(self) -> Any:
        """The view that is shown."""

    def selection(self) -> Selection | None:
        """Return what the cursor is on."""

    async def show_view(self, name: str) -> Any:
        """Show a view."""

    async def go_to(self, target: Target, remember: bool = True) -> bool:
        """Show something."""


class RoomApp(Protocol):
    """What a part of the room may ask of the app."""

    keys: Keymap
    room: Room | None
    path: Path | None
    trouble: Trouble | None
    browser: bool
    read_only: bool
    theme: str
    terminal: Driver | None
    updates: FileUpdates
    history: MeasuredHistory
    changes: Uncommitted

    @property
    def session_actions(self) -> RoomSession:
        """The review session."""

    @property
    def decisions(self) -> SessionDecisions:
        """The decisions in it."""

    @property
    def navigation(self) -> ShownViews:
        """Which view is shown, and the way to others."""

    @property
    def screen_stack(self) -> Sequence[Screen[Any]]:
        """The room's own screen, and what lies over it."""

    @property
    def base(self) -> Screen[Any]:
        """The room's own screen, whatever lies over it."""

    @property
    def ansi_color(self) -> bool | None:
        """Whether only the terminal's own colours are used."""

    def context(self) -> Context:
        """Return what there is to work with now."""

    async def carry_out(self, name: str, argument: str = "") -> bool:
        """Carry an action out."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy as Textual does."""

    def ask(self, dialog: ModalScreen[str | None], then: Callable[[str], Any]) -> None:
        """Show a dialog; `then` is given the answer, if there is one."""

    def call_from_thread(self, callback: Callable[..., Any], *args: Any) -> Any:
        """Call back on the app's own thread."""

    def call_later(self, callback: Callable[..., Any], *args: Any) -> Any:
        """Call back in the app's own turn; may be called from any thread."""

    def action_suspend_process(self) -> None:
        """Give the terminal back to the shell."""

    def suspend(self) -> AbstractContextManager[None]:
        """Leave the terminal to another program."""

    def refresh(self, *, layout: bool = False) -> Any:
        """Draw everything again."""

    def say(self, text: str, tone: Tone = "") -> None:
        """Say something on the last line."""

    def tell(self, title: str, lines: Sequence[Line]) -> None:
        """Show lines to read, until they are closed."""

    def draw_bars(self) -> None:
        """Bring the lines at the edges up to date."""

    async def push_screen_wait(self, screen: Screen[Answer]) -> Answer:
        """Show a dialog; wait for its answer."""

    def run_worker(
        self,
        work: Any,
        *,
        group: str = "",
        exclusive: bool = False,
        thread: bool = False,
        exit_on_error: bool = True,
    ) -> Worker[Any]:
        """Run a coroutine."""
