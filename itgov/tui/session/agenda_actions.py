"""The agenda of a review session in the room: going through it, and changing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from itgov.report.review_words import said
from itgov.tui.edits.asking import waits_for_answers

if TYPE_CHECKING:
    from itgov.model.minutes import ItemKind
    from itgov.review.types import AgendaItem
    from itgov.tui.room_app import RoomApp
    from itgov.tui.session.session_actions import SessionActions
    from itgov.tui.state.open_session import OpenSession
    from itgov.tui.state.selection import Selection
    from itgov.tui.widgets.styled_text import Line


class AgendaActions:
    """Goes through the agenda, and changes it."""

    def __init__(self, home: RoomApp, session_actions: SessionActions) -> None:
        self.home = home
        self.session_actions = session_actions

    def _follow(self, meeting: OpenSession) -> None:
        """Show the item that the session has come to."""
        from itgov.tui.views.session import SessionView

        self.session_actions.show_again()
        view = self.home.navigation.view
        if isinstance(view, SessionView):
            view.agenda.select(str(meeting.session.at))

    def _change(self, change: Callable[[OpenSession, AgendaItem], object]) -> None:
        """Do something with the item that the cursor is on, or say why that cannot be."""
        from itgov.tui.state.open_session import TROUBLE

        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        try:
            change(meeting, item)
        except TROUBLE as problem:
            self.home.say(str(problem), "error")
            return
        self._follow(meeting)

    def do_item_before(self) -> None:
        """Go to the item before."""
        self._change(lambda meeting, item: meeting.before(item))

    def do_item_after(self) -> None:
        """Go to the next item without a decision; after the last one, say what closes the session."""
        found = self.session_actions.item()
        if found is None:
            return
        meeting, item = found
        number = meeting.session.items.index(item) + 1
        if set(meeting.progress.left) <= {number}:
            key = self.home.keys.shown("close-session")
            words = "no other item is left without a decision"
            self.home.say(words + (f"; {key} closes the session" if key else ""), "ok")
            return
        self._change(lambda meeting, item: meeting.after(item))

    @waits_for_answers
    async def do_drop(self) -> None:
        """Take the item off the agenda; ask first where something is recorded on it."""
        from itgov.tui.state.open_session import TROUBLE

        found = self.session_actions.item()
        if found is None or not await self._agreed_to_drop(*found):
            return
        meeting, item = found
        left: list[str] = []
        try:
            for _ in range(len(item.decisions)):
                now = next(i for i in meeting.session.items if i.subject == item.subject)
                _, stays = meeting.withdraw(now)
                left += [stays] if stays else []
            meeting.drop(item)
        except TROUBLE as problem:
            self.home.say(str(problem), "error")
            return
        finally:
            self._follow(meeting)
            if any(r.decision.edited for r in item.decisions):
                self.home.updates.reload()
        key = self.home.keys.shown("undo")
        back = f"{key} puts it back" if key else ""
        says = [f"removed from the agenda: {item.title or item.subject.id}", *left, back]
        self.home.say("; ".join(filter(None, says)), "warning" if left else "ok")

    async def _agreed_to_drop(self, meeting: OpenSession, item: AgendaItem) -> bool:
        """Ask whether what is recorded on an item is to be withdrawn; True where nothing is."""
        from itgov.tui.dialogs.notes import Notes
        from itgov.tui.views.session_page import names_of

        if not item.decisions:
            return True
        names = names_of(meeting.room)
        about = item.subject.kind
        lines: list[Line] = [(("These are withdrawn, with the edits that they made:", "warning"),)]
        lines += [((f"  {said(r.decision, names, about)}", ""),) for r in item.decisions]
        title = f"Remove {item.title or item.subject.id} from the agenda?"
        wanted: bool | None = await self.home.push_screen_wait(Notes(title, lines, yes="remove"))
        return bool(wanted)

    def do_item_up(self) -> None:
        """Move the item up the agenda."""
        self._change(lambda meeting, item: _move(meeting, item, -1))

    def do_item_down(self) -> None:
        """Move the item down the agenda."""
        self._change(lambda meeting, item: _move(meeting, item, 1))

    def do_put(self) -> None:
        """Put what is selected on the agenda."""
        from itgov.tui.state.open_session import TROUBLE

        chosen = self.home.navigation.selection()
        if self.session_actions.meeting is None or chosen is None:
            return
        kind, name = _subject(chosen)
        if name is None:
            self.home.say("no item to put on the agenda", "warning")
            return
        try:
            item = self.session_actions.meeting.put(kind, name)
        except TROUBLE as problem:
            self.home.say(str(problem), "error")
            return
        self.home.say(f"added to the agenda: {item.title or name}", "ok")
        self.session_actions.show_again()


def _move(meeting: OpenSession, item: AgendaItem, by: int) -> None:
    at = meeting.session.items.index(item) + 1
    meeting.move(item, min(max(at + by, 1), len(meeting.session.items)))


def _subject(chosen: Selection) -> tuple[ItemKind, str | None]:
    """Return what is meant by a selection, as the subject of an item."""
    if chosen.investment is not None:
        return "investment", chosen.investment
    if chosen.kind == "relationship_manager":
        return "relationship_manager", chosen.id
    if chosen.kind == "person":
        return "person", chosen.id
    return "business_unit", chosen.unit
