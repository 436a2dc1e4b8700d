"""What the types say of their fields, and that nobody says it again."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

import itgov
from itgov.model.fields import choices, field, holders_in, keys, paths, references, references_in
from itgov.model.minutes import Minutes
from itgov.model.types import (
    Action,
    Engagement,
    Investment,
    Opportunity,
    OrganisationFile,
    Outcome,
    Satisfaction,
    UnitFile,
    Waiver,
)

DAY = datetime.date(2026, 11, 23)


def test_every_id_is_found_with_the_way_to_it() -> None:
    engagement = Engagement(
        date=DAY,
        by="ana",
        with_=["ben", "cleo"],
        satisfaction=Satisfaction(score=4, by="dora"),
        opportunities=[Opportunity(id="one", investment="S-1")],
        actions=[Action(what="call"), Action(what="write", owner="eva")],
    )
    assert [(f.kind, name, route) for f, name, route in references(engagement)] == [
        ("person", "ana", ("by",)),
        ("person", "ben", ("with", 0)),
        ("person", "cleo", ("with", 1)),
        ("person", "dora", ("satisfaction", "by")),
        ("investment", "S-1", ("opportunities", 0, "investment")),
        ("person", "eva", ("actions", 1, "owner")),
    ]


def test_values_that_are_no_record_yet_are_looked_at_alike() -> None:
    values = {"with": ["ben"], "actions": [{"what": "call", "owner": "eva"}], "summary": "ana"}
    found = [(name, route) for _, name, route in references_in(Engagement, values)]
    assert found == [("ben", ("with", 0)), ("eva", ("actions", 0, "owner"))]


def test_who_answers_for_a_record_is_not_who_is_only_named_in_it() -> None:
    record = Investment(
        id="S-1", title="Shop", outcome_owner="ana", delivery_lead="ben", confidence_by="cleo",
        waivers=[Waiver(rule="VAL-001", approved_by="dora")],
    )  # fmt: skip
    assert holders_in(record) == {"ana", "ben"}


def test_money_and_what_is_measured_are_told_apart() -> None:
    assert keys(Outcome, "measured") == ("baseline", "target")
    assert keys(Outcome, "money") == ("value",)
    assert choices(Outcome, "direction") == ("up", "down")
    assert field(Engagement, "with").name == "with_"


@pytest.mark.parametrize("record", [OrganisationFile, UnitFile, Minutes])
def test_what_is_described_as_somebody_s_id_says_so_in_its_type(record: type) -> None:
    """A description that speaks of a person's id is kept true by the type."""
    from msgspec import Meta, structs

    named = {(w[-1].key, w[-1].name) for w in paths(record, "person")}
    seen = {record}
    todo = [record]
    while todo:
        for info in structs.fields(kind := todo.pop()):
            known = field(kind, info.encode_name)
            if known.record is not None and known.record not in seen:
                seen.add(known.record)
                todo.append(known.record)
            notes = getattr(info.type, "__metadata__", ())
            said = " ".join(n.description or "" for n in notes if isinstance(n, Meta))
            if re.search(r"\bids? of the (person|people)\b", said):
                assert (known.key, known.name) in named, f"{kind.__name__}.{known.key}"


MAY_NAME = {
    "model/types.py": "the type itself",
    "cli/templates/unit.yaml": "the example that a new portfolio begins with",
    "files/changes.py": "the edit that rates an investment",
    "importing/draft.py": "who rated goes with the rating",
    "sheets/pages.py": "a sheet asks for it",
    "tui/edits/actions.py": "the form in which an investment is rated",
    "tui/views/item_page.py": "the line of an investment that shows it",
}
"""Files that have something of their own to say of `confidence_by`."""


def where(word: str) -> set[str]:
    top = Path(itgov.__file__).parent
    files = [p for p in top.rglob("*") if p.suffix in (".py", ".yaml", ".md")]
    found = [p for p in files if re.search(rf"\b{word}\b", p.read_text(encoding="utf-8"))]
    return {p.relative_to(top).as_posix() for p in found}


def test_a_field_that_names_a_person_is_not_listed_again() -> None:
    assert where("confidence_by") <= MAY_NAME.keys()
    assert len(where("reports_to")) <= 10
