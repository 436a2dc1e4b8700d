"""Edits from the room: what is asked, the proposal that follows, and what becomes of it.

Every edit is shown as a diff before it is written, guarded by what was read, undone with one key,
and judged again at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from itgov.model.fields import choices
from itgov.model.filter_query import choice_named
from itgov.model.types import Investment
from itgov.tui.edits.asking import waits_for_answers
from itgov.tui.edits.proposing import Proposals

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp


class EditActions:
    """The actions of editing."""

    def __init__(self, home: RoomApp, proposals: Proposals) -> None:
        self.home = home
        self.proposals = proposals

    @waits_for_answers
    async def do_set_owner(self, argument: str = "") -> None:
        """Set the outcome owner of what is selected: the person named, else ask for one."""
        await self._set_person("outcome_owner", "Outcome owner", argument, managers_first=False)

    @waits_for_answers
    async def do_set_manager(self, argument: str = "") -> None:
        """Set the relationship manager of what is selected: the person named, else ask for one."""
        await self._set_person(
            "relationship_manager", "Relationship manager", argument, managers_first=True
        )

    async def _set_person(
        self, field: str, words: str, named: str, *, managers_first: bool
    ) -> None:
        from itgov.model.person_names import NotOnePerson, names_in
        from itgov.tui.dialogs.people import NEWCOMER, people, person_picker

        chosen = self.proposals.chosen()
        if chosen is None:
            return
        room, selection = chosen
        item = room.items.get(selection.investment or "")
        unit = item.unit if item is not None else selection.unit
        choices = people(room, unit, managers_first)
        if named:
            try:
                person = names_in(room.portfolio).named(named)
            except NotOnePerson as problem:
                if not problem.candidates:
                    self.home.say(str(problem), "warning")
                    return
                choices = [c for c in choices if c.id in problem.candidates]
            else:
                await self.proposals.set_on_items(field, person)
                return
        current = getattr(item.entry.record, field) if item is not None else None
        picker = person_picker(
            self.proposals.title(words), choices, current=current, other=NEWCOMER
        )
        found = await self.home.push_screen_wait(picker)
        if found == NEWCOMER.id:
            side = "business" if field == "outcome_owner" else ""
            found = await self.proposals.welcome(room, picker.typed.strip(), side, unit)
        if found is not None:
            await self.proposals.set_on_items(field, found)

    @waits_for_answers
    async def do_add_person(self, argument: str = "") -> None:
        """Add somebody to the people, so that they can be named."""
        room, selection = self.home.room, self.home.navigation.selection()
        if room is not None:
            unit = selection.unit if selection is not None else None
            await self.proposals.welcome(room, argument, "", unit)

    @waits_for_answers
    async def do_set_stage(self, argument: str = "") -> None:
        """Set the stage of what is selected: the one named, else ask for it."""
        known = choices(Investment, "stage")
        found = (
            self._known("stage", argument, known)
            if argument
            else await self._one_of("Stage", known, "stage")
        )
        if found is not None:
            await self.proposals.set_stage_on_items(found)

    @waits_for_answers
    async def do_set_confidence(self, argument: str = "") -> None:
        """Set the confidence in delivery, and who says so."""
        from itgov.tui.dialogs.form import Ask, Form
        from itgov.tui.dialogs.people import people

        chosen = self.proposals.chosen()
        known = choices(Investment, "confidence")
        wanted = self._known("confidence", argument, known) if argument else ""
        if chosen is None or wanted is None:
            return
        room, selection = chosen
        item = room.items.get(selection.investment or "")
        record = item.entry.record if item is not None else None
        asks = (
            Ask(id="confidence", label="confidence", kind="choice", choices=known, value=wanted or ((record.confidence or "") if record else "")),
            Ask(id="by", label="rater", kind="person", value=(record.confidence_by or "") if record else "", optional=True),
            Ask(id="on", label="date", kind="date", value=room.today.isoformat()),
        )  # fmt: skip
        form = Form(
            self.proposals.title("Confidence"), asks, people(room, selection.unit), room.today
        )
        given = await self.home.push_screen_wait(form)
        if given is not None:
            more = {"confidence_by": given["by"]} if given["by"] else {}
            more["confidence_on"] = given["on"]
            await self.proposals.set_on_items("confidence", given["confidence"], more)

    @waits_for_answers
    async def do_set_review(self, argument: str = "") -> None:
        """Set the day of the next review: the one named, else ask for it."""
        from itgov.model.day_words import day_of
        from itgov.tui.dialogs.form import Ask, Form, not_a_date

        chosen = self.proposals.chosen()
        if chosen is None:
            return
        room, _ = chosen
        if argument:
            day = day_of(argument, room.today)
            if day is None:
                self.home.say(not_a_date(argument), "warning")
            else:
                await self.proposals.set_on_items("next_review", day.isoformat())
            return
        asks = (
            Ask(id="day", label="next review", kind="date", value="+90"),
            Ask(id="last", label="last reviewed", kind="date", optional=True, help="optional: only for a review; today"),
        )  # fmt: skip
        form = Form(self.proposals.title("Next review"), asks, (), room.today)
        given = await self.home.push_screen_wait(form)
        if given is not None:
            more = {"last_reviewed": given["last"]} if given["last"] else {}
            await self.proposals.set_on_items("next_review", given["day"], more)

    def _known(self, label: str, word: str, known: Sequence[str]) -> str | None:
        """Return the one of the known words that is meant, or say that none is."""
        from itgov.tui.dialogs.form import not_a_choice

        found = choice_named(word, known)
        if found is None:
            self.home.say(not_a_choice(word, label, known), "warning")
        return found

    async def _one_of(self, words: str, known: Sequence[str], field: str) -> str | None:
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker

        chosen = self.proposals.chosen()
        if chosen is None:
            return None
        item = chosen[0].items.get(chosen[1].investment or "")
        current = getattr(item.entry.record, field) if item is not None else None
        choices = [Choice(word, word) for word in known]
        return await self.home.push_screen_wait(
            choice_picker(self.proposals.title(words), choices, NAMES, current=current)
        )

    @waits_for_answers
    async def do_waive(self) -> None:
        """Waive the selected finding."""
        from itgov.files.changes import add_waiver
        from itgov.tui.dialogs.form import Form
        from itgov.tui.dialogs.people import people
        from itgov.tui.edits.questions import WAIVER

        chosen = self.proposals.chosen()
        if chosen is None or chosen[1].finding is None:
            return
        room, selection = chosen
        found = selection.finding
        assert found is not None
        rule = room.rules.get(found.rule)
        if rule is not None and not rule.waivable:
            self.home.say(f"{found.rule} cannot be waived: it must be fixed", "warning")
            return
        title = f"Waive {found.rule} for {found.subject.id}"
        given = await self.home.push_screen_wait(
            Form(title, WAIVER, people(room, found.business_unit), room.today)
        )
        if given is not None:
            until = datetime.date.fromisoformat(given["until"])
            await self.proposals.offer(
                lambda linked: add_waiver(
                    linked, found.subject, found.rule, given["reason"], until, given["approved_by"]
                )
            )
