"""Finding a thing by a few letters of its name, among ten thousand, at every key.

Each letter has to come in its order.  A whole id is better than the beginning of a word, that is
better than the middle of one, and letters that stand together are better than scattered ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_LONGEST = 60
"""Letters that are looked for; what is typed beyond them changes nothing."""
_DENSE = 0.25
"""Letters more thinly spread than that were hardly meant."""
_WHOLE = 100.0
_DESCRIBED = 0.4
"""How much a description counts: at best less than letters that stand together in a name."""
_SCORED = 2000
"""Of more rows than that, those whose letters stand together are preferred unscored."""


class Finder:
    """Preferences for what is typed in a fixed list of texts.

    `names` are what a row is called, the most telling first; `descriptions` are other texts on each
    row, which count less than any name in which the letters stand together, unless they are typed
    whole, and for a single letter not at all.  What was found for the letters before is where the
    next ones are looked for.  Of rows that fit equally well the shorter name comes first, or, with
    `ranked`, the one that stands first in the list.
    """

    def __init__(
        self,
        names: Sequence[Sequence[str]],
        descriptions: Sequence[Sequence[str]] = (),
        *,
        ranked: bool = False,
        strict: bool = False,
    ) -> None:
        self._ranked = ranked
        self._strict = strict
        self._names = [[_folded(n) for n in some if n] for some in names]
        self._described = [[_folded(d) for d in some if d] for some in descriptions]
        described = self._described or [[]] * len(self._names)
        self._texts = [
            "\n".join((*some, *more)) for some, more in zip(self._names, described, strict=True)
        ]
        self._last: tuple[str, list[int]] = ("", list(range(len(names))))

    def find(self, typed: str, limit: int = 500) -> list[int]:
        """Return the indices of the rows that fit, best first, in their own order where equal."""
        wanted = _folded(" ".join(typed.split()))[:_LONGEST]
        before, where = self._last
        if not (before and wanted.startswith(before)):
            where = list(range(len(self._texts)))
        if not wanted:
            self._last = ("", where)
            return where[:limit]
        within = pattern(wanted).search
        texts = self._texts
        found = [i for i in where if within(texts[i])]
        self._last = (wanted, found)
        chosen = found
        if len(found) > _SCORED:
            chosen = [i for i in found if wanted in texts[i]] or found
            chosen = chosen[: max(_SCORED, limit)]
        scored = [(-self._score(wanted, i), i) for i in chosen]
        if self._ranked:
            scored = [(s // 10, i) for s, i in scored]
        ranked = [i for s, i in sorted(scored) if s]
        if len(chosen) < min(len(found), limit):
            known = set(chosen)
            ranked += [i for i in found if i not in known]
        return ranked[:limit]

    def _score(self, wanted: str, row: int) -> float:
        best = max(score(wanted, name, self._strict) for name in self._names[row])
        for text in self._described[row] if self._described else ():
            if text == wanted:
                return _WHOLE
            if len(wanted) > 1:
                best = max(best, score(wanted, text) * _DESCRIBED)
        return best


@lru_cache(maxsize=8)
def pattern(wanted: str) -> re.Pattern[str]:
    """Return what finds the letters of `wanted` in their order within one line."""
    letters = [re.escape(c) for c in wanted if c != " "]
    return re.compile("[^\n]*?".join(letters))


def score(wanted: str, name: str, strict: bool = False) -> float:
    """Return how well a name fits, both folded: 0 where it does not.

    With `strict`, letters that are scattered over the words do not fit.
    """
    if wanted == name:
        return _WHOLE
    at = name.find(wanted)
    if at >= 0:
        whole = 10 * len(wanted) / len(name)
        if at == 0:
            return 80 + whole
        return (70 if not name[at - 1].isalnum() else 50) + whole
    if " " in wanted and all(w in name for w in wanted.split()):
        return 45.0
    bare, words = wanted.replace(" ", ""), re.findall(r"[^\W_]+", name)
    if strict:
        return 44.0 if begins_words(bare, words) else 0.0
    match = pattern(wanted).search(name)
    if match is None:
        return 0.0
    # Letters that begin words are meant; the shorter the stretch, the likelier too.
    if "".join(w[0] for w in words).startswith(bare):
        return 44.0
    dense = len(bare) / (match.end() - match.start())
    return 10 + 20 * dense if dense > _DENSE else 0.0


def begins_words(letters: str, words: Sequence[str]) -> bool:
    """Say whether letters are made of beginnings of words, in the order of the words."""
    reached = {0}
    for word in words:
        for at in tuple(reached):
            for length in range(1, len(word) + 1):
                if letters[at : at + length] != word[:length]:
                    break
                reached.add(at + length)
    return len(letters) in reached


def places(wanted: str, name: str) -> list[int]:
    """Return which letters of a name were found, for marking them."""
    wanted, folded = _folded(" ".join(wanted.split())), _folded(name)
    if not wanted or len(folded) != len(name):
        return []
    at = folded.find(wanted)
    if at >= 0:
        return list(range(at, at + len(wanted)))
    found = []
    at = 0
    for letter in wanted.replace(" ", ""):
        at = folded.find(letter, at)
        if at < 0:
            return []
        found.append(at)
        at += 1
    return found


def _folded(text: str) -> str:
    return text.casefold().replace("\n", " ")
