"""What was made of rule files, kept from run to run: a start pays for it once.

What a sound rule file says is kept by its text; what is wrong with the rules of a repository by the
texts of all files that they come from, the standard pack's included.  The pack itself is part of the
program, and what is made of it is kept as bytecode is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from itgov.files.cache import write_later
from itgov.files.document import Document
from itgov.files.kept_positions import Positions
from itgov.files.program_cache import ProgramCache
from itgov.files.sources import RawFile
from itgov.files.typed_cache import TypedCache
from itgov.model.finding import Finding
from itgov.rules.language import HealthFile, RuleFile
from itgov.rules.pack_parts import know_pack


class _File(Struct, array_like=True):
    """What one file says: rules, or how health is scored."""

    rules: RuleFile | None
    health: HealthFile | None
    positions: Positions

    @classmethod
    def of(cls, document: Document, content: RuleFile | HealthFile) -> _File:
        """Return what is kept of a file."""
        rules = content if isinstance(content, RuleFile) else None
        health = content if isinstance(content, HealthFile) else None
        return cls(rules, health, Positions.of(document))

    def given(self, raw: RawFile) -> tuple[Document, RuleFile | HealthFile] | None:
        """Return the document of a file of this text, and what it says; None where it is not sound."""
        document, content = Document(raw.path, raw.data), self.rules or self.health
        if content is None or not self.positions.give(document):
            return None
        return document, content


class KeptRuleFiles:
    """Rule files by their text, each parsed once ever where nothing is wrong with it."""

    def __init__(self) -> None:
        self._cache = TypedCache("rules", _File)

    def recall(self, raw: RawFile) -> tuple[Document, RuleFile | HealthFile] | None:
        """Return a file's document and what it says, where that is known."""
        found = self._cache.recall(self._cache.key("file", raw.data)) if self._on(raw) else None
        return found.given(raw) if found is not None else None

    def keep(self, raw: RawFile, document: Document, content: RuleFile | HealthFile) -> None:
        """Keep what a file says in which nothing is wrong."""
        if self._on(raw):
            entry = _File.of(document, content)
            self._cache.keep(self._cache.key("file", raw.data), entry, later=True)

    def _on(self, raw: RawFile) -> bool:
        return self._cache.folder is not None and raw.problem is None


class KeptPack:
    """The standard pack by its text, read once ever by one state of the program."""

    def __init__(self, raws: Sequence[RawFile]) -> None:
        self.raws = raws
        self._cache = ProgramCache("rules", list[_File])
        self.key = self._cache.key(*(part for f in raws for part in (f.path, f.data)))
        self._known = self._cache.recall(self.key)
        self._contents: Sequence[tuple[Document, RuleFile | HealthFile]] = ()
        if self._known is not None:
            know_pack(self)

    def recall(self, raw: RawFile) -> tuple[Document, RuleFile | HealthFile] | None:
        """Return a file's document and what it says, where its text is one of the pack's."""
        if self._known is None or raw.problem is not None:
            return None
        for own, file in zip(self.raws, self._known, strict=True):
            if own.data == raw.data:
                return file.given(raw)
        return None

    def keep(self, contents: Sequence[tuple[Document, RuleFile | HealthFile]]) -> None:
        """Keep what the pack says, and what follows from it, once the run is over."""
        self._contents = contents
        if self._known is None:
            self.renew()

    def renew(self) -> None:
        """Have all of it written down once the run is over."""
        if self._contents and self._cache.may_write():
            write_later(self)

    def write(self) -> None:
        """Write it down."""
        from itgov.rules.write_pack import keep_parts

        keep_parts(self.key, [content for _, content in self._contents])
        self._cache.keep(self.key, [_File.of(d, content) for d, content in self._contents])
        self._cache.tidy()


class KeptProblems:
    """What the check of a repository's rules found, by the texts of all files that it read.

    `shipped` says that these are the standard pack's and no others.
    """

    def __init__(self, files: Iterable[RawFile], *, shipped: bool = False) -> None:
        store = ProgramCache if shipped else TypedCache
        self._cache = store("rules-checked", list[Finding])
        self._key = self._cache.key(*(part for f in files for part in (f.path, f.data)))

    def recall(self) -> list[Finding] | None:
        """Return what was found, where the same texts were checked before."""
        return self._cache.recall(self._key)

    def keep(self, found: Sequence[Finding]) -> None:
        """Keep what was found."""
        self._cache.keep(self._key, list(found), later=True)
