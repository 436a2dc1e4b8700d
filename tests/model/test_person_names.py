"""Who is meant where a person is asked: one person, or nobody and the words for it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.person_names import KnownPerson, NotOnePerson, PersonNames

KNOWN = [
    KnownPerson("bridget.lowell", "Bridget Lowell", ("bridget@example.org",)),
    KnownPerson("julia.novak", "Julia Novak", ("j.horak",)),
    KnownPerson("yvonne.clarke", "Yvonne Clarke"),
    KnownPerson("allen.none", "Allen Everett"),
    KnownPerson("zoe.m", "Zoë Müller"),
    KnownPerson("sam.lee", "Sam Lee"),
    KnownPerson("sam.lee2", "Sam Lee"),
    KnownPerson("samira", "Samira de la Cruz"),
    KnownPerson("meera.wei", "Meera Wei"),
]
NOBODY = "is not a person in the organisation"


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("bridget.lowell", "bridget.lowell"), ("Bridget Lowell", "bridget.lowell"),
        ("bridget  lowell", "bridget.lowell"), ("BRIDGET.LOWELL", "bridget.lowell"),
        ("bridget@example.org", "bridget.lowell"), ("Bridget L", "bridget.lowell"),
        ("low", "bridget.lowell"), ("j.horak", "julia.novak"), ("nov", "julia.novak"),
        ("Old Name (julia.novak)", "julia.novak"), ("zoe mu", "zoe.m"), ("Mül", "zoe.m"),
        ("sam.lee2", "sam.lee2"), ("Samir", "samira"), ("la cruz", "samira"), ("de la", "samira"),
    ],
)  # fmt: skip
def test_one_person_is_meant(typed: str, person: str) -> None:
    assert PersonNames(KNOWN).named(typed) == person


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("tbd", NOBODY), ("TBC", NOBODY), ("none", NOBODY), ("everyone", NOBODY), ("all", NOBODY),
        ("me", NOBODY), ("We", NOBODY), ("n/a", NOBODY), ("?", NOBODY), ("", NOBODY), ("no", NOBODY), ("owell", NOBODY), ("bl", NOBODY),
        ("bridget.low", NOBODY + "; did you mean `bridget.lowell`?"), ("Lowell Bridget", NOBODY),
        ("sam lee", "can mean sam.lee, sam.lee2; write the id"),
        ("sam", "can mean sam.lee, sam.lee2, samira; write the id"),
    ],
)  # fmt: skip
def test_nobody_is_guessed(typed: str, says: str) -> None:
    with pytest.raises(NotOnePerson) as refused:
        PersonNames(KNOWN).named(typed)
    assert says in str(refused.value)


def test_where_nobody_is_listed_the_text_is_the_id() -> None:
    assert PersonNames([]).named("amara.okafor") == "amara.okafor"


_NAMES = st.lists(st.text("abB é", min_size=1, max_size=5), min_size=1, max_size=6)


@given(names=_NAMES, typed=st.text("abBé ", min_size=1, max_size=4))
def test_whoever_is_found_is_the_only_one_that_fits(names: list[str], typed: str) -> None:
    known = [KnownPerson(f"p{i}", name) for i, name in enumerate(names)]

    def flat(text: str) -> str:
        return " ".join(text.lower().replace("é", "e").split())

    whole = [
        p.id for p in known
        if " ".join(p.name.lower().split()) == " ".join(typed.lower().split())
    ]  # fmt: skip
    begun = [
        p.id for p in known
        if flat(typed) and re.search(rf"(^| ){re.escape(flat(typed))}", flat(p.name))
    ]  # fmt: skip
    fits = whole if whole and typed.strip() else begun
    found, refused = _asked(PersonNames(known), typed)
    if found is not None:
        assert fits == [found]
    elif len(fits) == 1:  # a placeholder word is nobody, whatever begins with it
        assert refused == []
    else:
        assert refused in ([], sorted(fits))


def _asked(names: PersonNames, typed: str) -> tuple[str | None, list[str]]:
    """Return who is meant, and who could be where that is not clear."""
    try:
        return names.named(typed), []
    except NotOnePerson as problem:
        return None, sorted(problem.candidates)
