"""Names that are nobody's yet: they become people, or the cell is refused and says why."""

from __future__ import annotations

from typing import Any

import pytest

ORGANISATION = "portfolios/organisation.yaml"


def people_added(intake: Any) -> dict[str, str]:
    return {a.id: a.name for a in intake.added if a.what == "person"}


def why(intake: Any) -> dict[str, str]:
    return {r.cell: r.why for r in intake.refused}


def text_of(intake: Any, path: str) -> str:
    return next((f.after.decode() for f in intake.proposal.files if f.path == path), "")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Nadia Roy", "{id: nadia.roy, name: Nadia Roy}"),
        ("Roy, Nadia", "{id: nadia.roy, name: Nadia Roy}"),
        ("Nadia Roy <n.roy@example.org>",
         "{id: nadia.roy, name: Nadia Roy, email: n.roy@example.org}"),
        ("Dr Nadia Roy, Head of claims", "{id: nadia.roy, name: Nadia Roy}"),
        ("Zoë de Vries", "{id: zoe.de.vries, name: Zoë de Vries}"),
        ("José Ortega y Gasset", "{id: jose.ortega.y.gasset, name: José Ortega y Gasset}"),
    ],
)  # fmt: skip
def test_a_new_name_becomes_a_person(
    linked: Any, workbook: Any, take: Any, text: str, line: str
) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-001", "outcome owner", text)
    sheet.fill("units", "retail", "head", text)
    intake = take(linked(), sheet)
    assert why(intake) == {}
    [added] = [a for a in intake.added if a.what == "person"]
    assert added.cell == where or added.cell.startswith("units!")
    assert f"  - {line}\n" in text_of(intake, ORGANISATION)
    retail = text_of(intake, "portfolios/retail.yaml")
    assert retail.count(f": {added.id}\n") == 2
    assert any("side" in note and added.name in note for note in intake.notes)


def test_side_and_mail_are_given_on_the_page_of_people(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    sheet.fill("investments", "RET-001", "outcome owner", "Nadia Roy")
    sheet.add("people", person="Nadia Roy", side="Business", **{"e-mail": "n@example.org"})
    intake = take(linked(), sheet)
    assert why(intake) == {}
    line = "{id: nadia.roy, name: Nadia Roy, email: n@example.org, side: business}"
    assert f"  - {line}\n" in text_of(intake, ORGANISATION)
    assert not [n for n in intake.notes if "Nadia" in n]


def test_side_and_mail_are_given_to_somebody_later(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    sheet.fill("investments", "RET-001", "outcome owner", "Nadia Roy")
    first = take(linked(), sheet)
    files = {f.path.split("/")[1].split(".")[0]: f.after.decode() for f in first.proposal.files}
    sheet.add("people", person="Nadia Roy", side="it")
    then = take(linked(**files), sheet)
    assert (why(then), people_added(then)) == ({}, {})
    assert "name: Nadia Roy, side: it}" in text_of(then, ORGANISATION)
    assert len(then.proposal.files) == 1


def test_somebody_may_have_the_name_of_another_under_an_id_of_their_own(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    sheet.add("people", id="amara2", person="Amara Okafor", side="it")
    sheet.fill("investments", "RET-001", "outcome owner", "amara2")
    where = sheet.fill("units", "retail", "head", "Amara Okafor")
    intake = take(linked(), sheet)
    assert people_added(intake) == {"amara2": "Amara Okafor"}
    assert "can mean amara.okafor, amara2" in why(intake)[where]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tbd", "not a name"),
        ("n/a", "not a name"),
        ("TBD (Head of claims)", "not a name"),
        ("Sam Lee", "can mean sam.lee, sam.lee2"),
        ("Nadia Roy; Bo Chan", "names more than one person"),
        ("Nadia Roy / Bo Chan", "names more than one person"),
        ("Nadia Roy and Bo Chan", "names more than one person"),
        ("nadia.roy@example.org", "write the first and the last name"),
        ("Amara Okafro", "did you mean `Amara Okafor`"),
        ("Nadia", "write the first and the last name"),
        ("Gone By", "left the organisation on 2026-01-01"),
        ("Nadia " + "Roy" * 100, "not a name"),
    ],
)
def test_who_is_nobody_or_not_clear_is_refused_with_the_cell(
    linked: Any, workbook: Any, take: Any, text: str, says: str
) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-001", "outcome owner", text)
    intake = take(linked(), sheet)
    assert says in why(intake)[where]
    assert intake.proposal.is_empty


def test_nobody_is_added_for_a_cell_that_is_not_taken(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-002", "outcome owner", "Nadia Roy")
    text = linked().documents["portfolios/retail.yaml"].text
    theirs = text.replace("outcome_owner: amara.okafor", "outcome_owner: sam.lee")
    intake = take(linked(retail=theirs), sheet)
    assert list(why(intake)) == [where]
    assert intake.proposal.is_empty


def test_two_names_in_the_list_of_those_present(linked: Any, workbook: Any, take: Any) -> None:
    sheet = workbook(linked())
    sheet.fill(
        "engagements", "retail/2026-10-12", "present", "Amara Okafor (amara.okafor); Nadia Roy"
    )
    intake = take(linked(), sheet)
    assert why(intake) == {}
    assert "with: [amara.okafor, nadia.roy]" in text_of(intake, "portfolios/retail.yaml")


def test_a_file_that_takes_nobody_takes_no_name_either(
    linked: Any, workbook: Any, take: Any
) -> None:
    sheet = workbook(linked())
    where = sheet.fill("investments", "RET-001", "outcome owner", "Nadia Roy")
    broken = linked().documents[ORGANISATION].text + "people: []\n"
    intake = take(linked(organisation=broken), sheet)
    assert "fix them first" in why(intake)[where]
    assert intake.proposal.is_empty
