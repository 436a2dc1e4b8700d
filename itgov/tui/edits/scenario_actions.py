"""Actions of the scenarios view that ask something, or that write files."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from itgov.model.scenario import Change
from itgov.model.text import amount_of
from itgov.tui.edits.asking import waits_for_answers
from itgov.tui.edits.proposing import Proposals

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp
    from itgov.tui.views.scenarios import ScenariosView


class ScenarioActions:
    """The actions of scenarios."""

    def __init__(self, home: RoomApp, proposals: Proposals) -> None:
        self.home = home
        self.proposals = proposals

    @property
    def _view(self) -> ScenariosView | None:
        navigation = self.home.navigation
        shown = navigation.view_name == "scenarios"
        return cast("ScenariosView", navigation.view) if shown else None

    @waits_for_answers
    async def do_new_scenario(self) -> None:
        """Start a scenario."""
        from itgov.tui.dialogs.form import Ask, Form

        view, room = self._view, self.home.room
        if view is None or room is None:
            return
        form = Form("New scenario", (Ask(id="title", label="title"),), (), room.today)
        given = await self.home.push_screen_wait(form)
        if given is not None:
            view.start(given["title"])

    @waits_for_answers
    async def do_plan_money(self) -> None:
        """Give the selected item another budget in one fiscal year of the scenario."""
        from itgov.insight.scenario import calendar_of
        from itgov.tui.dialogs.form import Ask, Form

        view, room = self._view, self.home.room
        item = view.item if view is not None else None
        if view is None or room is None or item is None:
            return
        year = calendar_of(room.portfolio).year + 1
        budget = next((r.budget for r in item.entry.record.spend if r.year == year), None)
        known = f"{budget:.0f}" if budget is not None else ""
        asks = (
            Ask(id="year", label="fiscal year", value=str(year)),
            Ask(id="budget", label="budget", value=known, help="400000, 400k, 5m"),
        )
        form = Form(f"Budget of {item.id}  {item.title}", asks, (), room.today, _money_wrong)
        given = await self.home.push_screen_wait(form)
        if given is not None:
            budget = amount_of(given["budget"])
            view.put(Change(spend=item.id, year=int(given["year"]), budget=budget))

    @waits_for_answers
    async def do_save_scenario(self) -> None:
        """Write the selected scenario's file."""
        from itgov.tui.state.drafts import save

        view, room = self._view, self.home.room
        draft = view.draft if view is not None else None
        if room is None or draft is None:
            return
        if draft.is_saved:
            self.home.say(f"{draft.id} is saved", "ok")
        else:
            await self.proposals.offer(lambda linked: save(draft, linked, room.repository))

    @waits_for_answers
    async def do_carry_out(self) -> None:
        """Make the selected scenario so: its changes are edits of the portfolio's files."""
        from itgov.insight.scenario import CannotWeigh
        from itgov.tui.state.drafts import carry_out

        draft = self._view.draft if self._view is not None else None
        if draft is None:
            return
        try:
            await self.proposals.offer(lambda linked: carry_out(draft, linked))
        except CannotWeigh as refused:
            self.home.say(str(refused), "error")


def _money_wrong(given: dict[str, str]) -> str | None:
    """Return what is wrong with the answers so far."""
    year, budget = given.get("year"), given.get("budget")
    if year is not None and not (year.isdecimal() and 1900 <= int(year) <= 2200):
        return f"fiscal year: `{year}` is not a year (use 2027)"
    if budget is None:
        return None
    amount = amount_of(budget)
    return (
        None
        if amount is not None and amount >= 0
        else f"budget: `{budget}` is not an amount (use 400k)"
    )
