"""People as edits: somebody new who can be named from now on."""

from __future__ import annotations

import unicodedata

from itgov.files.edit import Add
from itgov.files.linked import Linked
from itgov.files.new_values import check_references, checked_values
from itgov.files.proposal import Proposal, propose
from itgov.files.save import EditRefused
from itgov.files.write import FlowMapping, Plain, plain, scalar
from itgov.model.fields import keys
from itgov.model.types import OrganisationFile, Person

_LINE = 110
"""The longest record that stands on a line of its own."""


def add_person(linked: Linked, person: Person) -> Proposal:
    """Propose a further person, after those that there are.

    Raises EditRefused where the id is taken, a value does not fit, or no file is about the
    organisation.
    """
    portfolio = linked.portfolio
    if person.id in portfolio.people:
        known = portfolio.people[person.id].record.name
        raise EditRefused(f"the id `{person.id}` belongs to {known}; choose another")
    good = checked_values("person", _said(person), person.id)
    check_references(portfolio, "person", good, None)
    sources = [e.source.path for e in portfolio.people.values()]
    path = sources[-1] if sources else portfolio.organisation.source.path
    document = linked.documents.get(path)
    if document is None:
        raise EditRefused(
            "no file has the organisation; add one, `organisation.yaml`, with its id and name"
        )
    first = document.find(("people", 0))
    in_braces = first is None or document.text[document.values[first]] == "{"
    line = FlowMapping(good)
    item = line if in_braces and len(scalar(line)) <= _LINE else good
    change = Add(("people",), item, None, keys(OrganisationFile))
    return propose(f"Add {person.name} to the people", path, document.raw, [change])


def _said(person: Person) -> dict[str, Plain]:
    return {key: value for key, value in plain(person).items() if value not in (None, [], {})}


def id_for(name: str) -> str:
    """Return an id for a name, as people's ids are written: `Zoë de Vries` is `zoe.de.vries`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in bare.casefold()).split()
    return ".".join(words)
