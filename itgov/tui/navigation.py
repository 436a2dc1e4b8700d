"""Which view is shown, and going from one to another and back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container

from itgov.tui.actions import VIEWS
from itgov.tui.view_cache import ViewCache

if TYPE_CHECKING:
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.selection import Selection, Target
    from itgov.tui.views.base import View


class Navigation:
    """Shows the views, each made when it is first asked for, and remembers where the room was."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home
        self.view_name = VIEWS[0]
        self.views = ViewCache(lambda: home.base.query_one("#views", Container))
        self.visited: list[Target] = []
        """Where the room was, the last at the end."""
        for name in VIEWS:  # the action of each view's key
            setattr(self, f"do_show_{name}", partial(self._switch, name))

    @property
    def view(self) -> View | None:
        """The view that is shown."""
        return self.views.get(self.view_name)

    def selection(self) -> Selection | None:
        """Return what the cursor is on."""
        return self.view.selection() if self.view is not None else None

    def here(self) -> Target | None:
        """Return where the room is."""
        from itgov.tui.state.selection import Target

        view = self.view
        if view is None:
            return None
        chosen = view.selection()
        return Target(self.view_name, chosen.kind or "", chosen.id or "", view.filter_text)

    async def show_view(self, name: str) -> View | None:
        """Show a view; before there is a portfolio, note that it is wanted."""
        room = self.home.room
        if room is None:
            self.view_name = name
            return None
        view = await self.views.take(name)
        if view.room is not room:
            view.show(room)
        for other in self.views:
            other.display = other is view
        self.view_name = name
        focused = self.home.base.focused
        if focused is None or view not in focused.ancestors:
            first = view.first()
            if first is not None:
                first.focus()
        self.home.draw_bars()
        return view

    async def go_to(self, target: Target, remember: bool = True) -> bool:
        """Show a view with something selected in it; return whether it is there."""
        here = self.here()
        view = await self.show_view(target.view)
        if view is None:
            return False
        if target.filter is not None:
            view.set_filter(target.filter)
        there = view.go_to(target) if target.id else True
        if remember and here is not None:
            self.visited.append(here)
        if not there:
            self.home.say(f"{target.id} is not in this view", "warning")
        return there

    def show_history(self) -> None:
        """Show what was measured of the history in the views that were made."""
        for view in self.views:
            view.show_history()
        self.home.draw_bars()

    def show_changes(self) -> None:
        """Show what was read of uncommitted files, and of the branch."""
        from itgov.tui.views.changes import ChangesView

        view = self.views.get("changes")
        if isinstance(view, ChangesView):
            view.show_changes()
        self.home.draw_bars()

    async def _switch(self, name: str) -> None:
        here = self.here()
        await self.show_view(name)
        if here is not None and here.view != name:
            self.visited.append(here)

    async def do_last_view(self) -> None:
        """Go to where the room was before."""
        if self.visited:
            target = self.visited.pop()
            here = self.here()
            await self.go_to(target, remember=False)
            if here is not None:
                self.visited.append(here)

    def do_back(self) -> None:
        """Take the filter away; where there is none, there is nothing to leave, and that is fine."""
        if self.view is not None and self.view.filter_text:
            self.view.set_filter("")
