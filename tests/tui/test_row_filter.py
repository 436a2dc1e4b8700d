"""Finding letter by letter finds what looking anew would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from itgov.model.filter_query import Kind, Query, Searchable, parse
from itgov.tui.state.row_filter import RowFilter

FIELDS: dict[str, Kind] = {"stage": "text", "owner": "text", "spend": "amount", "review": "day"}
NAMES = ["amara obi", "amara óbi", "amara", "bo", "live", "delivering", "", "-\nnobody\nghost"]

rows = st.lists(
    st.builds(
        lambda text, stage, owner, spend, review: Searchable(
            text, {"stage": stage, "owner": owner, "spend": spend, "review": review}
        ),
        st.text(alphabet="abcl ive", max_size=12),
        st.sampled_from([None, *NAMES]),
        st.sampled_from([None, *NAMES]),
        st.one_of(st.none(), st.sampled_from([0.0, 1e6, 2.5e6])),
        st.sampled_from([None, "", "2026-01-01", "2026-12-31"]),
    ),
    max_size=12,
).map(lambda found: [(str(n), row) for n, row in enumerate(found)])

typed = st.lists(
    st.one_of(
        st.text(alphabet="abcl ive!", max_size=6),
        st.sampled_from(
            ["stage:live", "!stage:live", "owner:-", "owner:amara", "owner:=amara", "spend:>1m",
             "!spend:>=1m", "review:<2026-06-01", "spend:0", "liv", "!liv", "or", "spend:abc", "!spend:abc", "óbi"]
        ),
    ),
    max_size=5,
).map(" ".join)  # fmt: skip


@given(rows, st.lists(typed, min_size=1, max_size=4))
def test_it_finds_what_the_filter_finds_whatever_was_typed_before(
    found: list[tuple[str, Searchable]], texts: list[str]
) -> None:
    row_filter = RowFilter(found)
    for text in texts:
        for end in range(len(text) + 1):
            query = parse(text[:end], FIELDS)
            assert list(row_filter.select(query)) == query.select(found), text[:end]


@given(rows, typed, st.data())
def test_it_keeps_to_those_that_it_is_asked_about_in_their_order(
    found: list[tuple[str, Searchable]], text: str, data: st.DataObject
) -> None:
    among = data.draw(st.permutations([key for key, _ in found]).map(lambda keys: keys[::2]))
    query = parse(text, FIELDS)
    wanted = set(query.select(found))
    assert list(RowFilter(found).select(query, among)) == [key for key in among if key in wanted]


def test_without_a_filter_everything_is_found() -> None:
    assert RowFilter([("a", Searchable("", {}))]).select(Query()) == ["a"]
