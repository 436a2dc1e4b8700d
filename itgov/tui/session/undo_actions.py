"""One undo for all that the room has done: decisions of the open session, and edits of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itgov.tui.edits.proposing import Proposals
    from itgov.tui.room_app import RoomApp
    from itgov.tui.session.session_actions import SessionActions
    from itgov.tui.state.open_session import Made, OpenSession


class UndoActions:
    """Takes back what was done last, wherever the cursor is; decisions until the session is closed."""

    def __init__(
        self, home: RoomApp, proposals: Proposals, session_actions: SessionActions
    ) -> None:
        self.home = home
        self.proposals = proposals
        self.session_actions = session_actions

    def _last(self) -> tuple[OpenSession, Made] | None:
        """Return the decision that was taken since the last edit that still stands, if any."""
        meeting, history = self.session_actions.meeting, self.proposals.undo_history
        made = meeting.last_made if meeting is not None else None
        if meeting is None or made is None:
            return None
        edit = history.last_turn if history is not None else 0
        return (meeting, made) if made.turn >= edit else None

    @property
    def next_undo(self) -> str | None:
        """What undo would take back, in words, or None."""
        last, history = self._last(), self.proposals.undo_history
        if last is not None:
            return last[1].says
        return history.next_undo if history is not None else None

    @property
    def next_redo(self) -> str | None:
        """The edit that redo would make again, in words, or None."""
        history = self.proposals.undo_history
        return history.next_redo if history is not None else None

    def do_undo(self) -> None:
        """Take back what was done last, a decision or an edit, and name it."""
        from itgov.tui.state.open_session import TROUBLE

        last = self._last()
        if last is None:
            self.proposals.turn(back=True)
            return
        meeting, made = last
        try:
            left = meeting.take_back(made)
        except TROUBLE as problem:
            self.session_actions.show_others_records()
            self.home.say(f"not undone: {made.says}; {problem}", "error")
            return
        self.home.say(
            f"undone: {made.says}" + (f"; {left}" if left else ""), "warning" if left else "ok"
        )
        self.session_actions.show_again()
        if made.carried is not None:
            self.home.updates.reload()

    def do_redo(self) -> None:
        """Make the edit that was undone last again."""
        self.proposals.turn(back=False)
