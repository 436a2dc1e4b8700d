"""Blocks as one HTML file that needs nothing else: no network, no script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from itgov.report.blocks import (
    Address,
    Code,
    Column,
    Facts,
    Figures,
    Heading,
    Id,
    Kind,
    Lines,
    PageBlock,
    Para,
    Piece,
    Ref,
    Sign,
    Strong,
    Table,
    Text,
    Words,
    begun,
    pieces_of,
)
from itgov.report.figures import at
from itgov.report.html_elements import Anchors, Html, h, join, link, text
from itgov.report.html_style import patterns, style_sheet
from itgov.report.pages import BRIEF, Pack, Page
from itgov.report.plain import cut, plain
from itgov.report.svg_charts import draw

_CLASSES: dict[Kind, str | None] = {
    "words": None,
    "head": None,
    "number": "n",
    "named": "n",
    "wide": "wide",
    "short": "nowrap",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"


def html(pack: Pack) -> str:
    """Write a pack down as HTML."""
    return _Writer(pack).document()


class _Writer:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.anchors = Anchors()
        self.pages = {(p.kind, p.id) for p in pack.pages}
        self.tables = 0
        self.charts = 0

    def document(self) -> str:
        pack = self.pack
        head = h(
            "head",
            h("meta", charset="utf-8"),
            h("meta", name="viewport", content="width=device-width, initial-scale=1"),
            # even if a piece of data found a way in, nothing may be loaded or run
            h("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            h("meta", name="color-scheme", content="light dark"),
            h("meta", name="referrer", content="no-referrer"),
            h("title", f"{pack.title}: {pack.kicker}"),
            Html(f"<style>{style_sheet()}</style>"),
        )
        body = h(
            "body",
            h("a", "Skip to the first page", class_="skip", href="#main"),
            Html(patterns()),
            h(
                "header",
                h("p", pack.kicker, class_="kicker"),
                h("h1", pack.title),
                h("p", self.words(pack.opening), class_="lead"),
                [h("p", self.words(n), class_="notice", role="note") for n in pack.notices],
            ),
            self.contents(),
            h("main", [self.page(p) for p in pack.pages], id="main", tabindex=-1),
            h("footer", h("p", self.words(pack.closing))),
        )
        page = h("html", "\n", head, "\n", body, lang="en")
        return f"<!DOCTYPE html>\n{page}\n"

    def contents(self) -> Html:
        groups = [
            join([h("p", title), h("ul", [h("li", self.piece(ref)) for ref in refs])])
            for title, refs in self.pack.contents()
        ]
        return h("nav", groups, aria_label="Contents")

    def page(self, page: Page) -> Html:
        anchor = self.anchors.of(page.kind, page.id)
        return h(
            "section",
            "\n",
            h("p", page.kicker, class_="kicker"),
            h("h2", page.title, id=f"{anchor}-title"),
            [self.block(b) for b in page.blocks],
            "\n",
            class_="page brief" if page.kind in BRIEF else "page",
            id=anchor,
            aria_labelledby=f"{anchor}-title",
        )

    def block(self, block: PageBlock) -> Html:
        match block:
            case Heading(words):
                return h("h3", self.words(words))
            case Para(words, tone):
                return h("p", self.words(words), class_=tone or None)
            case Lines(lines):
                return h("ul", [h("li", self.words(line)) for line in lines])
            case Facts(facts):
                return h("ul", [h("li", f"{begun(f.label)}: ", self.words(f.words)) for f in facts])
            case Figures(pairs, are_words):
                marks = "words" if are_words else None
                shown = [h("div", h("dt", n), h("dd", v, class_=marks)) for n, v in pairs]
                return h("dl", shown, class_="figures")
            case Table():
                return self.table(block)
        assert_never(block)

    def table(self, table: Table) -> Html:
        self.tables += 1
        name = f"table-{self.tables}"
        head = [h("th", c.title, scope="col", class_=_CLASSES[c.kind]) for c in table.columns]
        rows = [self.row(row, table.columns) for row in table.shown]
        foot = [h("tfoot", self.row(table.foot, table.columns))] if table.foot else []
        drawn = h(
            "div",
            h(
                "table",
                h("caption", table.heading, id=name),
                h("thead", h("tr", head)),
                h("tbody", ["\n", *rows]),
                foot,
            ),
            class_="scroll",
            role="region",
            tabindex=0,  # so that the keyboard can scroll what is too wide
            aria_labelledby=name,
        )
        if table.chart is None:
            return drawn
        chart = draw(table.chart, f"chart-{self.charts + 1}")
        if chart is None:
            return drawn
        self.charts += 1
        return h("div", h("figure", chart), drawn, class_="beside")

    def row(self, cells: Sequence[Words], columns: Sequence[Column]) -> Html:
        found = []
        for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            tag, scope = ("td", None) if place else ("th", "row")
            found.append(h(tag, self.words(cell), scope=scope, class_=_CLASSES[column.kind]))
        return h("tr", found, Html("\n"))

    def words(self, words: Words) -> Html:
        return join(self.piece(p) for p in pieces_of(words))

    def piece(self, piece: Piece) -> Html:
        match piece:
            case str():
                return text(piece)
            case Text(words, most):
                return text(cut(plain(words), most))
            case Code(words) | Id(words):
                return _code(words)
            case Strong(words):
                return h("strong", words)
            case Address(url):
                return link(url)
            case Ref(kind, identifier, words):
                if (kind, identifier) not in self.pages:
                    return text(words)
                return h("a", words, href=f"#{self.anchors.of(kind, identifier)}")
            case Sign(group, words):
                sign = (
                    '<svg class="swatch" viewBox="0 0 18 13" aria-hidden="true">'
                    f'<rect x="0.5" y="0.5" width="17" height="12" class="is-{group}"/></svg>'
                )
                return join([Html(sign), words])
            case _:
                return _code(at(piece))


def _code(words: str) -> Html:
    # a path may go on in the next line after a slash, an id only as a whole
    parts = [Html(f"{text(p)}/<wbr>") for p in words.split("/")[:-1]]
    whole = None if parts or len(words) > 20 else "nowrap"
    return h("code", parts, words.rpartition("/")[2], class_=whole)
