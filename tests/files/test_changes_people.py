"""Adding people: where they are written, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from itgov.files.changes import add_person, id_for
from itgov.files.proposal import Proposal
from itgov.files.save import EditRefused
from itgov.model.types import Person

Adding = Callable[..., Proposal]

BLOCK = """\
organisation: {id: northwind, name: Northwind}
people:
  # the business side
  - id: amara.okafor
    name: Amara Okafor
relationship_managers: []
"""
BRACES = BLOCK.replace("  - id: amara.okafor\n    name: Amara Okafor\n", "  - {id: amara.okafor, name: Amara Okafor}\n")  # fmt: skip
NOBODY = "organisation: {id: northwind, name: Northwind}\n"
UNIT = "business_unit: {id: retail}\n"
ZOE = Person(id="zoe.vries", name="Zoë de Vries", side="business", business_unit="retail")


@pytest.fixture
def added(join: Callable[..., Any]) -> Adding:
    """Return the proposal to add a person to an organisation's file."""

    def add(organisation: str, person: Person = ZOE) -> Proposal:
        files = {"organisation.yaml": organisation, "retail.yaml": UNIT}
        return add_person(join(files).linked, person)

    return add


def test_a_person_comes_last_in_the_layout_of_the_others(added: Adding) -> None:
    assert (
        added(BLOCK).files[0].after
        == BLOCK.replace(
            "    name: Amara Okafor\n",
            "    name: Amara Okafor\n  - id: zoe.vries\n    name: Zoë de Vries\n    side: business\n"
            "    business_unit: retail\n",
        ).encode()
    )
    assert (
        added(BRACES).files[0].after
        == BRACES.replace(
            "Amara Okafor}\n",
            "Amara Okafor}\n"
            "  - {id: zoe.vries, name: Zoë de Vries, side: business, business_unit: retail}\n",
        ).encode()
    )


def test_the_first_person_brings_the_list(added: Adding) -> None:
    after = added(NOBODY).files[0].after
    assert after is not None
    assert after.startswith(NOBODY.encode() + b"people:\n")


def test_an_id_that_is_taken_or_a_unit_that_is_not_there_is_refused(added: Adding) -> None:
    with pytest.raises(EditRefused, match="belongs to Amara Okafor"):
        added(BLOCK, Person(id="amara.okafor", name="Another"))
    with pytest.raises(EditRefused, match="retial"):
        added(BLOCK, Person(id="x.y", name="X", business_unit="retial"))


@pytest.mark.parametrize(("identifier", "name"), [("everyone", "tbd"), ("x.y", "Everyone"), ("none", "Ann Lee")])  # fmt: skip
def test_a_placeholder_is_not_added_as_a_person(added: Adding, identifier: str, name: str) -> None:
    with pytest.raises(EditRefused, match="placeholder"):
        added(BLOCK, Person(id=identifier, name=name))


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Zoë de Vries", "zoe.de.vries"),
        ("  O'Neill,  Pat ", "o.neill.pat"),
        ("王 芳", "王.芳"),
        ("?!", ""),
    ],
)
def test_an_id_is_made_of_a_name(name: str, identifier: str) -> None:
    assert id_for(name) == identifier
