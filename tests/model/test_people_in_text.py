"""Whom a text names: one person in many spellings, several people, or nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.nobody import use_own_words
from itgov.model.people_in_text import NamedPerson, name_keys, names_several, people_in, remarks_in
from itgov.model.person_names import KnownPerson, NotOnePerson, PersonNames

FIRST = st.sampled_from(["Amara", "Bo", "Zoë", "Ann-Kathrin", "Jürgen", "Nina"])
LAST = st.sampled_from(["Okafor", "Chan", "Müller", "O'Brien", "van der Berg", "Offen"])
NAMES = st.tuples(FIRST, LAST)
TITLES = st.sampled_from(["Dr ", "Dr. ", "Prof. Dr. ", "Mrs ", "Herr ", "Mme ", "Prof. Dr.-Ing. "])


@st.composite
def spelt(draw: st.DrawFn, name: tuple[str, str]) -> str:
    """One of the ways in which people write a name."""
    first, last = name
    title = draw(st.one_of(st.just(""), TITLES))
    forms = [f"{title}{first} {last}", f"{last}, {title}{first}", f"{title}{last}, {first}"]
    form = draw(st.sampled_from([*forms, f"{first} {last.upper()}"]))
    form = draw(st.sampled_from([form, form.upper(), form.replace(" ", "  ")]))
    return form + draw(
        st.sampled_from(
            ["", " <a.o@example.org>", " (a.o@example.org)", ", PhD", " (HR)", " [IT / Ops]"]
        )
    )


@given(st.data(), NAMES)
def test_a_name_is_one_person_however_it_is_written(
    data: st.DataObject, name: tuple[str, str]
) -> None:
    text = data.draw(spelt(name))
    (person,) = people_in(text)
    assert person is not None
    assert name_keys(person.name)[0] == name_keys(" ".join(name))[0]
    assert not names_several(text)
    known = PersonNames([KnownPerson("one", " ".join(name)), KnownPerson("other", "Sam Lee")])
    assert known.named(text) == "one"


@given(st.data(), st.lists(NAMES, min_size=2, max_size=3, unique=True), st.booleans())
def test_two_names_are_two_people(
    data: st.DataObject, names: list[tuple[str, str]], vacancy: bool
) -> None:
    parts = [data.draw(spelt(name)) for name in names] + (["TBD"] if vacancy else [])
    text = data.draw(st.sampled_from(["; ", " / ", " and ", "\n", " & ", " | "])).join(parts)
    found = people_in(text)
    assert [p is None for p in found] == [False] * len(names) + [True] * vacancy
    assert names_several(text)
    with pytest.raises(NotOnePerson, match="more than one person"):
        PersonNames([KnownPerson("one", " ".join(names[0]))]).named(text)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ann Lee, Bo Chan", ["Ann Lee", "Bo Chan"]), ("Lee, Ann; Chan, Bo", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee; TBD", ["Ann Lee", None]), ("Ann Lee, TBD", ["Ann Lee", None]), ("Ann Lee;", ["Ann Lee"]),
        ("Ann Lee; ANN LEE", ["Ann Lee"]), ("Amara Okafor, CIO", ["Amara Okafor"]),
        ("Amara Okafor, Director of IT", ["Amara Okafor"]), ("Mr Lee", ["Mr Lee"]), ("Nat King Cole", ["Nat King Cole"]),
        ("Andr Smith, Bo Chan", ["Andr Smith", "Bo Chan"]), ("van der Berg, Amara Jane", ["Amara Jane van der Berg"]), ("R&D", ["R&D"]),
        ("amara.okafor@example.org", ["Amara Okafor"]), ("a@x.org; b@x.org", ["a@x.org", "b@x.org"]),
        ("Head of IT and Operations", ["Head of IT and Operations"]), ("Anderson Cooper", ["Anderson Cooper"]),
        ("Amara\nOkafor", ["Amara Okafor"]), ("TBD", []), ("TBD; n/a", []), ("n/a", []), ("", []),
        ("vacant, was Ann Lee", []), ("Ann Lee (vacant)", []), (";/&,", []), ("\0a/b\0;c d", ["a/b", "c d"]),
        ("Lee, Ann (IT) / Chan, Bo (IT)", ["Ann Lee", "Bo Chan"]), ("Head of IT (Ann Lee)", ["Head of IT (Ann Lee)"]),
        ("Ann Lee (ann.lee)", ["Ann Lee (ann.lee)"]), ("Vacant (Ann Lee)", []), ("Lee, Ann (acting)", ["Ann Lee"]), ("R&D (UK)", ["R&D"]),
        ("Ann Lee (then Bo Chan)", ["Ann Lee", "Bo Chan"]), ("Ann Lee (now: HR)", ["Ann Lee"]), ("Ann Lee (then HR)", ["Ann Lee"]),
        ("Ann Lee (now: Bo Chan)", ["Ann Lee", "Bo Chan"]), ("Ann Lee (successor: Bo Chan)", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee (successor to be named)", ["Ann Lee"]),
        ("Ann Lee (left, now Bo Chan)", ["Ann Lee", "Bo Chan"]), ("Lee, Ann (left, now Dr Bo Chan)", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee (Bo Chan, HR)", ["Ann Lee", "Bo Chan"]), ("Ann Lee (Bo Chan / Cy Day)", ["Ann Lee", "Bo Chan", "Cy Day"]),
        ("ANN LEE (HR, BO CHAN)", ["ANN LEE", "BO CHAN"]), ("Ann Lee (HR, Ann Lee)", ["Ann Lee"]),
        ("Head of IT (Ann Lee, Bo Chan)", [None, "Ann Lee", "Bo Chan"]),
        ("Ann Lee or Bo Chan", ["Ann Lee", "Bo Chan"]), ("Ann Lee y Bo Chan", ["Ann Lee", "Bo Chan"]), ("Ann Lee en Bo Chan", ["Ann Lee", "Bo Chan"]),
        ("Ann Lee → Bo Chan", ["Ann Lee", "Bo Chan"]), ("Ann Lee -> Bo Chan", ["Ann Lee", "Bo Chan"]), ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Mary Jane E Lee Smith", ["Mary Jane E Lee Smith"]), ("Head of IT or Operations", ["Head of IT or Operations"]),
        ("山田 太郎、鈴木 一郎", ["山田 太郎", "鈴木 一郎"]), ("未定", []),
    ],
)  # fmt: skip
def test_who_is_named(text: str, people: list[str | None]) -> None:
    assert [p and p.name for p in people_in(text)] == people


@pytest.mark.parametrize(
    "text",
    ["(Ann Lee; Bo Chan)", "Ann Lee (Bo Chan; Cy Day)", "Ann Lee (until May; then Bo Chan)", "Ann Lee (Bo Chan\nCy Day)",
     "(Ann Lee) / (Bo Chan)", "Ann Lee and (Bo Chan)", "(Ann Lee, Bo Chan)", "Ann Lee (HR) [left, now Bo Chan]"],
)  # fmt: skip
def test_brackets_do_not_hide_that_several_are_named(text: str) -> None:
    assert names_several(text)


@pytest.mark.parametrize(
    "remark",
    ["HR, IT", "IT / Ops", "HR", "Human Resources", "HR & Payroll", "IT, HR London", "HR UK, IT UK", "acting, until 1 May 2026",
     "Q3 FY26, HR", "Finance, Head of Payroll", "PhD, MBA", "Director of IT and Operations, London"],
)  # fmt: skip
@pytest.mark.parametrize("brackets", ["Ann Lee ({})", "Lee, Ann [{}]", "Dr Ann Lee ({}), PhD"])
def test_what_is_said_of_somebody_names_nobody_else(brackets: str, remark: str) -> None:
    (person,) = people_in(brackets.format(remark))
    assert person == NamedPerson("Ann Lee")
    assert remarks_in(brackets.format(remark)) == (remark,)


def test_a_family_name_in_capitals_may_come_first() -> None:
    known = PersonNames([KnownPerson("amara", "Amara Okafor"), KnownPerson("sam", "Sam Lee")])
    assert known.named("OKAFOR Amara") == "amara"
    with pytest.raises(NotOnePerson):
        known.named("Okafor Amara")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert all(p is None or p.name for p in people_in(text))
    name_keys(text)


PLAIN = st.from_regex(r"[A-Za-z.-]{1,6} [A-Za-z.-]{1,6}", fullmatch=True)
JOINING = st.sampled_from(
    ["and", "und", "et", "with", "or", "OU", "o", "y", "e", "och", "then", "Dr", "Mr", "TBD", "to", "vacant"]
)  # fmt: skip


@given(st.one_of(PLAIN, st.tuples(JOINING, JOINING).map(" ".join)))
def test_several_are_named_where_more_than_one_is_found(text: str) -> None:
    assert names_several(text) is (len(people_in(text)) > 1)


def test_whom_a_text_names_follows_the_words_that_are_agreed() -> None:
    assert people_in("Zu Vergeben") == (NamedPerson("Zu Vergeben"),)
    use_own_words(frozenset(["Zu Vergeben"]))
    try:
        assert people_in("Zu Vergeben") == ()
    finally:
        use_own_words(frozenset())
    assert people_in("Zu Vergeben") == (NamedPerson("Zu Vergeben"),)
