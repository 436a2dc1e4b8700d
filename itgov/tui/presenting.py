"""Presenting: one subject large on the whole screen, its decision, and how long it has been looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs
from textual import events
from textual.content import Content
from textual.widget import Widget

from itgov.model.text import plural
from itgov.report.review_words import is_over, said
from itgov.review.clock import Clock, seconds_between
from itgov.tui.dialogs.dialog import Dialog, KeyHint
from itgov.tui.views.presented import Presented, presented, presented_lines
from itgov.tui.views.session_page import names_of
from itgov.tui.widgets.bars import Bar, FootBar, Piece
from itgov.tui.widgets.page import Page
from itgov.tui.widgets.styled_text import Line, fit, safe
from itgov.tui.widgets.table import Table

if TYPE_CHECKING:
    from itgov.review.types import AgendaItem
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.open_session import OpenSession

Subject = tuple[str, str]
"""Kind and id of what is presented."""
_TICK = 1.0
"""Seconds between two drawings of the time."""
_TAKEN = ("undo", "item-after", "item-before")
"""Actions of the room that work here by their own keys."""


class Presentation(Dialog[str]):
    """What the cursor is on, as large as the screen is, followed as the cursor moves.

    It reads the room anew each second: what is decided, and by whomever, is shown.
    """

    DEFAULT_CSS = """
    Presentation > .box { width: 100%; height: 100%; max-height: 100%; padding: 0 2; }
    Presentation Page { height: 1fr; max-height: 100%; padding: 0; }
    Presentation .keys { margin-top: 0; background: $head; }
    """

    def __init__(self, home: RoomApp, clock: Clock) -> None:
        super().__init__("", keys=(), width=1_000)
        self._room_app = home
        self._clock = clock
        self._begun = clock.ticks()
        self._looked: dict[Subject, float] = {}
        """Seconds that each subject was presented, before the one that is shown."""
        self.subject: Subject | None = self._selected()

    def body(self) -> list[Widget]:
        """Return the page."""
        return [Page()]

    def on_mount(self) -> None:
        """Draw it, and the time from then on."""
        self.set_interval(_TICK, self.draw)

    def on_resize(self) -> None:
        """Draw it for another size, once the page has its own."""
        self.call_after_refresh(self.draw)

    def on_screen_resume(self) -> None:
        """Draw what a dialog over it has decided."""
        self.call_after_refresh(self.draw)

    # -- what is presented -----------------------------------------------------------------------

    def _selected(self) -> Subject | None:
        """Return what the cursor of the room is on, if that can be presented."""
        home = self._room_app
        chosen, room = home.navigation.selection(), home.room
        if chosen is None or room is None:
            return None
        kind, identifier = chosen.kind, chosen.id
        if chosen.investment is not None:
            kind, identifier = "investment", chosen.investment
        if presented(room, kind, identifier) is None:
            kind, identifier = "business_unit", chosen.unit
        if kind is None or identifier is None or presented(room, kind, identifier) is None:
            return None
        return kind, identifier

    def _on_agenda(self) -> tuple[OpenSession, int, AgendaItem] | None:
        """Return the open session with the item on what is presented, and its number."""
        meeting = self._room_app.session_actions.meeting
        if meeting is None or self.subject is None:
            return None
        for number, item in meeting.session.on_agenda:
            if (item.subject.kind, item.subject.id) == self.subject:
                return meeting, number, item
        return None

    def _decides(self) -> bool:
        """Say whether the cursor is on the agenda, where a decision can be recorded."""
        return self._room_app.navigation.view_name == "session" and self._on_agenda() is not None

    def _decision(self) -> Line:
        found = self._on_agenda()
        if found is None:
            return ()
        meeting, _, item = found
        if not item.decisions:
            return (("none yet", "warning"),)
        names, about = names_of(meeting.room), item.subject.kind
        last = item.verdict or item.decisions[-1].decision
        others = len(item.decisions) - 1
        more = f"  and {plural(others, 'more record')}" if others else ""
        listed = meeting.room.items.get(item.subject.id) if about == "investment" else None
        over = is_over(listed.entry if listed is not None else None)
        return ((said(last, names, about, over), "strong"), (more, "muted"))

    def seconds(self) -> int:
        """Return how long what is presented has been looked at; in a session, in all of it."""
        found = self._on_agenda()
        if found is not None and self._decides():
            meeting, number, item = found
            session = meeting.session
            since = seconds_between(session.since, self._clock.now()) if session.at == number else 0
            return item.seconds + since
        before = self._looked.get(self.subject, 0.0) if self.subject is not None else 0.0
        return int(before + self._clock.ticks() - self._begun)

    def _what(self) -> Presented | None:
        room = self._room_app.room
        if room is None or self.subject is None:
            return None
        what = presented(room, *self.subject)
        if what is None:
            return None
        minutes, seconds = divmod(self.seconds(), 60)
        return structs.replace(what, decision=self._decision(), time=f"{minutes}:{seconds:02d}")

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self) -> None:
        """Show what is presented now, and below it the keys, or what was just said."""
        self._follow()
        page, what = self.query_one(Page), self._what()
        size = page.scrollable_content_region.size
        if what is None or not size.height:
            return
        page.show(presented_lines(what, size.width, size.height), top=False)
        found = (
            self._on_agenda() if self._decides() else None
        )  # elsewhere, next is not the agenda's
        place = f"{found[1]} of {len(found[0].session.items)}: " if found is not None else ""
        # in small letters too, for screen readers
        self.query_one(".box").border_title = Content(safe(f"{place}{what.title}"))
        self._draw_keys()

    def _draw_keys(self) -> None:
        bar = self.query_one(".keys", Bar)
        spoken = self._room_app.base.query_one(FootBar).said
        if spoken:
            bar.show([Piece(tuple(fit(spoken, max(bar.size.width - 1, 1))))])
            return
        bar.show([Piece(((f" {key}", "key"), (f" {does} ", ""))) for key, does in self._hints()])

    def _hints(self) -> list[KeyHint]:
        keys = self._room_app.keys
        hints = [
            (keys.shown("item-after"), "next"),
            (keys.shown("item-before"), "previous"),
            (keys.shown("back"), "leave"),
        ]
        if self._decides():
            hints = [(keys.shown("open"), "decide"), *hints, (keys.shown("undo"), "undo")]
        return [hint for hint in hints if hint[0]]

    def _follow(self) -> None:
        """Present what the cursor is on now: its time begins."""
        now = self._selected()
        if now is None or now == self.subject:
            return
        ticks = self._clock.ticks()
        if self.subject is not None:
            before = self._looked.get(self.subject, 0.0)
            self._looked[self.subject] = before + ticks - self._begun
        self.subject, self._begun = now, ticks

    # -- keys ------------------------------------------------------------------------------------

    def take_key(self, event: events.Key) -> bool:
        """Decide, go to another subject, or leave."""
        keys = self._room_app.keys
        if event.key in (*keys.of("present"), *keys.of("quit")) or event.key == "escape":
            self.leave()
            return True
        if event.key in keys.of("open"):
            self._act("open" if self._decides() else "")
            return True
        for name in _TAKEN:
            if event.key in keys.of(name):
                if self._decides() or name == "undo":
                    self._act(name)
                else:
                    self._step(1 if name == "item-after" else -1)
                return True
        for name, step in (("down", 1), ("up", -1)):
            if event.key in keys.of(name):
                self._step(step)
                return True
        return super().take_key(event)

    def _act(self, action: str) -> None:
        """Let the room carry an action out, and show what came of it."""

        async def act() -> None:
            await self._room_app.carry_out(action)
            self.call_after_refresh(self.draw)

        if action:
            self.call_next(act)
        else:
            self._room_app.say("decide: no open session has this on its agenda", "warning")
            self.draw()

    def _step(self, step: int) -> None:
        """Put the cursor of the room on the next row that is about something else."""
        table = self._table()
        if table is None:
            self._room_app.say("this view has no list to go through", "warning")
            self.draw()
            return
        start = row = table.cursor
        while True:
            (table.do_down if step > 0 else table.do_up)()
            if table.cursor == row:  # the end: stay
                if start is not None:
                    table.select(start)
                self._room_app.say("the last one" if step > 0 else "the first one")
                break
            row = table.cursor
            if self._selected() not in (None, self.subject):
                break
        self.call_after_refresh(self.draw)

    def _table(self) -> Table | None:
        """Return the list that the room's cursor is in."""
        home = self._room_app
        if isinstance(home.base.focused, Table):
            return home.base.focused
        first = home.navigation.view.first() if home.navigation.view is not None else None
        if isinstance(first, Table):
            first.focus()
            return first
        return None
