"""The names of what only git can tell, which a start knows without the types."""

from __future__ import annotations

from itgov.model import history_fact_names
from itgov.rules.vocabulary import MESSAGES, SUBJECT_TYPES, history_types, vocabulary


def test_every_fact_that_only_git_tells_is_known_by_name_and_described():
    told = {name for kind in history_types().values() for name in kind.__struct_encode_fields__}
    assert told == history_fact_names.HISTORY_FACTS
    for kind in history_types():
        fields = vocabulary()[MESSAGES[kind]]
        for name in history_types()[kind].__struct_encode_fields__:
            assert fields[name].history
            assert fields[name].nullable
            assert fields[name].description


def test_no_other_field_has_such_a_name():
    for pair in SUBJECT_TYPES.values():
        for part in pair:
            names = set(part.__struct_encode_fields__) if part is not None else set()
            assert not names & history_fact_names.HISTORY_FACTS
