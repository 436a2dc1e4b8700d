"""A pack: pages made of blocks, under one title."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from itgov.report.blocks import PageBlock, Ref, Words

PageKind = Literal["board", "unit", "glossary", "summary", "detail", "manager", "annex"]
PAGE_KINDS: dict[PageKind, str] = {
    "board": "For the board",
    "unit": "Business units",
    "glossary": "Words",
    "summary": "Appendix: the whole",
    "detail": "Appendix: business units",
    "manager": "Appendix: relationship managers",
    "annex": "Appendix: rules and waivers",
}
"""Kinds of pages in the order of a pack, with the title of each group in the contents."""
BRIEF: frozenset[PageKind] = frozenset(("board", "unit", "glossary"))
"""Pages in sentences, before the appendix."""


class Page(Struct, frozen=True):
    """One page of a pack, which begins on a new sheet when it is printed."""

    kind: PageKind
    id: str
    title: str
    kicker: str
    blocks: tuple[PageBlock, ...]


class Pack(Struct, frozen=True):
    """Pages under one title."""

    title: str
    kicker: str
    opening: Words
    notices: tuple[Words, ...]
    pages: tuple[Page, ...]
    closing: Words

    def contents(self) -> list[tuple[str, list[Ref]]]:
        """Return the table of contents: a title for each group of pages, and the pages."""
        return [
            (title, [Ref(p.kind, p.id, p.title) for p in self.pages if p.kind == kind])
            for kind, title in PAGE_KINDS.items()
            if any(p.kind == kind for p in self.pages)
        ]
