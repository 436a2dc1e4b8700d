"""An edit on the screen before it is written: its diff, and what it does to findings and scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.worker import Worker, WorkerCancelled, get_current_worker

from itgov.files.parallel import Stopped
from itgov.model.errors import ItgovError
from itgov.report.effect_words import effect_lines
from itgov.tui.dialogs.notes import Confirm, diff_lines

if TYPE_CHECKING:
    from itgov.files.proposal import Proposal
    from itgov.insight.diff_changes import Diff
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.room import Room
    from itgov.tui.widgets.styled_text import Line


class ShownEdit:
    """The dialog of an edit; what the edit achieves is worked out in a thread beside it."""

    def __init__(
        self,
        home: RoomApp,
        room: Room,
        proposal: Proposal,
        note: str = "",
        diff: Sequence[Line] | None = None,
    ) -> None:
        self.home = home
        self.room = room
        self.proposal = proposal
        notes = [each for each in (proposal.note, note) if each]
        self.dialog = Confirm(proposal, diff_lines(proposal) if diff is None else diff, notes)
        self._worker: Worker[Diff | None] | None = None

    async def agreed(self) -> bool:
        """Show the edit; return whether it is to be written."""
        self._worker = self.home.run_worker(self._work, group="effect", thread=True)
        answer: bool | None = await self.home.push_screen_wait(self.dialog)
        wanted = bool(answer)
        if not wanted:
            self.stop()
        return wanted

    def stop(self) -> None:
        """Work no longer out what the edit achieves: reading the files would wait for it."""
        if self._worker is not None:
            self._worker.cancel()

    @property
    def known(self) -> bool:
        """Whether what the edit achieves is worked out."""
        return self._worker is not None and self._worker.is_finished

    async def effect(self) -> Diff | None:
        """Wait for what the edit achieves; None where that cannot be told."""
        if self._worker is None:
            return None
        try:
            return await self._worker.wait()
        except WorkerCancelled:
            return None

    def _work(self) -> Diff | None:
        worker = get_current_worker()

        def progress(_doing: str, _done: float) -> None:
            if worker.is_cancelled:
                raise Stopped

        try:
            diff = self.home.updates.effect(self.room, self.proposal, progress)
        except Stopped:
            return None
        except ItgovError as error:
            self.home.call_later(
                self.dialog.tell, [(f"Findings and scores are not known: {error}", "warning")]
            )
            return None
        titles = {rule.id: rule.heading for rule in self.room.rules.values()}
        self.home.call_later(self.dialog.tell, effect_lines(diff, titles))
        return diff
