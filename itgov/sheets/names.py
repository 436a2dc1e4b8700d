"""Who and what is meant by what a cell says; names that are new are people to add."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from msgspec import Struct

from itgov.files.changes import id_for
from itgov.importing.values import BadCell, key_of
from itgov.model.nobody import is_a_name
from itgov.model.one_form import one_form
from itgov.model.people_in_text import people_in
from itgov.model.person_names import KnownPerson, PersonNames, keys_of, several, spellings
from itgov.model.types import Person
from itgov.sheets.layout import BETWEEN, SheetPerson

_AN_ID = re.compile(r"[\w.@+-]+")
_LONGEST = 150
"""Characters of a name."""
_NEAR = 0.85
"""How alike two names are of which one may be the other with a mistake."""
_MOST = 50
"""With how many names that have a word in common one is compared."""


class Newcomer(Struct):
    """Somebody whom the portfolio does not have."""

    person: Person
    cell: str
    """The cell in which they are first named."""
    cells: dict[str, str] = {}
    """Where the page of people says each of their fields, if it lists them."""


MayJoin = Callable[[Person], str]
"""Returns why a person cannot be added; nothing where they can."""


class PeopleByName:
    """Who can be meant by what a cell says (`PersonNames`), and how a cell shows them."""

    def __init__(self, known: Iterable[SheetPerson], may_join: MayJoin | None = None) -> None:
        self.known = {p.id: p for p in known}
        self.newcomers: dict[str, Newcomer] = {}
        self._may_join = may_join
        here = [p for p in self.known.values() if p.left is None]
        left = [p for p in self.known.values() if p.left is not None]
        self._here, self._left = _names(here), _names(left)
        self._new: dict[str, dict[str, None]] = {}
        """Ids of newcomers by what they are called."""
        self._words: dict[str, dict[str, None]] = {}
        """Names by their words, to find one that is nearly the same."""
        for person in here:
            self._remember(person.name)

    def label(self, id_: str) -> str:
        """Return a person as a cell shows them."""
        person = self.known.get(id_)
        return person.label if person is not None else id_

    def find(self, text: str) -> str | None:
        """Return the id of the one person that a text names; raise BadCell where it is not clear."""
        if (id_ := one_form(text).strip()) in self.known or id_ in self.newcomers:
            return self._present(id_)
        found = self._here.candidates(text)
        if new := self._new_ones(text):
            found = tuple(dict.fromkeys((*(f for f in found if self._is_whole(f, text)), *new)))
        if len(found) > 1:
            raise BadCell(several(found))
        if found:
            return found[0]
        if gone := self._left.candidates(text):
            self._present(gone[0])
        return None

    def named(self, text: str, cell: str = "") -> str:
        """Return the id of the person that a text names, who may be new; raise BadCell."""
        found = self.find(text)
        if found is not None:
            return found
        if not self.known and not self.newcomers and _AN_ID.fullmatch(text) and is_a_name(text):
            return text  # where nobody is listed, nobody can be missing
        people = people_in(text)
        if len(people) > 1:
            raise BadCell("names more than one person; write one of them")
        written = people[0] if people else None
        if written is None or len(written.name) > _LONGEST:
            raise BadCell("is not a person in the organisation, and not a name")
        if (near := self._near(written.name)) is not None:
            raise BadCell(
                f"is not a person in the organisation; did you mean `{near}`? "
                "Add a new person on the page people first"
            )
        is_whole = len(written.name.split()) > 1 and text.strip() != written.email
        if self._may_join is None or not is_whole:
            raise BadCell(
                "is not a person in the organisation; write the first and the last name, or add "
                "them on the page people first"
            )
        return self.join(Person(id="", name=written.name, email=written.email), cell, {})

    def _new_ones(self, text: str) -> tuple[str, ...]:
        people = people_in(text)
        named = people[0] if len(people) == 1 else None
        keys = (key_of(text), *(spellings(named) if named is not None else ()))
        return next((tuple(self._new[key]) for key in keys if key in self._new), ())

    def several(self, text: str, cell: str = "") -> str:
        """Return the ids of the people that a text names, with `;` between them."""
        names = [n.strip() for n in re.split(r"[;\n]", text) if n.strip()]
        return BETWEEN.join(dict.fromkeys(self.named(name, cell) for name in names))

    def join(self, person: Person, cell: str, cells: dict[str, str]) -> str:
        """Take somebody new and return their id; raise BadCell where they cannot be added."""
        id_ = person.id or id_for(person.name)
        if not id_:
            raise BadCell("cannot be made into an id; write one in the column id")
        stem, number = id_, 1
        while not person.id and (id_ in self.known or id_ in self.newcomers):
            number += 1
            id_ = f"{stem}{number}"
        made = Person(
            id=id_, name=person.name, email=person.email, side=person.side,
            business_unit=person.business_unit,
        )  # fmt: skip
        if self._may_join is not None and (why := self._may_join(made)):
            raise BadCell(f"cannot be added: {why}")
        self.newcomers[id_] = Newcomer(made, cell, cells)
        for key in keys_of(KnownPerson(id_, made.name, (made.email or "",))):
            self._new.setdefault(key, {})[id_] = None
        self._remember(made.name)
        return id_

    def _present(self, id_: str) -> str:
        person = self.known.get(id_)
        if person is not None and person.left is not None:
            raise BadCell(f"left the organisation on {person.left}; they are {person.label}")
        return id_

    def _is_whole(self, id_: str, text: str) -> bool:
        """Say whether a text says all of somebody's name, not the beginning of a word of it."""
        person = self.known[id_]
        keys = keys_of(KnownPerson(id_, person.name, (person.email, *person.formerly)))
        named = next((p for p in people_in(text) if p is not None), None)
        return not {key_of(text), *(spellings(named) if named is not None else ())}.isdisjoint(keys)

    def _remember(self, name: str) -> None:
        for word in set(key_of(name).split()):
            names = self._words.setdefault(word, {})
            if len(names) < _MOST:
                names[name] = None

    def _near(self, name: str) -> str | None:
        """Return a known name that is nearly the same: one word of it is, the rest is alike."""
        wanted = key_of(name)
        for word in wanted.split():
            for other in self._words.get(word, ()):
                alike = SequenceMatcher(None, wanted, key_of(other), autojunk=False)
                if alike.quick_ratio() >= _NEAR and alike.ratio() >= _NEAR:
                    return other
        return None


def _names(people: Iterable[SheetPerson]) -> PersonNames:
    return PersonNames([KnownPerson(p.id, p.name, (p.email, *p.formerly)) for p in people])
