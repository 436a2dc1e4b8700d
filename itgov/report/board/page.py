"""The pack as one HTML file that needs nothing else: no network, no script."""

from __future__ import annotations

from typing import assert_never

from itgov.insight.boardtypes import BoardReport
from itgov.report.board.charts import Charts
from itgov.report.board.content import (
    Address,
    Block,
    Cell,
    Chart,
    Code,
    FigureRow,
    Heading,
    Items,
    Kind,
    Pack,
    PackPage,
    PackTable,
    Para,
    Piece,
    Ref,
    Sign,
    Strong,
)
from itgov.report.board.html import Anchors, Html, h, join, link, text
from itgov.report.board.pack import contents, pack_of
from itgov.report.board.style import patterns, style_sheet
from itgov.report.insight_words import UNKNOWN

_CLASSES: dict[Kind, str | None] = {
    "words": None,
    "number": "n",
    "wide": "wide",
    "short": "nowrap",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"


def render(report: BoardReport) -> str:
    """Write the board pack down as HTML."""
    return _Writer(pack_of(report)).document()


class _Writer:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.charts = Charts()
        self.anchors = Anchors()
        self.pages = {(p.kind, p.id) for p in pack.pages}
        self.tables = 0

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
            h("a", "Skip to the executive summary", class_="skip", href="#main"),
            Html(patterns()),
            h(
                "header",
                h("p", pack.kicker, class_="kicker"),
                h("h1", pack.title),
                h("p", self.pieces(pack.opening), class_="lead"),
                [h("p", self.pieces(n), class_="notice", role="note") for n in pack.notices],
            ),
            self.contents(),
            h("main", [self.page(p) for p in pack.pages], id="main", tabindex=-1),
            h("footer", h("p", self.pieces(pack.closing))),
        )
        page = h("html", "\n", head, "\n", body, lang="en")
        return f"<!DOCTYPE html>\n{page}\n"

    def contents(self) -> Html:
        groups = [
            join([h("p", title), h("ul", [h("li", self.piece(ref)) for ref in refs])])
            for title, refs in contents(self.pack)
        ]
        return h("nav", groups, aria_label="Contents")

    def page(self, page: PackPage) -> Html:
        anchor = self.anchors.of(page.kind, page.id)
        return h(
            "section",
            "\n",
            h("p", page.kicker, class_="kicker"),
            h("h2", page.title, id=f"{anchor}-title"),
            [self.block(b) for b in page.blocks],
            "\n",
            class_="page",
            id=anchor,
            aria_labelledby=f"{anchor}-title",
        )

    def block(self, block: Block) -> Html:
        match block:
            case Heading(words):
                return h("h3", words)
            case Para(pieces, tone):
                return h("p", self.pieces(pieces), class_=tone or None)
            case Items(cells):
                return h("ul", [h("li", self.cell(c)) for c in cells])
            case FigureRow(pairs, words):
                marks = "words" if words else None
                shown = [h("div", h("dt", n), h("dd", v, class_=marks)) for n, v in pairs]
                return h("dl", shown, class_="figures")
            case PackTable():
                return self.table(block)
        assert_never(block)

    def table(self, table: PackTable) -> Html:
        self.tables += 1
        name = f"table-{self.tables}"
        kinds = [_CLASSES[kind] for _, kind in table.columns]
        head = [
            h("th", title, scope="col", class_=k)
            for (title, _), k in zip(table.columns, kinds, strict=True)
        ]
        parts = [
            h("caption", table.caption, id=name),
            h("thead", h("tr", head)),
            h("tbody", ["\n", *(self.row(row, kinds) for row in table.rows)]),
        ]
        if table.foot is not None:
            parts.append(h("tfoot", self.row(table.foot, kinds)))
        drawn = h(
            "div",
            h("table", parts),
            class_="scroll",
            role="region",
            tabindex=0,  # so that the keyboard can scroll what is too wide
            aria_labelledby=name,
        )
        chart = self.chart(table.chart) if table.chart is not None else None
        if chart is None:
            return drawn
        return h("div", h("figure", chart), drawn, class_="beside")

    def row(self, cells: tuple[Cell, ...], kinds: list[str | None]) -> Html:
        found = [
            h("td", self.cell(cell), class_=kind) if place else self.row_head(cell, kind)
            for place, (cell, kind) in enumerate(zip(cells, kinds, strict=True))
        ]
        return h("tr", found, Html("\n"))

    def row_head(self, cell: Cell, kind: str | None) -> Html:
        return h("th", self.cell(cell), scope="row", class_=kind)

    def chart(self, chart: Chart) -> Html | None:
        title, words = chart.title, chart.description
        if chart.kind == "reaches":
            if not any(buckets.total > 0 for _, buckets in chart.stacks):
                return None
            return self.charts.reaches(chart.stacks, title, words)
        if chart.kind == "course":
            return self.charts.line(chart.bars, chart.bounds, title, words)
        if not chart.bars:
            return None
        if chart.kind == "scores":
            return self.charts.scores(chart.bars, title, words)
        return self.charts.shares(chart.bars, title, words)

    # -- pieces ----------------------------------------------------------------------------

    def cell(self, cell: Cell) -> Html:
        return self.pieces(cell) if isinstance(cell, tuple) else self.piece(cell)

    def pieces(self, pieces: tuple[Piece, ...]) -> Html:
        return join(self.piece(p) for p in pieces)

    def piece(self, piece: Piece) -> Html:
        match piece:
            case str():
                return text("–" if piece == UNKNOWN else piece)
            case Code(words):
                # a path may go on in the next line after a slash, an id only as a whole
                parts = [Html(f"{text(p)}/<wbr>") for p in words.split("/")[:-1]]
                whole = None if parts or len(words) > 20 else "nowrap"
                return h("code", parts, words.rpartition("/")[2], class_=whole)
            case Strong(words):
                return h("strong", words)
            case Address(url):
                return link(url)
            case Ref(kind, identifier, words):
                if (kind, identifier) not in self.pages:
                    return text(words)
                return h("a", words, href=f"#{self.anchors.of(kind, identifier)}")
            case Sign(reach):
                sign = (
                    '<svg class="swatch" viewBox="0 0 18 13" aria-hidden="true">'
                    f'<rect x="0.5" y="0.5" width="17" height="12" class="is-{reach}"/></svg>'
                )
                return join([Html(sign), reach])
        assert_never(piece)
