"""Ids of a portfolio are found however their letters are put together."""

from __future__ import annotations

import datetime
import unicodedata

import pytest

from itgov.files.link import link
from itgov.files.load import read_file, read_minutes
from itgov.files.sources import RawFile

ORGANISATION = """\
organisation: {id: o, vocabulary: {relationship_manager: Gestionnaire métier}}
people: [{id: zoé.müller, name: Zoé Müller, formerly: [zoé]}, {id: b, name: B}]
relationship_managers: [{person: b, title: Gestionnaire métier, serves: [übersee], measured_by: [Ü-1/größe]}]
"""
UNIT = """\
business_unit: {id: übersee, head: zoé.müller, objectives: [{id: zügig, statement: S}]}
investments:
  - id: Ü-1
    title: Ü
    outcome_owner: zoé.müller
    objective: zügig
    depends_on: [Ü-2]
    custom: {kosten_für: 1}
    outcomes: [{id: größe, also_claimed_by: [{outcome: Ü-2/größe}]}]
  - {id: Ü-2, title: T, outcomes: [{id: größe}]}
engagements: [{date: 2026-01-01, with: [zoé.müller]}]
"""
FURTHER = "business_unit: übersee\ninvestments: [{id: Ü-3, title: T}]\n"
MINUTES = "review: {id: r, date: 2026-01-01, as_of: 2026-01-01, chair: zoé.müller}\n"


def linked(*forms: str):
    texts = [
        unicodedata.normalize(form, text)
        for form, text in zip(forms, (ORGANISATION, UNIT, FURTHER, MINUTES), strict=True)
    ]
    files = [read_file(RawFile(f"{n}.yaml", t.encode())) for n, t in enumerate(texts[:3])]
    return link(
        files, datetime.date(2026, 1, 1), [read_minutes(RawFile("m.yaml", texts[3].encode()))]
    )


@pytest.mark.parametrize("forms", [("NFC", "NFD", "NFC", "NFD"), ("NFD", "NFC", "NFD", "NFC")])
def test_letters_may_be_composed_or_not(forms: tuple[str, ...]) -> None:
    found, usual = linked(*forms), linked(*["NFC"] * 4)
    refs = [f.message for f in found.findings if f.rule.startswith(("REF", "YML"))]
    assert refs == []
    portfolio = found.portfolio
    assert list(portfolio.units) == ["übersee"]
    assert [e.record.id for e in portfolio.investments()] == ["Ü-1", "Ü-2", "Ü-3"]
    assert list(portfolio.people) == list(usual.portfolio.people)
    first = next(iter(portfolio.investments())).record
    assert list(first.custom) == ["kosten_für"]
    (manager,) = portfolio.managers.values()
    assert manager.record.title == portfolio.organisation.record.vocabulary.relationship_manager


def test_an_id_of_two_people_is_used_twice_however_it_is_written() -> None:
    text = "people: [{id: zoé, name: A}, {id: zoe\u0301, name: B}, {id: zo\u200bé, name: C}]\n"
    found = link([read_file(RawFile("o.yaml", text.encode()))], datetime.date(2026, 1, 1))
    assert [f.rule for f in found.findings if f.rule[:3] == "REF"] == ["REF-006", "REF-006"]
    (unseen,) = [f for f in found.findings if f.rule == "YML-013"]
    assert "`zoé` is written with U+200B" in unseen.message
    assert text[unseen.place.column - 1 : unseen.place.column + 3] == "zo\u200bé"


def test_an_escape_hides_nothing() -> None:
    text = 'people: [{id: "zo\\u00e9\\u00a0", name: A}]\n'
    found = read_file(RawFile("o.yaml", text.encode()))
    assert found.content.people[0].id == "zoé"
    assert [p.code for p in found.problems] == ["YML-013"]


def test_text_that_is_shown_stays_as_it_was_written() -> None:
    text = "people: [{id: a, name: Zoe\u0301}]\n"
    found = read_file(RawFile("o.yaml", text.encode()))
    assert found.content.people[0].name == "Zoe\u0301"


@pytest.mark.parametrize("value", ["[é]", "{é: é}", "3", "'\u200b'", "null"])
@pytest.mark.parametrize("key", ["id", "formerly", "experience"])
def test_a_wrong_shape_is_left_to_the_types(key: str, value: str) -> None:
    text = f"people: [{{name: é, {key}: {value}}}, é]\norganisation: [é]\n"
    read_file(RawFile("o.yaml", text.encode()))
