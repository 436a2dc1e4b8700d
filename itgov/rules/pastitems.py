"""Rules on what git knows, made fit for the common expression: null there means nobody can judge.

Logic with an unknown: a condition whose parts are joined by `&&` fails where any part is surely
false, holds where all are true, and cannot be judged otherwise.  CEL itself answers so, but with an
error, which would cost a whole batch of subjects; so each part that reads such a fact is asked
first whether the fact is there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from itgov.model.history_fact_names import HISTORY_FACTS
from itgov.rules.language import Rule, SubjectName
from itgov.rules.vocabulary import SURROUNDINGS

_WORD = re.compile(r"\w+")
_NOT_PLAIN = re.compile(r"\|\||\?|\bnull\b|\bhas\b")
_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)


class PastItem:
    """What a rule asks of git's knowledge, if anything."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.words = frozenset(
            word
            for text in (rule.when, rule.assert_)
            if text
            for word in _WORD.findall(text)
            if word in HISTORY_FACTS
        )
        """The facts that decide how the rule ends."""
        self._parts = self._plain_parts() if self.words else None

    @property
    def plain(self) -> bool:
        """Whether the rule can be part of the common expression."""
        return self._parts is not None

    def item(self, message: str, blind: bool) -> str:
        """Return an expression: 1 passes, 2 does not apply, 3 cannot be judged, a list fails.

        With `blind` git knows nothing of any subject, so that no such fact is read.
        """
        assert self._parts is not None
        fails, unknown = [], []
        for text, paths in self._parts:
            if not paths:
                fails.append(f"!(\n{text}\n)")
                continue
            unknown.append("true" if blind else " || ".join(f"{p} == null" for p in paths))
            if not blind:
                fails.append(f"(({unknown[-1]}) ? false : !(\n{text}\n))")
        asked = f"(({' || '.join(unknown)}) ? dyn(3) : dyn(1))"
        if fails:
            asked = f"(({' || '.join(fails)}) ? dyn([{message}]) : {asked})"
        when = self.rule.when
        return f"((\n{when}\n) ? {asked} : dyn(2))" if when is not None else asked

    def _plain_parts(self) -> list[tuple[str, list[str]]] | None:
        rule = self.rule
        if rule.assert_ is None or _mentions(rule.when or ""):
            return None
        found = []
        for text in _conjuncts(rule.assert_):
            bare = _STRINGS.sub("''", text)
            paths = _paths(bare, rule.for_)
            if _mentions(bare) and (_NOT_PLAIN.search(bare) or len(paths) != _mentions(bare)):
                return None
            found.append((text, list(dict.fromkeys(p for path in paths for p in _steps(path)))))
        return found


def _mentions(text: str) -> int:
    return sum(word in HISTORY_FACTS for word in _WORD.findall(_STRINGS.sub("''", text)))


def _paths(text: str, kind: SubjectName) -> list[str]:
    names = "|".join((kind, *SURROUNDINGS[kind]))
    facts = "|".join(sorted(HISTORY_FACTS, key=len, reverse=True))
    return re.findall(rf"(?<![\w.])(?:{names})\.(?:{facts})\b(?:\.\w+)*(?!\s*\()", text)


def _steps(path: str) -> list[str]:
    """Return a path and what it goes through: each may be null."""
    parts = path.split(".")
    return [".".join(parts[:n]) for n in range(2, len(parts) + 1)]


def _conjuncts(text: str) -> list[str]:
    """Split a condition at each `&&` that stands in no brackets and no quotes."""
    blank = _STRINGS.sub(lambda m: " " * len(m[0]), text)
    cuts, depth, at = [0], 0, 0
    while at < len(blank):
        char = blank[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif depth == 0 and blank[at : at + 2] == "&&":
            cuts += [at, at + 2]
            at += 1
        elif depth == 0 and (blank[at : at + 2] == "||" or char == "?"):
            return [text]  # joined otherwise: one part
        at += 1
    cuts.append(len(text))
    return [text[a:b] for a, b in zip(cuts[::2], cuts[1::2], strict=True)]


def untold(past: PastItem, variables: Mapping[str, Any]) -> bool:
    """Say whether a fact that the rule reads is one that git cannot tell of what is around it."""
    around = [v for v in variables.values() if isinstance(v, dict)]
    around += [o for v in around for o in v.get("outcomes", ()) if isinstance(o, dict)]
    return any(_holds_null(view[word]) for word in past.words for view in around if word in view)


def _holds_null(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and None in value.values())
