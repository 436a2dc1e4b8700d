"""Which person a text means: the one rule for forms, the `:` line, the command line and sheets.

A person is meant by an id (an earlier one too), a full name in any way that `people_in_text` reads
(`Okafor, Amara <amara@example.org>`), an e-mail address, `Name (id)`, or by the beginning of one word
of the name, where that fits one person only.  Nothing is guessed, and of two names none is chosen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from msgspec import Struct

from itgov.model.errors import ItgovError
from itgov.model.nobody import is_named
from itgov.model.one_form import one_form
from itgov.model.people_in_text import NamedPerson, folded_name, name_keys, people_in
from itgov.model.portfolio import Portfolio
from itgov.model.text import did_you_mean

_IN_BRACKETS = re.compile(r"\(([^()]+)\)\s*\Z")
_WORD = re.compile(r"[^\W_]+")
_SHOWN = 4
"""People that a refusal names; of more it says how many."""
_LONGEST = 100
"""Characters of a beginning: endless names are kept once, not once for each of their words."""


class KnownPerson(Struct, frozen=True):
    """Somebody who can be meant; `also` are further names that fit whole: e-mail, earlier ids."""

    id: str
    name: str
    also: tuple[str, ...] = ()


class NotOnePerson(ItgovError):
    """A text means nobody, or several people, whose ids are `candidates`; `says` is what is wrong."""

    def __init__(self, text: str, says: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(f"`{text}` {says}")
        self.says = says
        self.candidates = candidates


class PersonNames:
    """Finds the person that a text means, in a time that hardly grows with their number."""

    def __init__(
        self, known: Iterable[KnownPerson], what: str = "a person in the organisation"
    ) -> None:
        self._what = what
        self.names = {p.id: p.name for p in known}
        self._whole: dict[str, dict[str, None]] = {}
        begun = set()
        for person in known:
            for key in keys_of(person):
                self._whole.setdefault(key, {})[person.id] = None
            folded = folded_name(person.name)
            for match in _WORD.finditer(folded):
                begun.add((folded[match.start() : match.start() + _LONGEST], person.id))
        self._begun = sorted(begun)

    def named(self, text: str) -> str:
        """Return the id of the person that is meant.  Raises `NotOnePerson`.

        Where nobody is listed, nobody can be missing: the text stands as an id.
        """
        if not self.names:
            inside = _IN_BRACKETS.search(one_form(text).strip())
            return inside[1].strip() if inside is not None else one_form(text).strip()
        found = self.candidates(text)
        if len(found) == 1:
            return found[0]
        if found:
            raise NotOnePerson(text, several(found), found)
        people, text = people_in(text), one_form(text).strip()
        if len(people) > 1:
            raise NotOnePerson(text, "names more than one person; write one of them")
        near = did_you_mean(text, [*self.names, *self.names.values()]) if is_named(text) else ""
        raise NotOnePerson(text, f"is not {self._what}{near}")

    def candidates(self, text: str) -> tuple[str, ...]:
        """Return the ids of all whom a text can mean; nobody where it names two people."""
        people = people_in(text)
        text = one_form(text).strip()
        inside = _IN_BRACKETS.search(text)
        if text in self.names:
            return (text,)
        if inside is not None and inside[1].strip() in self.names:
            return (inside[1].strip(),)
        found = tuple(self._whole.get(_key(text), ()) or self._whole.get(folded_name(text), ()))
        if found or len(people) > 1:
            return found
        return self._known(people) or self._beginning(text)

    def _known(self, people: tuple[NamedPerson | None, ...]) -> tuple[str, ...]:
        """Return who has the name or the address of the one that a text names."""
        keys = next((spellings(p) for p in people if p is not None), ())
        return next((tuple(self._whole[k]) for k in keys if k in self._whole), ())

    def _beginning(self, text: str) -> tuple[str, ...]:
        wanted = folded_name(text)
        if not wanted or len(wanted) > _LONGEST or not is_named(text):
            return ()  # `all` is not the beginning of Allen
        found: dict[str, None] = {}
        for at in range(bisect_left(self._begun, (wanted,)), len(self._begun)):
            name, person = self._begun[at]
            if not name.startswith(wanted):
                break
            found[person] = None
        return tuple(found)


def several(found: tuple[str, ...]) -> str:
    """Return what is wrong with a text that can mean several people."""
    return f"can mean {_listed(found)}; write the id"


def _listed(found: tuple[str, ...]) -> str:
    shown, more = sorted(found)[:_SHOWN], len(found) - _SHOWN
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def names_in(portfolio: Portfolio, others: Mapping[str, str] | None = None) -> PersonNames:
    """Return the people of a portfolio, by everything that they are called; `others`: unlisted ones'
    names by their ids."""
    records = [entry.record for entry in portfolio.people.values()]
    known = [KnownPerson(r.id, r.name, (*([r.email] if r.email else ()), *r.formerly)) for r in records]  # fmt: skip
    listed = {p.id for p in known}
    known += [KnownPerson(i, name) for i, name in (others or {}).items() if i not in listed]
    return PersonNames(known)


def called(portfolio: Portfolio) -> dict[str, str]:
    """Return what people are called by their ids, earlier ones too."""
    people = portfolio.people.values()
    earlier = {old: p.name for p in people for old in p.record.formerly}
    return earlier | {p.record.id: p.name for p in people}


def keys_of(person: KnownPerson) -> tuple[str, ...]:
    """Return the keys by which a text that names a person is compared with those who are known."""
    said = (person.id, *person.also)
    return (*(_key(word) for word in said if word), *name_keys(person.name))


def spellings(person: NamedPerson) -> tuple[str, ...]:
    """Return the keys to look a named person up by: the address first, which only one has."""
    address = (_key(person.email),) if person.email is not None else ()
    return (*address, *name_keys(person.name))


def _key(text: str) -> str:
    return " ".join(one_form(text).split()).casefold()
