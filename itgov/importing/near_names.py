"""New investments that are perhaps old ones: called nearly the same, or the same under another id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import Any

from msgspec import Struct

from itgov.importing.draft import RECORDED, Import
from itgov.importing.existing import Known
from itgov.importing.languages import other_phrases
from itgov.importing.trouble import shown
from itgov.importing.values import slug
from itgov.model.types import PERHAPS

_COMMON = 50
"""Names of a unit that may share a word for it to tell any of them apart."""
_LOOKED_AT = 8
"""Old names that are compared with a new one: those that share most words with it."""
_ALIKE = 0.8
"""How alike two names are at the least, 0 to 1."""
_WORD = re.compile(r"[^\W_]+")


class PerhapsSame(Struct, frozen=True):
    """A new investment that is perhaps one that the tables do not have any more."""

    new: str
    old: str
    path: str
    line: int
    """Where the old one stands."""
    alike: float
    """How alike their names are, 0 to 1."""
    spend: int | float
    """What the old one's years weigh."""

    def __str__(self) -> str:
        return (
            f"perhaps the same: {shown(self.old)} -> {shown(self.new)}; if so, write `formerly: [{self.new}]` under the first "
            f"({self.path}:{self.line}), delete the second, and import again; if not, delete "
            "`perhaps` of the second"
        )


class _Name(Struct, frozen=True):
    text: str
    words: frozenset[str]


def _name(title: object) -> _Name:
    text = " ".join(_WORD.findall(slug(str(title), 300)))
    return _Name(text, frozenset(text.split()))


class _Old(Struct, frozen=True):
    """An investment that the newest tables do not have any more."""

    id: str
    title: object
    unit: str | None
    spend: int | float
    path: str
    line: int
    imported: Import | None = None
    """What the tables say of it, where an older one of them has it."""


def perhaps_same(
    found: list[tuple[Import, Known | None]],
    missing: list[Known],
    is_after: Callable[[Import, Import], bool],
) -> list[PerhapsSame]:
    """Return which investments are perhaps which of those that the tables do not have any more.

    Of tables that are imported together an older one may have these still; `is_after` says whether
    the one is only in tables that are later than all that have the other.  New ones are noted with
    the other's id, and are said again as long as the note and both stand in the files.
    """
    gone = [_of_tables(i, known) for i, known in found if i.gone is not None]
    old = [*map(_of_files, missing), *gone]
    if not old:
        return []
    new: list[Import] = []
    noted: dict[str, Import] = {}
    for imported, there in found:
        if there is None:
            new.append(imported)
        elif there.perhaps is not None:
            noted[there.perhaps] = imported
    again = [
        _pair(noted[o.id], o, _likeness(_name(noted[o.id].record.title), _name(o.title)))
        for o in old
        if o.id in noted
    ]
    said = {pair.old for pair in again}
    pairs = _new_pairs(new, [o for o in old if o.id not in said], is_after)
    same = {pair.new: pair.old for pair in pairs}
    for imported in new:
        if imported.record.id in same:
            marker: Any = imported.record.custom[RECORDED]
            marker[PERHAPS] = same[imported.record.id]
    return [*again, *pairs]


def _of_files(known: Known) -> _Old:
    place = known.file.document.place(("investments", known.index, "id"))
    title = known.record.get("title")
    return _Old(known.id, title, known.file.unit, known.spend, place.path, place.line)


def _of_tables(imported: Import, known: Known | None) -> _Old:
    record, spend = imported.record, sum(row.weight for row in imported.record.spend)
    if known is not None:
        place = known.file.document.place(("investments", known.index, "id"))
        return _Old(known.id, record.title, imported.unit, spend, place.path, place.line, imported)
    row = imported.places[0]
    return _Old(
        record.id, record.title, imported.unit, spend, row.table.path, row.row.line, imported
    )


def _pair(imported: Import, old: _Old, alike: float) -> PerhapsSame:
    return PerhapsSame(imported.record.id, old.id, old.path, old.line, alike, old.spend)


def _new_pairs(
    new: Iterable[Import], missing: list[_Old], is_after: Callable[[Import, Import], bool]
) -> list[PerhapsSame]:
    """Return which new ones are perhaps which: each is taken once, the most alike first.

    Names of different units must be the same.
    """
    names = [_name(old.title) for old in missing]
    by_word: dict[tuple[str | None, str], list[int]] = {}
    for at, name in enumerate(names):
        for word in name.words:
            by_word.setdefault((missing[at].unit, word), []).append(at)
    exact: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        exact.setdefault(name.text, []).append(at)
    found: list[tuple[float, int, Import]] = []
    for imported in new:
        name = _name(imported.record.title)
        same = exact.get(name.text, [])[:_COMMON]
        shared: Counter[int] = Counter()
        for word in name.words:
            if len(at_word := by_word.get((imported.unit, word), ())) <= _COMMON:
                shared.update(at_word)
        likely = sorted(shared, key=lambda at: (-shared[at], missing[at].id))
        for at in dict.fromkeys([*same, *likely[:_LOOKED_AT]]):
            earlier = missing[at].imported
            if earlier is not None and not is_after(imported, earlier):
                continue
            alike = _likeness(name, names[at])
            is_near = missing[at].unit == imported.unit and alike >= _ALIKE
            if is_near or (alike == 1 and len(name.words) > 1):
                found.append((alike, at, imported))
    pairs: list[PerhapsSame] = []
    taken: set[int] = set()
    said: set[str] = set()

    def order(pair: tuple[float, int, Import]) -> tuple[float, list[str]]:
        """Tell equally likely pairs apart in the same way whichever table came first."""
        alike, at, imported = pair
        return -alike, sorted((missing[at].id, imported.record.id))

    for alike, at, imported in sorted(found, key=order):
        if at in taken or imported.record.id in said:
            continue
        taken.add(at)
        said.add(imported.record.id)
        pairs.append(_pair(imported, missing[at], alike))
    return pairs


def _likeness(one: _Name, other: _Name) -> float:
    """Return how alike two names are: by their letters, or the words of one are all in the other."""
    if not one.words or not other.words:
        return 0.0
    if one.text == other.text:
        return 1.0
    if _numbers(one) != _numbers(other):
        return 0.0  # Phase 1 and Phase 2 are two
    few, many = sorted((one.words, other.words), key=len)
    if few < many and (
        (len(few) > 1 and len(many) <= 2 * len(few)) or all(map(_is_of_any, many - few))
    ):
        return max(_ALIKE, len(few) / len(many))
    return min(0.99, SequenceMatcher(None, one.text, other.text, autojunk=False).ratio())


def _is_of_any(word: str) -> bool:
    """Say whether a word may stand in any title: `programme` of `Payroll programme`."""
    return word in other_phrases("register_words")


def _numbers(name: _Name) -> set[str]:
    return {word for word in name.words if word.isdecimal() or word in _ROMAN}


_ROMAN = frozenset(("i", "ii", "iii", "iv", "v", "vi"))
