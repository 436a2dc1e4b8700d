"""The filter: typed with completion and its history, saved under a name, used again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from itgov.tui.widgets.bars import FilterBar

if TYPE_CHECKING:
    from itgov.model.filter_completion import Completion
    from itgov.tui.dialogs.saved_filters import SavedFilter
    from itgov.tui.room_app import RoomApp
    from itgov.tui.widgets.bars import Piece


class FilterActions:
    """Typing a filter, and keeping it."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home
        self._history: dict[str, list[str]] | None = None
        """What was typed in each view, in this run and earlier ones; read when it is first asked for."""
        self._offered: Sequence[Completion] = ()
        """What the filter that is being typed can go on as."""

    @property
    def bar(self) -> FilterBar:
        """Where it is typed."""
        return self.home.base.query_one(FilterBar)

    # -- typing ------------------------------------------------------------------------------

    def do_filter(self, argument: str = "") -> None:
        """Open the filter, or set it."""
        view = self.home.navigation.view
        if view is None:
            return
        if argument:
            self.use(argument)
            return
        self.bar.open(view.filter_text, self.earlier(view.NAME), self._lines)
        self.count()

    def use(self, text: str) -> None:
        """Filter what is shown, and keep the filter in the history."""
        view = self.home.navigation.view
        if view is not None:
            view.set_filter(text)
            self._keep(view.NAME, text)
            self.tell_problem()

    def filter_as_typed(self, text: str) -> None:
        """Filter by what stands on the line of the filter."""
        view = self.home.navigation.view
        if view is not None:
            view.set_filter(text)
            self.count()

    def leave_filter(self, kept: bool) -> None:
        """Go back to the rows, with the filter or without it."""
        view = self.home.navigation.view
        self.bar.close()
        if view is not None:
            if not kept:
                view.set_filter("")
            elif view.filter_text.strip():
                self._keep(view.NAME, view.filter_text)
            self.home.base.set_focus(view.first())
        self.home.draw_bars()
        self.tell_problem()

    def tell_problem(self) -> None:
        """Say what of the filter is not understood: an empty list alone does not."""
        view = self.home.navigation.view
        if view is not None and view.sought.problem is not None:
            self.home.say(view.sought.problem, "warning")

    def count(self) -> None:
        """Show how many rows the filter leaves."""
        view = self.home.navigation.view
        if view is None:
            return
        shown = f"{view.found[0]:,} of {view.found[1]:,}" if view.found is not None else ""
        self.bar.show_count(view.sought.problem or shown)

    # -- completion --------------------------------------------------------------------------

    def completions(self, text: str) -> Sequence[Completion]:
        """Return what a filter of the shown view can go on as."""
        from itgov.model.filter_completion import completions

        view = self.home.navigation.view
        rows = view.searched() if view is not None else None
        if rows is None:
            return ()
        return completions(text, view.FIELDS, rows.values)

    def _lines(self, text: str) -> Sequence[str]:
        self._offered = self.completions(text)
        return [each.line for each in self._offered]

    def pieces(self) -> tuple[Piece, ...]:
        """Return the keys of the line of the filter, and what it can go on as; nothing when it is closed."""
        from itgov.tui.edge_lines import typing_pieces

        bar = self.bar
        if not bar.has_class("-open"):
            return ()
        bar.completer.typed(bar.input.value)
        words = [each.word for each in self._offered]
        return typing_pieces(words, bar.completer.at, self.home.base.size.width)

    # -- history -----------------------------------------------------------------------------

    def earlier(self, view: str) -> Sequence[str]:
        """Return the filters that were used in a view, the last of them at the end."""
        from itgov.files.filter_history import read_filter_history

        if self._history is None:
            self._history = dict(read_filter_history().filters)
        return self._history.get(view, [])

    def _keep(self, view: str, text: str) -> None:
        from itgov.files.filter_history import MOST, keep_in_history

        before = self.earlier(view)
        if self._history is None or before[-1:] == [text]:
            return
        self._history[view] = [*(t for t in before if t != text), text][-MOST:]
        try:
            keep_in_history(view, text)
        except OSError as error:
            why = error.strerror or str(error)
            self.home.say(f"the filter history was not written: {error.filename}: {why}", "warning")

    # -- saved filters -----------------------------------------------------------------------

    def do_saved_filters(self, argument: str = "") -> None:
        """Choose a saved filter, save the present one, or delete one."""
        from itgov.tui.dialogs.saved_filters import SavedFilters

        view = self.home.navigation.view
        if view is None:
            return
        saved = self._saved()
        if argument:
            named = saved.get(argument)
            if named is None:
                from itgov.model.text import did_you_mean

                hint = did_you_mean(argument, list(saved))
                self.home.say(f"there is no saved filter `{argument}`{hint}", "warning")
            else:
                self.use(named.text)
            return
        picker = SavedFilters(self._saved, view.filter_text.strip(), self._problem, self._delete)
        self.home.ask(picker, self._chosen)

    def _saved(self) -> dict[str, SavedFilter]:
        """Return the saved filters by name: the user's own over those of the repository."""
        from itgov.files.repository_roots import CONFIG
        from itgov.files.userconfig import read_user_config
        from itgov.tui.dialogs.saved_filters import OWN, SavedFilter

        room = self.home.room
        offered = room.repository.config.filters if room is not None else {}
        own = read_user_config().config.filters
        found = {name: SavedFilter(name, text, CONFIG) for name, text in offered.items()}
        found |= {name: SavedFilter(name, text, OWN) for name, text in own.items()}
        return dict(sorted(found.items()))

    def _problem(self, text: str) -> str | None:
        """Return what of a filter the shown view does not understand."""
        view = self.home.navigation.view
        return view.query_of(text).problem if view is not None else None

    def _chosen(self, answer: str) -> None:
        """Use a saved filter, or save the present one."""
        from itgov.files.save import EditRefused
        from itgov.files.userconfig import keep_filter
        from itgov.tui.dialogs.saved_filters import OWN

        view = self.home.navigation.view
        does, _, name = answer.partition(":")
        if view is None:
            return
        saved = self._saved().get(name)
        if does == "use":
            if saved is not None:
                self.use(saved.text)
            return
        try:
            path = keep_filter(name, view.filter_text.strip())
        except EditRefused as refused:
            self.home.say(f"the filter was not saved: {refused}", "error")
            return
        replaced = ""
        if saved is not None:
            replaced = (
                f" in place of `{saved.text}`"
                if saved.kept == OWN
                else f"; it hides that of {saved.kept}, `{saved.text}`"
            )
        self.home.say(f"filter `{name}` saved in {path}{replaced}", "ok")

    def _delete(self, saved: SavedFilter) -> str | None:
        """Delete a filter of the user's own; return why it was not."""
        from itgov.files.save import EditRefused
        from itgov.files.userconfig import keep_filter
        from itgov.tui.dialogs.saved_filters import OWN

        if saved.kept != OWN:
            return f"`{saved.name}` stands in {saved.kept} of the repository; delete it there."
        try:
            keep_filter(saved.name, None)
        except EditRefused as refused:
            return f"`{saved.name}` was not deleted: {refused}"
        self.home.say(f"filter `{saved.name}` deleted; it was {saved.text}", "ok")
        return None
