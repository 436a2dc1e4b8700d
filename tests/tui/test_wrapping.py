"""Lines of a page: which row of the screen shows which part of which line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from itgov.tui.widgets.styled_text import Line, hang_of, wrap
from itgov.tui.widgets.wrapped_lines import WrappedLines

texts = st.text("ab  :#-\t漢–\u200b\u202e", max_size=14) | st.sampled_from(
    ["::x::", "##[a]", "label  ", "word"]
)
pieces: st.SearchStrategy[Line] = st.lists(texts, max_size=3).map(
    lambda some: tuple((text, "") for text in some)
)


@given(st.lists(pieces, max_size=8), st.integers(8, 30))
def test_each_row_is_what_all_lines_wrapped_have_there(lines: list[Line], width: int) -> None:
    wrapped = WrappedLines(lines, width)
    wanted = [row for line in lines for row in (wrap(line, width, hang_of(line)) if line else [[]])]
    assert [wrapped.row(at) for at in range(wrapped.count)] == wanted
