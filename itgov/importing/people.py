"""Whom the tables name: known people found again, and new ones added."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

from itgov.importing import values as v
from itgov.importing.cells import Cell
from itgov.model.people_in_text import NamedPerson, name_keys, people_in, remarks_in
from itgov.model.person_names import KnownPerson, keys_of, spellings
from itgov.model.types import Person


def read_person(cell: Cell) -> str:
    """Return who is named, as `Name (remark) <address>`; blank where nobody is.  Raise BadCell for several."""
    people = people_in(str(cell))
    if not people:
        return ""
    if len(people) > 1:
        first = next(p for p in people if p is not None)
        values = f"{json.dumps(v.one_line(cell), ensure_ascii=False)}: {first.name}"
        raise v.BadCell(
            f"names more than one person, so that nobody is chosen; choose with `values: {{{values}}}`"
        )
    person = people[0]
    if person is None:
        return ""
    aside = "".join(f" ({r})" for r in remarks_in(str(cell)) if f"{r})" not in person.name)
    return f"{person.name}{aside}" + (f" <{person.email}>" if person.email is not None else "")


class PeopleOfTables:
    """Finds whom a text of the tables means among those who are known; adds who is not."""

    def __init__(self, known: Iterable[Person]) -> None:
        self.known = {person.id: person for person in known}
        self.new: dict[str, Person] = {}
        self._by_key: dict[str, dict[str, None]] = {}
        self._found: dict[str, tuple[str | None, str]] = {}
        """What texts were found to mean, until somebody is added or gets another name."""
        self._asides: dict[str, str] = {}
        """What stands in brackets beside people, as the first cell has it."""
        self._asked: dict[str, list[str]] = {}
        """The texts whose meaning hangs on a key."""
        for person in self.known.values():
            self._keep(person)

    def find(self, text: str) -> tuple[str | None, str]:
        """Return the id of the person that a text means, and what is doubtful about it.

        There is no id where several people have the name.
        """
        if text not in self._found:
            named = next((p for p in people_in(text) if p is not None), NamedPerson(text))
            identifier = v.slug(named.name, 80, ".")
            keys = (v.key_of(text), *spellings(named), identifier)
            found, said = self._find(named, identifier, keys)
            if found is not None:
                said = "; ".join(filter(None, (said, self._beside(found, text))))
            self._found[text] = found, said
            for key in keys:
                self._asked.setdefault(key, []).append(text)
        return self._found[text]

    def _find(
        self, named: NamedPerson, identifier: str, keys: tuple[str, ...]
    ) -> tuple[str | None, str]:
        found = next((tuple(self._by_key[k]) for k in keys if k in self._by_key), ())
        if len(found) > 1:
            ids = ", ".join(sorted(found)[:4])
            return None, f"can mean {ids}, so that nobody is chosen; write the id"
        if not found:
            self.new[identifier] = Person(id=identifier, name=named.name, email=named.email)
            self._keep(self.new[identifier])
            return identifier, ""
        return found[0], self._said(found[0], named)

    def _beside(self, identifier: str, text: str) -> str:
        """Say where other words stand in brackets beside a name than elsewhere."""
        aside = "; ".join(remarks_in(text))
        first = self._asides.setdefault(identifier, aside) if aside else ""
        if first == aside:
            return ""
        return f"stands with `({first})` elsewhere, and is taken for the same person, {identifier}"

    def _said(self, identifier: str, named: NamedPerson) -> str:
        """Take what a further spelling says of a person, and say where it contradicts."""
        person = self.new.get(identifier)
        if person is not None:
            if person.name.isupper() and not named.name.isupper() and named.name != person.name:
                is_same = bool(set(name_keys(named.name)) & set(name_keys(person.name)))
                person = msgspec.structs.replace(
                    person, name=named.name if is_same else person.name
                )
            if person.email is None:
                person = msgspec.structs.replace(person, email=named.email)
            if person != self.new[identifier]:
                self.new[identifier] = person
                self._keep(person)
        email = (person or self.known[identifier]).email
        if email and named.email and v.key_of(email) != v.key_of(named.email):
            return (
                f"has another address than {identifier} ({email}), and is taken for the same person"
            )
        return ""

    def _keep(self, person: Person) -> None:
        also = (*([person.email] if person.email else ()), *person.formerly)
        for key in keys_of(KnownPerson(person.id, person.name, also)):
            self._by_key.setdefault(key, {})[person.id] = None
            for text in self._asked.pop(key, ()):
                self._found.pop(text, None)
