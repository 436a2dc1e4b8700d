"""What was made of rule files, kept from run to run: a start pays for it once.

What a sound rule file says is kept by its text; what is wrong with the rules of a repository by the texts of all files that they come
from, the standard pack's included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from itgov.files.document import Document
from itgov.files.kept_positions import Positions
from itgov.files.sources import RawFile
from itgov.files.typed_cache import TypedCache
from itgov.model.finding import Finding
from itgov.rules.language import HealthFile, RuleFile


class _File(Struct, array_like=True):
    """What one file says: rules, or how health is scored."""

    rules: RuleFile | None
    health: HealthFile | None
    positions: Positions


class KeptRuleFiles:
    """Rule files by their text, each parsed once ever where nothing is wrong with it."""

    def __init__(self) -> None:
        self._cache = TypedCache("rules", _File)

    def recall(self, raw: RawFile) -> tuple[Document, RuleFile | HealthFile] | None:
        """Return a file's document and what it says, where that is known."""
        found = self._cache.recall(self._cache.key("file", raw.data)) if self._on(raw) else None
        content = (found.rules or found.health) if found is not None else None
        document = Document(raw.path, raw.data)
        if found is None or content is None or not found.positions.give(document):
            return None
        return document, content

    def keep(self, raw: RawFile, document: Document, content: RuleFile | HealthFile) -> None:
        """Keep what a file says in which nothing is wrong."""
        if self._on(raw):
            rules = content if isinstance(content, RuleFile) else None
            health = content if isinstance(content, HealthFile) else None
            entry = _File(rules, health, Positions.of(document))
            self._cache.keep(self._cache.key("file", raw.data), entry, later=True)

    def _on(self, raw: RawFile) -> bool:
        return self._cache.folder is not None and raw.problem is None


class KeptProblems:
    """What the check of a repository's rules found, by the texts of all files that it read."""

    def __init__(self, files: Iterable[RawFile]) -> None:
        self._cache = TypedCache("rules-checked", list[Finding])
        self._key = self._cache.key(*(part for f in files for part in (f.path, f.data)))

    def recall(self) -> list[Finding] | None:
        """Return what was found, where the same texts were checked before."""
        return self._cache.recall(self._key)

    def keep(self, found: Sequence[Finding]) -> None:
        """Keep what was found."""
        self._cache.keep(self._key, list(found), later=True)
