"""Taking the figures of the selected row apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itgov.model.finding import Subject

if TYPE_CHECKING:
    from itgov.insight.why import Why
    from itgov.insight.why_types import Figure, WhyInput, WhySubject
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection

_VIEW_OF = {
    "organisation": "portfolio", "business_unit": "portfolio", "investment": "portfolio",
    "outcome": "value", "person": "people", "relationship_manager": "managers",
}  # fmt: skip
"""Where a record is shown, by its kind."""


_FIRST = {
    "portfolio": "spend_total", "health": "score", "value": "planned_to_date",
    "managers": "load.items",
}  # fmt: skip
"""The figure that each view is about, which the list begins on."""
_ASKED = 40
"""Lines whose commits git is asked for: a key has to be answered at once."""


class WhyActions:
    """Asks which figure, shows what it is made of, and goes where that stands."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home
        self._why: tuple[Room, Why] | None = None
        self._trail: list[tuple[WhySubject, Figure]] = []
        """What was taken apart, one from the other."""

    def do_why(self, argument: str = "") -> None:
        """Take a figure of the selected row apart; of no row, one of the organisation."""
        from itgov.insight.why_subjects import NoFigure

        room = self.home.room
        if room is None:
            return
        why = self._of(room)
        chosen = self.home.navigation.selection()
        if chosen is not None and chosen.figure is not None and not argument:
            asked, argument = chosen.figure
            subject = why.of(asked)
        elif (scenario := self._scenario(why, chosen)) is not None:
            subject = scenario
        else:
            subject = why.of(_subject_of(room, chosen))
        self._trail = []
        try:
            figures = why.figures(subject)
        except NoFigure as cannot:  # a scenario that cannot be weighed
            self.home.say(str(cannot), "warning")
            return
        try:
            found = why.named(subject, argument) if argument else []
        except NoFigure:
            found = []
        if len(found) == 1:
            self._show(why, subject, found[0])
        else:
            first = _FIRST.get(self.home.navigation.view_name)
            self._choose(why, subject, argument, first if first in figures else None)

    def _scenario(self, why: Why, chosen: Selection | None) -> WhySubject | None:
        """Return the scenario that is selected, as its file has it."""
        if chosen is None or chosen.kind is not None or chosen.id is None:
            return None
        if self.home.navigation.view_name != "scenarios" or not why.subjects.scenario(chosen.id):
            return None
        return why.subject(f"scenario:{chosen.id}")

    def _of(self, room: Room) -> Why:
        from itgov.insight.past import Earlier
        from itgov.insight.why import Why

        if self._why is None or self._why[0] is not room:
            self._why = room, Why(room.governed, None, Earlier(room.root))
        return self._why[1]

    def _choose(
        self, why: Why, subject: WhySubject, typed: str = "", first: str | None = None
    ) -> None:
        from itgov.tui.dialogs.why import figure_picker

        figures = why.figures(subject)
        dialog = figure_picker(subject, list(figures.values()), typed, first)
        self.home.ask(dialog, lambda name: self._show(why, subject, figures[name]))

    def _show(self, why: Why, subject: WhySubject, figure: Figure) -> None:
        from itgov.tui.dialogs.why import WhyPage

        self._trail.append((subject, figure))
        page = WhyPage(why.explain(subject, figure, _ASKED), why.unread(subject))

        async def answered(answer: str) -> None:
            await self._answered(why, page, answer)

        self.home.ask(page, answered)

    async def _answered(self, why: Why, page: object, answer: str) -> None:
        from itgov.tui.dialogs.why import BACK, EDIT, WhyPage

        assert isinstance(page, WhyPage)
        if answer == BACK:
            subject, _ = self._trail.pop()
            if self._trail:
                self._show(why, *self._trail.pop())
            else:
                self._choose(why, subject)
            return
        chosen = page.rows[int(answer.removeprefix(EDIT))].input
        if answer.startswith(EDIT):
            self._edit(chosen)
        elif chosen.figure is not None:
            assert chosen.of is not None
            subject = why.of(chosen.of)
            self._show(why, subject, why.named(subject, chosen.figure[1])[0])
        else:
            await self._go(chosen)

    def _edit(self, chosen: WhyInput) -> None:
        from itgov.tui.actions import BY_ID, why_not
        from itgov.tui.external_editor import edit

        room, place = self.home.room, chosen.place
        if room is None or place is None:
            self.home.say("not written in a file", "warning")
            return
        reason = why_not(BY_ID["editor"], self.home.context())
        if reason is not None:
            self.home.say(f"{reason}; the place is {place.path}:{place.line}", "warning")
        elif edit(self.home, room.root, place):
            self.home.updates.reload()

    async def _go(self, chosen: WhyInput) -> None:
        """Show the record that an input stands in, and name its line; of no record, open the line."""
        from itgov.tui.state.selection import Target

        of, place = chosen.of, chosen.place
        if of is not None and of.kind == "engagement":
            of = Subject("business_unit", of.id.partition("/")[0])
        if of is None or of.kind not in _VIEW_OF:
            if place is None:
                self.home.say(f"{chosen.says}: not written in a file")
            else:
                self._edit(chosen)
        elif await self.home.navigation.go_to(Target(_VIEW_OF[of.kind], of.kind, of.id)):
            key = self.home.keys.shown("editor")
            at = f": {place.path}:{place.line}; {key} opens the editor" if place is not None else ""
            self.home.say(f"{chosen.says}{at}")


def _subject_of(room: Room, chosen: Selection | None) -> Subject:
    """Return the subject whose figures are meant by what is selected."""
    portfolio = room.portfolio
    whole = Subject("organisation", portfolio.organisation.record.id)
    if chosen is None:
        return whole
    if chosen.kind in _VIEW_OF and chosen.id and _is_known(room, chosen.kind, chosen.id):
        return Subject(chosen.kind, chosen.id)
    if chosen.investment in room.items:
        return Subject("investment", chosen.investment)
    return Subject("business_unit", chosen.unit) if chosen.unit in portfolio.units else whole


def _is_known(room: Room, kind: str, identifier: str) -> bool:
    """Say whether there is such a record: a finding may be on one that nobody can use."""
    portfolio = room.portfolio
    match kind:
        case "business_unit":
            return identifier in portfolio.units
        case "investment":
            return identifier in room.items
        case "outcome":
            item = room.items.get(identifier.partition("/")[0])
            return item is not None and any(
                f"{item.id}/{o.record.id}" == identifier for o in item.entry.outcomes
            )
        case "person" | "relationship_manager":
            return identifier in portfolio.people or identifier in portfolio.managers
    return identifier == portfolio.organisation.record.id
