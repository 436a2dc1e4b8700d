"""What an edit goes through: from a proposal that is shown to the file, and back again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from itgov.model.finding import Subject

if TYPE_CHECKING:
    from itgov.files.linked import Linked
    from itgov.files.proposal import Proposal
    from itgov.files.undo import UndoHistory
    from itgov.insight.diff_changes import Diff
    from itgov.tui.edits.shown_edit import ShownEdit
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection

Make = Callable[["Linked"], "Proposal"]


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

    async def offer(self, make: Make) -> bool:
        """Show what an edit would change, and write it if that is wanted; return whether it was.

        Where a file has changed since it was read, the edit is made anew on what it says now, and
        shown again: neither the edit nor the change of somebody else is lost.  What was written a
        moment ago is read first, so that an edit typed ahead is not shown again for that.
        """
        from itgov.files.save import ChangedMeanwhile, EditRefused
        from itgov.tui.edits.questions import MADE_ANEW
        from itgov.tui.edits.shown_edit import ShownEdit

        note = ""
        await self.home.updates.until_read()
        while (room := self.home.room) is not None:
            try:
                proposal = make(room.governed.linked)
            except EditRefused as refused:
                self.home.say(str(refused), "error")
                return False
            if proposal.is_empty:
                self.home.say(f"{proposal.title}: no change", "warning")
                return False
            shown = ShownEdit(self.home, room, proposal, note)
            if not await shown.agreed():
                self.home.say("nothing written")
                return False
            known = await shown.effect() if shown.known else None
            try:
                self.write(proposal, known)
            except ChangedMeanwhile:
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

    def write(self, proposal: Proposal, effect: Diff | None = None) -> None:
        """Write a proposal that was agreed to, and say what it achieved where that is known.

        Raises EditRefused, and writes nothing then.
        """
        undo_history = self.undo_history
        assert undo_history is not None
        undo_history.write(proposal)
        self.home.session_actions.note_edit(proposal)
        self._say_written(proposal, effect)
        self.home.updates.reload()

    def _say_written(self, proposal: Proposal, effect: Diff | None) -> None:
        from itgov.report.effect_words import effect_in_short

        key = self.home.keys.shown("undo")
        parts = [proposal.title, f"{key} undoes it" if key else ""]
        if effect is not None:
            parts.insert(1, effect_in_short(effect))
        self.home.say("; ".join(filter(None, parts)), "ok")

    def turn(self, back: bool) -> None:
        """Undo the last edit, or do the last undone one again."""
        from itgov.files.save import EditRefused

        undo_history = self.undo_history
        if undo_history is None:
            return
        try:
            proposal = undo_history.undo() if back else undo_history.redo()
        except EditRefused as refused:
            self.home.say(str(refused), "error")
            return
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
        from itgov.files.changes import set_fields
        from itgov.files.proposal import combine

        chosen = self.chosen()
        if chosen is None:
            return
        ids = self.items(chosen[1])
        values = {field: value, **(more or {})}

        def make(linked: Linked) -> Proposal:
            made = [set_fields(linked, Subject("investment", i), values) for i in ids]
            if len(made) == 1:
                return made[0]
            words = field.replace("_", " ")
            return combine(made, f"Set the {words} of {len(ids)} investments")

        await self.offer(make)

    async def welcome(self, room: Room, name: str, side: str, unit: str | None) -> str | None:
        """Ask who somebody new is, and offer to add them; return their id once they are there."""
        from itgov.files.changes import add_person, id_for
        from itgov.model.types import Person
        from itgov.tui.dialogs.form import Ask, Form

        asks = (
            Ask(id="name", label="name", value=name),
            Ask(id="id", label="id", value=id_for(name), optional=True, help="optional: made from the name"),
            Ask(id="side", label="side", kind="choice", choices=("business", "it"), value=side, optional=True),
            Ask(id="unit", label="business unit", kind="choice", choices=tuple(room.portfolio.units), value=unit or "", optional=True),
            Ask(id="email", label="e-mail", optional=True),
        )  # fmt: skip
        given = await self.home.push_screen_wait(Form("Add a person", asks, (), room.today))
        if given is None:
            return None
        identifier = given["id"] or id_for(given["name"])
        values = {"id": identifier, "name": given["name"], "side": given["side"] or None,
                  "business_unit": given["unit"] or None, "email": given["email"] or None}  # fmt: skip
        person = Person(**values)  # type: ignore[arg-type]  # `fitted` looks at each
        if not await self.offer(lambda linked: add_person(linked, person)):
            return None
        await self.home.updates.read_now()
        return identifier

    def title(self, words: str) -> str:
        """Return the heading of a dialog: what, and of which investments."""
        chosen = self.chosen()
        ids = self.items(chosen[1]) if chosen is not None else []
        room = self.home.room
        if len(ids) == 1 and room is not None and ids[0] in room.items:
            return f"{words} of {ids[0]}  {room.items[ids[0]].title}"
        return f"{words} of {len(ids)} investments"


# -- people ------------------------------------------------------------------------------------
