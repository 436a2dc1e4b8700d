"""What an edit goes through: from a proposal that is shown to the file, and back again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from itgov.files.parallel import untold
from itgov.tui.edits.asking import waits_for_answers

if TYPE_CHECKING:
    from itgov.files.linked import Linked
    from itgov.files.parallel import Progress
    from itgov.files.proposal import Proposal
    from itgov.files.undo import UndoHistory
    from itgov.insight.diff_changes import Diff
    from itgov.tui.edits.shown_edit import ShownEdit
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection
    from itgov.tui.widgets.styled_text import Line

Make = Callable[["Linked", "Progress"], "Proposal"]

_SMALL = 20
"""Investments, or files, up to which an edit is worked out and written before the next frame."""


class Proposals:
    """Makes the room's edits, writes them and takes them back."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home
        self._undo_history: UndoHistory | None = None

    @property
    def undo_history(self) -> UndoHistory | None:
        """What was written since the room was opened; None before there is a portfolio."""
        room = self.home.room
        if self._undo_history is None and room is not None:
            from itgov.files.undo import UndoHistory

            self._undo_history = UndoHistory(room.root)
        return self._undo_history

    # -- from a proposal to the file -----------------------------------------------------------

    async def offer(self, make: Callable[[Linked], Proposal]) -> bool:
        """Show what an edit would change, and write it if that is wanted; return whether it was."""
        return await self._offer(lambda linked, _: make(linked), large="")

    async def _offer(self, make: Make, large: str) -> bool:
        """Do what `offer` does; `large` is the title of what is worked out beside the screen.

        Where a file has changed since it was read, the edit is made anew on what it says now, and
        shown again: neither the edit nor the change of somebody else is lost.  What was written a
        moment ago is read first, so that an edit typed ahead is not shown again for that.
        """
        from itgov.files.save import ChangedMeanwhile, EditRefused
        from itgov.tui.dialogs.notes import diff_lines
        from itgov.tui.dialogs.working import with_progress
        from itgov.tui.edits.questions import MADE_ANEW
        from itgov.tui.edits.shown_edit import ShownEdit

        def work(progress: Progress) -> tuple[Proposal, list[Line]]:
            assert room is not None
            proposal = make(room.governed.linked, progress)
            return proposal, diff_lines(proposal, progress)

        note = ""
        await self.home.updates.until_read()
        while (room := self.home.room) is not None:
            try:
                made = await with_progress(self.home, large, work) if large else work(untold)
            except EditRefused as refused:
                self.home.say(str(refused), "error")
                return False
            if made is None:
                self.home.say("nothing written")
                return False
            proposal, diff = made
            if proposal.is_empty:
                self.home.say(f"{proposal.title}: no change", "warning")
                return False
            shown = ShownEdit(self.home, room, proposal, note, diff)
            if not await shown.agreed():
                self.home.say("nothing written")
                return False
            known = await shown.effect() if shown.known else None
            try:
                if not await self._write(proposal, known):
                    self.home.say("nothing written")
                    return False
            except ChangedMeanwhile:
                shown.stop()
                self.home.say("A file was changed by somebody else; it is read again", "warning")
                await self.home.updates.read_now()
                note = MADE_ANEW
            except EditRefused as refused:
                self.home.say(str(refused), "error")
                self.home.updates.reload()
                return False
            else:
                if not shown.known:
                    self.home.run_worker(self._tell_later(shown), group="receipt")
                return True
        return False

    async def _tell_later(self, shown: ShownEdit) -> None:
        """Say again what was written, once it is known what it achieved."""
        effect = await shown.effect()
        undo = self.undo_history
        if effect is not None and undo is not None and undo.next_undo == shown.proposal.title:
            self._say_written(shown.proposal, effect)

    async def _write(self, proposal: Proposal, effect: Diff | None) -> bool:
        """Write a proposal that was agreed to, and say what it achieved where that is known.

        Return whether it was written; escape stops one of many files.  Raises EditRefused, and
        writes nothing then.
        """
        from itgov.tui.dialogs.working import with_progress

        history = self.undo_history
        assert history is not None
        if len(proposal.files) <= _SMALL:
            history.write(proposal)
        else:
            work = partial(history.write, proposal)
            if await with_progress(self.home, proposal.title, work) is None:
                return False
        self.home.session_actions.note_edit(proposal)
        self._say_written(proposal, effect)
        self.home.updates.reload()
        return True

    def _say_written(self, proposal: Proposal, effect: Diff | None) -> None:
        from itgov.report.effect_words import effect_in_short

        key = self.home.keys.shown("undo")
        parts = [proposal.title, proposal.note, f"{key} undoes it" if key else ""]
        if effect is not None:
            parts.insert(2, effect_in_short(effect))
        self.home.say("; ".join(filter(None, parts)), "ok")

    def turn(self, back: bool) -> None:
        """Undo the last edit, or do the last undone one again; of many files beside the screen."""
        from itgov.files.save import EditRefused

        history = self.undo_history
        if history is None:
            return
        work = history.undo if back else history.redo
        if history.file_count(back) > _SMALL:
            self.turn_large(work, back)
            return
        try:
            self._turned(work(), back)
        except EditRefused as refused:
            self.home.say(str(refused), "error")

    @waits_for_answers
    async def turn_large(self, work: Callable[[Progress], Proposal | None], back: bool) -> None:
        """Undo an edit of many files, or do it again, with its progress shown; escape stops it."""
        from itgov.files.save import EditRefused
        from itgov.tui.dialogs.working import with_progress

        try:
            proposal = await with_progress(self.home, "Undo" if back else "Redo", work)
        except EditRefused as refused:
            self.home.say(str(refused), "error")
            return
        if proposal is None:
            self.home.say("stopped; nothing changed")
        self._turned(proposal, back)

    def _turned(self, proposal: Proposal | None, back: bool) -> None:
        if proposal is not None:
            self.home.session_actions.note_edit(proposal, back)
            self.home.say(f"{'undone' if back else 'done again'}: {proposal.title}", "ok")
            self.home.updates.reload()

    # -- what is edited --------------------------------------------------------------------------

    def chosen(self) -> tuple[Room, Selection] | None:
        """Return the room and what is selected in it."""
        room, selection = self.home.room, self.home.navigation.selection()
        return (room, selection) if room is not None and selection is not None else None

    @staticmethod
    def items(selection: Selection) -> list[str]:
        """Return the investments to edit: the marked ones, else the selected one."""
        if selection.marked:
            return list(selection.marked)
        return [selection.investment] if selection.investment is not None else []

    async def set_on_items(
        self, field: str, value: str, more: dict[str, str] | None = None
    ) -> None:
        """Offer a field's value for every investment that is selected."""
        from itgov.files.investment_changes import set_on_investments

        values = {field: value, **(more or {})}
        await self._offer_on_items(
            field,
            lambda ids, linked, progress: set_on_investments(linked, ids, values, progress),
        )

    async def set_stage_on_items(self, stage: str) -> None:
        """Offer a stage for every investment that is selected, with what it does to its last day."""
        from itgov.files.investment_changes import set_stage

        room = self.home.room
        if room is None:
            return
        day = room.today
        await self._offer_on_items(
            "stage", lambda ids, linked, progress: set_stage(linked, ids, stage, day, progress)
        )

    async def _offer_on_items(
        self, field: str, make: Callable[[list[str], Linked, Progress], Proposal]
    ) -> None:
        chosen = self.chosen()
        ids = self.items(chosen[1]) if chosen is not None else []
        if ids:
            large = self.title(field.replace("_", " ").capitalize()) if len(ids) > _SMALL else ""
            await self._offer(partial(make, ids), large)

    async def welcome(self, room: Room, name: str, side: str, unit: str | None) -> str | None:
        """Ask who somebody new is, and offer to add them; return their id once they are there."""
        from itgov.files.changes import add_person, id_for
        from itgov.files.save import EditRefused
        from itgov.model.types import Person
        from itgov.tui.dialogs.form import Answers, Ask, Form

        asks = (
            Ask(id="name", label="name", value=name),
            Ask(id="id", label="id", value=id_for(name), optional=True, help="optional: made from the name"),
            Ask(id="side", label="side", kind="choice", choices=("business", "it"), value=side, optional=True),
            Ask(id="unit", label="business unit", kind="choice", choices=tuple(room.portfolio.units), names=room.unit_labels, value=unit or "", optional=True),
            Ask(id="email", label="e-mail", optional=True),
        )  # fmt: skip

        def person_of(given: Answers) -> Person:
            values = {"id": given["id"] or id_for(given["name"]), "name": given["name"], "side": given["side"] or None,
                      "business_unit": given["unit"] or None, "email": given["email"] or None}  # fmt: skip
            return Person(**values)  # type: ignore[arg-type]  # `fitted` looks at each

        def wrong(given: Answers) -> str | None:
            if len(given) < len(asks):
                return None  # one answer by itself: what it means depends on the others
            try:
                add_person(room.governed.linked, person_of(given))
            except EditRefused as refused:
                return str(refused)
            return None

        form = Form("Add a person", asks, (), room.today, wrong)
        given = await self.home.push_screen_wait(form)
        if given is None:
            return None
        person = person_of(given)
        if not await self.offer(lambda linked: add_person(linked, person)):
            return None
        await self.home.updates.read_now()
        return person.id

    def title(self, words: str) -> str:
        """Return the heading of a dialog: what, and of which investments."""
        chosen = self.chosen()
        ids = self.items(chosen[1]) if chosen is not None else []
        room = self.home.room
        if len(ids) == 1 and room is not None and ids[0] in room.items:
            return f"{words} of {ids[0]}  {room.items[ids[0]].title}"
        return f"{words} of {len(ids):,} investments"
