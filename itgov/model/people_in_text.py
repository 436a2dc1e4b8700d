"""Which people a text names, however it is written: the one reading for imports, sheets, forms and rules.

`Okafor, Amara`, `Amara Okafor <amara@example.org>`, `Dr Amara Okafor`, `Okafor, Amara (HR)` and
`AMARA OKAFOR` are one person; `Ann Lee; TBD`, `Ann Lee / Bo Chan` and `Ann Lee and Bo Chan` name two.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from itgov.model.lazy_patterns import lazy_pattern
from itgov.model.nobody import is_a_name, is_named, is_said
from itgov.model.one_form import one_form
from itgov.model.remembered_texts import remembered
from itgov.model.text import without_accents

_LONGEST = 1000
"""Characters that are looked at: no list of names is longer."""
_LISTED = lazy_pattern(r"\s*[;|；、]\s*")
_IN_LISTS = lazy_pattern(r"[,;|；、\n]")
_JOINED = lazy_pattern(r"\s*(?:[/&+→]|[-=]>)\s*|\s+(?:and|und|et|with|mit|avec)\s+", re.IGNORECASE)
"""What stands between two names, but in a post (`Head of IT and Operations`) also between its words."""
_BETWEEN_NAMES = lazy_pattern(r"\s(?:or|OR|oder|ODER|ou|OU|o|y|e|en|og|och)\s")
"""What stands between two names only where each has two words: `Ortega y Gasset` is one."""
_LINES = lazy_pattern(r"[\n\r\x85\u2028\u2029]+")
"""Breaks of lines: between names that are whole in each line; else a name was only broken."""
_SEPARATOR = lazy_pattern("|".join(p.pattern for p in (_LISTED, _JOINED, _LINES)), re.IGNORECASE)
_LETTERS = lazy_pattern(r"(?<!\w)\w[/&+]\w(?!\w)")
"""Two single letters with no blank between: `R&D` and `n/a` are one word."""
_EMAIL = lazy_pattern(
    r"[<(\[]?\s*(?:mailto:)?([^\s<>()\[\],;|@]+@[^\s<>()\[\],;|@]+\.\w+)\s*[>)\]]?"
)
_WORD = lazy_pattern(r"[^\s.]+")
_ONE_AT_MOST = lazy_pattern(r"[\w.-]+|[A-Za-z.-]+ [A-Za-z.-]+")
"""A text in which nothing stands that could part two names: an id, or two plain words."""
_IN_BRACKETS = lazy_pattern(r"\s*[(\[]([^()\[\]@]*)[)\]]")
_FIRST_ASIDE, _MOST_ASIDES = 0xE0100, 240
_ASIDE = lazy_pattern(rf"[{chr(_FIRST_ASIDE)}-{chr(_FIRST_ASIDE + _MOST_ASIDES - 1)}]")
_THEN = lazy_pattern(
    r"\s*(?:then|now|later|followed by|succeeded by|replaced by|successor|dann|jetzt|danach|gefolgt von"
    r"|nachfolger(?:in)?|puis|ensuite|maintenant|successeure?)(?:\s*:\s*|\s+)",
    re.IGNORECASE,
)
"""What a remark begins with that names who comes after somebody: `then Bo Chan`."""
_LIKE_AN_ID = lazy_pattern(r"[a-z0-9]+(?:[._-][a-z0-9]+)+|[a-z]*\d[a-z0-9]*")
_TITLE = lazy_pattern(
    r"\b(?:(?:dr|prof|professor|mr|mrs|ms|miss|mx|sir|dame|rev|herr|frau|mme|mlle|monsieur|madame|"
    r"(?:ing|dipl|med|phil|jur|nat|rer|h\.?\s?c)(?=\.))(?:\.?-(?=ing\b)|[.\s]+))+(?=\S)",
    re.IGNORECASE,
)
"""Forms of address and degrees before a name."""
_PARTICLES = frozenset(
    (
        *(
            "van",
            "von",
            "der",
            "den",
            "de",
            "del",
            "della",
            "di",
            "da",
            "do",
            "dos",
            "du",
            "la",
            "le",
        ),
        *("zu", "zum", "ten", "ter", "el", "al", "bin", "ibn", "af", "av", "y", "e"),
    )
)
"""Words of family names of several words."""
_AFTER = frozenset(
    (
        *("dr", "prof", "phd", "dphil", "md", "mba", "msc", "bsc", "ma", "ba", "obe", "cbe", "mbe"),
        *("kcb", "cb", "qc", "kc", "pmp", "cpa", "ceng", "mr", "mrs", "ms", "mx", "sir"),
    )
)
"""Degrees and honours after a comma."""
_POST = frozenset(
    (
        *("director", "manager", "head", "chief", "officer", "lead", "president", "chair"),
        *("minister", "secretary", "leiter", "leiterin", "leitung", "direktor", "direktorin"),
        *("directeur", "directrice", "chef", "cheffe", "responsable", "vorstand"),
    )
)
"""Words of posts: after a comma they say what somebody is, and not who."""


class NamedPerson(Struct, frozen=True):
    """One person of a text: the name in its usual order, and the e-mail address if it says one."""

    name: str
    email: str | None = None


@remembered
def people_in(text: str) -> tuple[NamedPerson | None, ...]:
    """Return whom a text names, in its order; None stands for nobody (`TBD`) beside somebody.

    A text that names nobody at all gives nothing.
    """
    text = "\n".join(map(one_form, _LINES.split(text[:_LONGEST].replace("\0", " "))))
    text, asides = _set_aside(text)
    parts = [part for part in _split(text) if part.strip()]
    found: dict[str, NamedPerson | None] = {}
    for part in parts:
        for one in _comma_parts(part):
            bare = _ASIDE.sub("", one)
            said = bare if _is_somebody(bare) else _put_back(one, asides)
            person = _person(said) if _is_somebody(said) else None
            found.setdefault(folded_name(person.name) if person is not None else "", person)
    return tuple(found.values()) if any(found.values()) else ()


def _split(text: str) -> list[str]:
    lines = [line for line in _LINES.split(text) if line.strip()]
    if len(lines) > 1 and all(map(_is_whole, lines)):
        return [part for line in lines for part in _split(line)]
    return [part for listed in _LISTED.split(text) for part in _joined_parts(listed)]


def _joined_parts(text: str) -> list[str]:
    words = _LETTERS.findall(text)
    parts = [
        re.sub("\0", lambda _: words.pop(0), part)
        for part in _JOINED.split(_LETTERS.sub("\0", text))
    ]
    is_post = any(not _POST.isdisjoint(part.casefold().split()) for part in parts)
    if is_post and any(len(part.split()) == 1 for part in parts):
        return [text]
    return [name for part in parts for name in _two_names(part)]


def _two_names(text: str) -> list[str]:
    for found in _BETWEEN_NAMES.finditer(text):
        sides = text[: found.start()], text[found.end() :]
        if all(len(_name_words(side)) > 1 for side in sides):
            return [sides[0], *_two_names(sides[1])]
    return [text]


def remarks_in(text: str) -> tuple[str, ...]:
    """Return what stands in brackets beside names and is no part of them: `HR` of `Ann Lee (HR)`.

    An address, an id, a word for nobody, a list and the name of somebody else are no such remarks.
    """
    return tuple(aside.strip(" ()[]") for aside in _set_aside(one_form(text[:_LONGEST]))[1])


def _set_aside(text: str) -> tuple[str, list[str]]:
    """Return a text with a character that draws nothing for each remark in brackets, and these.

    Where a remark names others, their names stand in its place: `Ann Lee; Bo Chan`.
    """
    asides: list[str] = []
    starts = [0, *(found.end() for found in _SEPARATOR.finditer(text))]

    def mark(match: re.Match[str]) -> str:
        at = match.start(1) - 1
        before = text[starts[bisect_right(starts, at) - 1] : at]
        if not before.strip() or not _is_aside(match):
            return match[0]
        others = _named_in_remark(match[1])
        if len(others) > (0 if _is_somebody(before) else 1):  # of a post, one may hold it
            return "".join(f"; {name}" for name in others)
        if len(asides) == _MOST_ASIDES:
            return match[0]
        asides.append(match[0])
        return chr(_FIRST_ASIDE + len(asides) - 1)

    return _IN_BRACKETS.sub(mark, text), asides


def _put_back(text: str, asides: list[str]) -> str:
    def remark(match: re.Match[str]) -> str:
        at = ord(match[0]) - _FIRST_ASIDE
        return asides[at] if at < len(asides) else match[0]

    return _ASIDE.sub(remark, text)


def _is_aside(match: re.Match[str]) -> bool:
    inside = match[1].strip()
    return bool(inside) and _LIKE_AN_ID.fullmatch(inside) is None and is_said(inside)


def _named_in_remark(inside: str) -> list[str]:
    """Return who is named in a list of a remark: Bo Chan in `left, now Bo Chan`, nobody in `HR, IT`.

    Two capitalised words that are no list may as well be a department, and are taken for one. In a
    list they are taken for a name, since nobody is to be left out without a word: `Finance, Human Resources`.
    """
    parts = [part for part in _IN_LISTS.split(inside) if part.strip()]
    if len(parts) > 1:
        return [name for name in map(_capitalised_name, parts) if name]
    then = _THEN.match(inside)
    after = inside[then.end() :] if then is not None else inside
    names = [_capitalised_name(part) for part in _JOINED.split(after)]
    return names if (then is not None or len(names) > 1) and all(names) else []


def _capitalised_name(part: str) -> str:
    """Return a part of a remark from its first capitalised word on, if it has two and is no post."""
    words = [
        word
        for word in _name_words(part)
        if word[0].isupper()
        and not any(map(str.isdigit, word))
        and (part.isupper() or not _is_acronym(word))
    ]
    if len(words) < 2 or all(map(_is_acronym, words)) or _is_remark(part):
        return ""
    name = part[part.index(words[0]) :].strip()
    return name if _is_somebody(name) else ""


def _is_acronym(word: str) -> bool:
    return word.isupper() and 1 < len(word) < 4


def names_several(text: object) -> bool:
    """Say whether a text names more than one person, or somebody and a vacancy."""
    if not isinstance(text, str) or _ONE_AT_MOST.fullmatch(text):  # as most texts are
        return False
    return len(people_in(text)) > 1


def name_keys(name: str) -> tuple[str, ...]:
    """Return the keys by which a name is known: without case, accents, forms of address and order by comma.

    A family name in capitals before the first name (`OKAFOR Amara`) is known in the other order too.
    """
    people = people_in(name)
    named = people[0].name if len(people) == 1 and people[0] is not None else name
    words = named.replace(".", " ").split()
    keys = [folded_name(" ".join(words))]
    capitals = [len(w) > 1 and w.isupper() for w in words]
    if len(people) == 1 and len(words) > 1 and capitals[0] and not all(capitals):
        first = capitals.index(False)
        if not any(capitals[first:]):
            keys.append(folded_name(" ".join((*words[first:], *words[:first]))))
    return tuple(dict.fromkeys(k for k in keys if k))


def folded_name(name: str) -> str:
    """Return a name without case, accents and doubled blanks."""
    bare = without_accents(one_form(name))
    return " ".join(bare.replace("\u2019", "'").split()).casefold()


def _is_somebody(part: str) -> bool:
    return is_a_name(" ".join(part.split()))


def _comma_parts(text: str) -> list[str]:
    """Return a text's names where commas stand between several: `Ann Lee, Bo Chan`, not `Lee, Ann`."""
    parts = [part.strip() for part in text.split(",")]
    parts = [part for part in parts if part]
    if not parts or not (_is_somebody(text) or _is_somebody(parts[0])):
        return [text]
    kept = [p for at, p in enumerate(parts) if not at or not _is_remark(p)]
    if len(kept) < 2:
        return kept
    if len(kept) == 2 and not all(len(_name_words(p)) > 1 for p in kept) and _is_somebody(text):
        return [", ".join(kept)]
    return kept


def _is_remark(part: str) -> bool:
    """Say whether what follows a comma is a degree or a post, and no name."""
    words = _ASIDE.sub("", part).casefold().replace(".", "").split()
    is_post = not _POST.isdisjoint(words) or (is_named(part) and not is_a_name(part))
    return is_post or _AFTER.issuperset(words)


def _is_whole(line: str) -> bool:
    """Say whether a line is not only the part of a name."""
    return len(_name_words(line)) > 1 or "@" in line or not _is_somebody(line)


def _name_words(part: str) -> list[str]:
    """Return the words of a name without address, title and particles: `van der Berg` is one."""
    words = _WORD.findall(_TITLE.sub("", _EMAIL.sub(" ", part), count=1))
    return [word for word in words if word.casefold() not in _PARTICLES]


def _person(text: str) -> NamedPerson:
    found = _EMAIL.search(text)
    email = found[1] if found is not None else None
    name = " ".join(_EMAIL.sub(" ", text).split()).strip("\"'` ,")
    if not name and email is not None:
        words = re.split(r"[._]+", email.partition("@")[0])
        is_name = len(words) > 1 and all(map(str.isalpha, words))
        name = " ".join(map(str.capitalize, words)) if is_name else email
    last, comma, first = name.partition(",")
    if comma and first.strip():
        name = f"{_untitled(first)} {_TITLE.sub('', last.strip(), count=1)}"
    return NamedPerson(_untitled(name), email)


def _untitled(name: str) -> str:
    """Return a name without forms of address, where two words are left: `Dr Lee` stays what it is."""
    name = name.strip()
    found = _TITLE.match(name)
    if found is not None and len(name[found.end() :].split()) > 1:
        return name[found.end() :].strip()
    return name
