"""A business unit's details: all of its figures, items, outcomes and findings."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from itgov.insight.board_types import BoardItem, BoardReport, BoardUnit
from itgov.insight.health_types import Settings
from itgov.insight.value_types import OutcomeNode
from itgov.model.fields import choice_words
from itgov.model.reach import REACH_WORDS
from itgov.report.blocks import (
    Address,
    Chart,
    Code,
    Column,
    Figures,
    Heading,
    Lines,
    PageBlock,
    Para,
    Piece,
    Table,
    Words,
)
from itgov.report.board.account import cut_of_account
from itgov.report.board.decisions import decision_tables
from itgov.report.board.findings import finding_words, findings_table
from itgov.report.board.reach import reach_sign
from itgov.report.board.summary import line_table
from itgov.report.figures import (
    UNKNOWN,
    day,
    money,
    number,
    percent,
    points,
    score,
    with_marks,
)
from itgov.report.health_document import dimension_table
from itgov.report.health_words import cap_effect, decided_words
from itgov.report.manager_words import INHERITED
from itgov.report.pages import Page
from itgov.report.value_document import line_words
from itgov.report.words import engagement_words, named


def detail_page(unit: BoardUnit, report: BoardReport) -> Page:
    """Return the page of a business unit's details."""
    return Page(
        kind="detail",
        id=unit.health.id,
        title=f"{unit.health.name}: details",
        kicker="Appendix: business unit",
        blocks=tuple(_blocks(unit, report)),
    )


def _blocks(unit: BoardUnit, report: BoardReport) -> Iterator[PageBlock]:
    health, line = unit.health, unit.line
    yield Figures(
        (
            ("Engagement health", score(health.score) if health.score is not None else "no score"),
            ("Band", health.band),
            ("Coverage", percent(health.coverage)),
            ("Budget", money(line.budget.total)),
            ("Recorded actual", money(line.actual.total)),
        )
    )
    yield Figures(
        (
            ("Head", unit.head or "nobody"),
            ("Relationship manager", unit.manager or "nobody"),
            ("Investments and services", f"{line.items:,}"),
            ("Engagements", engagement_words(unit.engagements, unit.engagements_not_counted)),
        ),
        words=True,
    )
    beside = [(f"{cap_effect(health, cap)} ", cap.place) for cap in health.caps]
    if beside or decided_words(health.dimensions):
        yield Lines((*beside, *decided_words(health.dimensions)))
    yield from cut_of_account(unit, report)
    yield from _dimensions(unit, report.health.settings)
    yield from _course(unit, report)
    yield Heading("Best next steps")
    if health.next_steps:
        yield Table(
            [
                Column("Finding", "wide"),
                Column("Points gained", "number"),
                Column("Uncapped", "number"),
                Column("Where"),
            ],
            [
                (finding_words(c.finding), points(c.points), points(c.uncapped), c.finding.place)
                for c in health.next_steps
            ],
            caption="Broken mandatory rules first, then most points gained.",
        )
    else:
        yield Para("No finding loses points.")
    yield Heading("Line of sight in money")
    yield line_table(line, report.currency, health.name)
    yield Lines(tuple(line_words(line, report.health.settings.grace_days)))
    yield Heading("Investments and services")
    yield from _items(unit)
    outcomes = [(item, outcome) for item in unit.items for outcome in item.node.outcomes]
    if outcomes:
        yield Heading("Outcomes and evidence")
        yield _outcomes(outcomes)
    decided = list(decision_tables(report.decisions.of_unit(health.id), 200))
    if decided:
        yield Heading("Decisions taken")
        yield from decided
    if unit.promises:
        yield Heading("Open actions")
        yield _promises(unit)
    yield Heading("Findings")
    yield findings_table(unit.findings, f"Findings on {health.name}")


def _dimensions(unit: BoardUnit, settings: Settings) -> Iterator[PageBlock]:
    dimensions = unit.health.dimensions
    if not dimensions:
        return
    yield Heading("Dimensions of the score")
    yield replace(
        dimension_table(unit.health, settings),
        caption="Dimensions of engagement health: the share passed, weighted by spend, and the points "
        "lost by each, before caps.",
        chart=Chart(
            "shares",
            f"Dimensions of {unit.health.name}",
            "A bar from 0 to 100 per cent for each dimension; the table beside it has the figures.",
            bars=tuple((d.title, d.score) for d in dimensions),
        ),
    )


def _course(unit: BoardUnit, report: BoardReport) -> Iterator[PageBlock]:
    trend = report.trend
    if trend is None:
        return
    found = [(p, p.unit(unit.health.id)) for p in trend.points]
    if sum(u is not None and u.score is not None for _, u in found) < 2:
        return  # no line to draw
    now = ("now", unit.health.score)
    rows = [
        (p.label, score(u.score) if u else UNKNOWN, u.band if u else UNKNOWN, p.commit[:10])
        for p, u in found
        if not p.carried
    ]
    rows.append((now[0], score(now[1]), unit.health.band, UNKNOWN))
    yield Heading("Trend of the score")
    yield Table(
        [
            Column("When", "short"),
            Column("Score", "number"),
            Column("Band", "short"),
            Column("Commit", "short"),
        ],
        rows,
        caption="Engagement health at the end of each month with a commit of its own, as of that commit's "
        "day and by today's rules, and now.",
        chart=Chart(
            "course",
            f"Engagement health of {unit.health.name} over time",
            "A line of scores from 0 to 100, with dashed lines where the bands begin; "
            "the table beside it has the figures.",
            bars=(*((p.label, u.score if u else None) for p, u in found), now),
            bounds=(trend.attention, trend.healthy),
        ),
    )


def _items(unit: BoardUnit) -> Iterator[PageBlock]:
    if not unit.items:
        yield Para("None recorded.")
        return
    yield Table(
        [
            Column("Investment or service", "wide"),
            Column("Stage", "short"),
            Column("Outcome owner"),
            Column("Relationship manager"),
            Column("Budget", "number"),
            Column("Actual", "number"),
            Column("Line of sight", "short"),
            Column("Findings"),
        ],
        [_item(item) for item in unit.items],
        caption="Investments and services with owners, managers, money and findings.",
    )


def _item(item: BoardItem) -> tuple[Words, ...]:
    node = item.node
    kind = " (service)" if item.type == "service" else ""
    manager = item.manager or "nobody"
    if item.inherited and item.manager:
        manager = f"{manager} ({INHERITED})"
    hidden = "spend" in node.withheld
    said: list[Piece] = []
    for identifier in dict.fromkeys(f.rule for f in item.findings if not f.waived):
        said += [*([", "] if said else []), Code(identifier)]
    waived = sum(f.waived for f in item.findings)
    if waived or not said:
        said.append(f"{', ' if said else ''}{f'{waived} waived' if waived else 'none'}")
    return (
        f"{named(node.id, node.title)}{kind}",
        item.stage or UNKNOWN,
        item.owner or "nobody",
        manager,
        "withheld" if hidden and not node.budget else money(node.budget),
        "withheld" if hidden and not node.actual else money(node.actual),
        reach_sign(node.reach),
        tuple(said),
    )


def _promises(unit: BoardUnit) -> Table:
    return Table(
        [Column("Action", "wide"), Column("Who"), Column("Side", "short"), Column("Due", "short")],
        [
            (p.what, p.owner or "nobody", choice_words(p.side) if p.side else UNKNOWN, day(p.due))
            for p in unit.promises
        ],
        caption="Actions of engagements and review sessions that are not done, the first due first.",
    )


def _outcomes(outcomes: list[tuple[BoardItem, OutcomeNode]]) -> PageBlock:
    return Table(
        [
            Column("Outcome"),
            Column("Measure", "wide"),
            Column("Baseline", "number"),
            Column("Target", "number"),
            Column("Due", "short"),
            Column("Latest", "number"),
            Column("On", "short"),
            Column("Line of sight", "short"),
            Column("Evidence", "wide"),
        ],
        [_outcome(item, outcome) for item, outcome in outcomes],
        caption="Outcomes, and results up to the as-of date.",
    )


def _outcome(item: BoardItem, o: OutcomeNode) -> tuple[Words, ...]:
    results = [r for r in o.results if not r.ahead]
    measured = [r for r in results if r.actual is not None]
    evidence = next((r.evidence for r in reversed(results) if r.evidence), None)
    shown: Piece = Address(evidence) if evidence else UNKNOWN
    return (
        f"{item.node.id}/{o.id}",
        f"{o.measure or UNKNOWN}{f' ({o.unit})' if o.unit else ''}",
        number(o.baseline),
        number(o.target),
        day(o.due),
        number(measured[-1].actual) if measured else UNKNOWN,
        day(measured[-1].date if measured else None),
        with_marks(REACH_WORDS[o.reach], o),
        shown,
    )
