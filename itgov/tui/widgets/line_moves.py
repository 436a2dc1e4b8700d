"""Moving up and down: the same keys for a table and for a page of text."""

from __future__ import annotations


class LineMoves:
    """The moves of whatever goes up and down by lines.

    A subclass says how it goes by some lines, or to an end, and how many make a page.
    """

    def _by(self, lines: int) -> None:
        """Go some lines down; up where they are negative."""

    def _to(self, bottom: bool) -> None:
        """Go to an end."""

    def _page_height(self) -> int:
        """Return how many lines make a page, at least one."""
        return 1

    def do_down(self) -> None:
        """One line down."""
        self._by(1)

    def do_up(self) -> None:
        """One line up."""
        self._by(-1)

    def do_top(self) -> None:
        """To the first line."""
        self._to(bottom=False)

    def do_bottom(self) -> None:
        """To the last line."""
        self._to(bottom=True)

    def do_page_down(self) -> None:
        """Go a page down."""
        self._by(self._page_height())

    def do_page_up(self) -> None:
        """Go a page up."""
        self._by(-self._page_height())

    def do_half_down(self) -> None:
        """Half a page down."""
        self._by(max(self._page_height() // 2, 1))

    def do_half_up(self) -> None:
        """Half a page up."""
        self._by(-max(self._page_height() // 2, 1))
