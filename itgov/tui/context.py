"""What there is to work with: from it follows which actions can be carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itgov.tui.actions import BY_ID, Context, why_not

if TYPE_CHECKING:
    from textual.widget import Widget

    from itgov.tui.key_queue import Input
    from itgov.tui.room_app import RoomApp


def context_of(
    home: RoomApp, focused: Widget | None, undo: str | None, redo: str | None
) -> Context:
    """Return what there is to work with now; `undo` and `redo` name what they would do."""
    from itgov.tui.widgets.page import Page
    from itgov.tui.widgets.table import Table

    room, view = home.room, home.navigation.view
    if room is None or view is None:
        return Context(
            view=home.navigation.view_name,
            rows=isinstance(focused, Table | Page),
            trouble=home.trouble is not None,
            empty=home.trouble is not None and home.trouble.empty,
            place=home.trouble is not None and home.trouble.place is not None,
            browser=home.browser,
            read_only=home.read_only,
        )
    chosen = view.selection()
    return Context(
        view=home.navigation.view_name,
        loaded=True,
        sample=room.sample,
        read_only=home.read_only,
        browser=home.browser,
        git=room.git,
        changes=home.changes.found is not None and bool(home.changes.found.files),
        uncommitted=home.changes.why_nothing,
        rows=isinstance(focused, Table | Page),
        tree=isinstance(focused, Table) and focused.is_tree,
        marks=len(chosen.marked),
        chosen=chosen.id is not None,
        filter=bool(view.filter_text),
        unit=chosen.unit,
        investment=chosen.investment,
        finding=chosen.finding is not None,
        place=chosen.place is not None,
        person=chosen.person,
        scenario=chosen.scenario is not None,
        session=home.session_actions.meeting is not None,
        agenda=home.session_actions.meeting is not None
        and home.navigation.view_name == "session"
        and chosen.id is not None,
        undo=undo,
        redo=redo,
    )


def is_early(home: RoomApp, key: Input) -> bool:
    """Say whether a key means something that is not there while the portfolio is being read."""
    from textual.events import Paste

    if isinstance(key, Paste):  # it goes where the key before it leads
        return False
    if home.room is not None or home.trouble is not None or len(home.screen_stack) > 1:
        return False
    action = home.keys.action_of(key.key, key.character)
    return (
        action is not None
        and why_not(BY_ID[action], context_of(home, None, None, None)) is not None
    )
