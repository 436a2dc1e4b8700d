"""`itgov what-if` laid out: what its text and its Markdown both say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from itgov.insight.scenario_types import (
    Candidate,
    ChangeLine,
    Dependencies,
    FreeMoney,
    UnitThen,
    Weighed,
    WhatIf,
    YearMoney,
    YearValue,
)
from itgov.model.text import plural
from itgov.report.blocks import (
    Arrow,
    Block,
    Code,
    Column,
    Graph,
    Heading,
    Id,
    Legend,
    Lines,
    Listing,
    Para,
    Table,
    Text,
    Title,
    Words,
    begun,
)
from itgov.report.figures import money, score, signed
from itgov.report.value_document import amounts_in

_MOST = 20
"""Units, managers and ids of a kind that are listed."""


def scenario_document(report: WhatIf) -> Iterator[Block]:
    """Lay scenarios out: side by side with today, then each by itself."""
    yield Title("what if", report.organisation, report.as_of, amounts_in(report.currency))
    scores = _health_rows(report.scenarios)
    yield _beside(report, scores[:_MOST])
    yield Legend(
        [
            f"Money counts from fiscal year {report.fiscal_year}, planned value from tomorrow to "
            f"{report.horizon}. Nothing is decided, and no file is changed.",
            *_left_out(scores, "unit", "whose score differs"),
        ]
    )
    for weighed in report.scenarios:
        yield from weighed_document(weighed)


def _beside(report: WhatIf, scores: Sequence[tuple[str, str, list[str]]]) -> Table:
    rows: list[tuple[str, Callable[[Weighed], str]]] = [
        ("Money freed", lambda w: money(w.freed)),
        ("Money added", lambda w: money(w.added)),
        ("Planned value lost", lambda w: money(w.lost)),
        ("Planned value gained", lambda w: money(w.gained)),
        ("Outcomes without an item", lambda w: f"{len(w.orphaned.outcomes):,}"),
        ("Objectives without an item", lambda w: f"{len(w.orphaned.objectives):,}"),
        ("Items that depend on what is stopped", lambda w: f"{len(w.dependants):,}"),
        ("Stopped against a law or contract", lambda w: f"{len(w.required):,}"),
        ("Findings fixed", lambda w: f"{w.findings.fixed:,}"),
        ("Findings new", lambda w: f"{w.findings.new:,}"),
    ]
    found: list[list[Words]] = [
        [title, "", *(say(w) for w in report.scenarios)] for title, say in rows
    ]
    for name, now, then in scores:
        found.append([("Health: ", Text(name)), now, *then])
    titles = [Column(w.id, "named") for w in report.scenarios]
    return Table([Column("", "head"), Column("today", "number"), *titles], found)


def _left_out(listed: Sequence[object], noun: str, which: str) -> list[str]:
    """Return a sentence on what a list of so many has no room for."""
    more = len(listed) - _MOST
    return [f"{plural(more, f'more {noun}')} {which} (--format json has all)."] if more > 0 else []


def _health_rows(scenarios: Sequence[Weighed]) -> list[tuple[str, str, list[str]]]:
    """Return the score of each unit that is shown as another in any scenario, today and in each."""
    units: dict[str, UnitThen] = {}
    for weighed in scenarios:
        for unit in weighed.health:
            units.setdefault(unit.unit, unit)
    found = []
    for identifier, unit in units.items():
        then = []
        for weighed in scenarios:
            here = next((u for u in weighed.health if u.unit == identifier), None)
            then.append(score(here.then if here is not None else unit.now))
        found.append((unit.name, score(unit.now), then))
    return [row for row in found if {row[1]} != {*row[2]}]


def weighed_document(weighed: Weighed) -> Iterator[Block]:
    """Lay out one scenario: its changes, what they move, and what is left."""
    title = weighed.title or weighed.id
    yield Heading((Text(title),), everywhere=True)
    rows: list[list[Words]] = [
        [Id(c.investment), Text(c.title), Text(begun(c.says)), _amount(c)] for c in weighed.changes
    ]
    if not rows:
        yield Para("It changes nothing.")
        return
    columns = [Column("item", "head"), Column("title", narrow=34), Column("change", broken=40)]
    yield Table([*columns, Column("money", "number")], rows)
    yield from moves_by_year(weighed.money, weighed.value)
    yield from _left(weighed)
    if weighed.managers:
        yield Table(
            [
                Column("relationship manager", "head"),
                *(Column(t, "number") for t in ("items today", "then", "spend today", "then")),
            ],
            [
                [
                    Text(m.name), f"{m.items_now:,}", f"{m.items_then:,}",
                    money(m.spend_now), money(m.spend_then),
                ]
                for m in weighed.managers[:_MOST]
            ],
        )  # fmt: skip
        yield from (
            Para(each) for each in _left_out(weighed.managers, "manager", "with another load")
        )
    if any((weighed.notes, weighed.value_undated, weighed.money_moved, weighed.value_moved)):
        yield Lines([(Text(note, 300), ".") for note in _notes(weighed)])
    if weighed.new_findings:
        yield Listing("New findings", weighed.new_findings)


def moves_by_year(spent: Sequence[YearMoney], value: Sequence[YearValue]) -> Iterator[Table]:
    """Lay out what money and planned value move in each fiscal year; nothing where none does."""
    years: dict[int, list[str]] = {}
    for y in spent:
        years[y.year] = [money(y.freed), money(y.added), money(0), money(0)]
    for v in value:
        years.setdefault(v.year, [money(0)] * 4)[2:] = [money(v.lost), money(v.gained)]
    if years:
        heads = ("money freed", "money added", "value lost", "value gained")
        yield Table(
            [Column("fiscal year", "head"), *(Column(h, "number") for h in heads)],
            [[str(year), *figures] for year, figures in sorted(years.items())],
        )


def _amount(line: ChangeLine) -> str:
    """Return by how much a change moves spend: -1.2m is freed."""
    if line.moved and not line.freed:
        return f"{money(line.moved)} moved"
    return signed(-line.freed)


def _notes(weighed: Weighed) -> Iterator[str]:
    if weighed.money_moved:
        yield (
            f"Of the money, {money(weighed.money_moved)} is only moved: freed in one year and added in "
            "another"
        )
    if weighed.value_moved:
        yield f"Of the value, {money(weighed.value_moved)} comes later and is not lost"
    if weighed.value_undated:
        yield f"Value of {money(weighed.value_undated)} a year that no day begins is in no figure"
    yield from weighed.notes


def _left(weighed: Weighed) -> Iterator[Block]:
    lines: list[Words] = []
    orphaned = weighed.orphaned
    for noun, ids in (
        ("Outcomes without an item", orphaned.outcomes),
        ("Objectives without an item", orphaned.objectives),
        ("Items that depend on what is stopped", weighed.dependants),
    ):
        if ids:
            lines.append((f"{noun}: ", *_listed(ids)))
    lines += [
        (Id(r.investment), " is required by ", Text(r.required_by)) for r in weighed.requirements
    ]
    if lines:
        yield Lines(lines)


def _listed(ids: Sequence[str]) -> Iterator[Id | str]:
    for index, identifier in enumerate(ids[:_MOST]):
        if index:
            yield ", "
        yield Id(identifier)
    if len(ids) > _MOST:
        yield f" and {len(ids) - _MOST:,} more (--format json has all)"


def dependencies_document(found: Dependencies) -> Iterator[Block]:
    """Lay out what depends on what."""
    yield Title("dependencies", found.organisation, found.as_of)
    if found.dependencies:
        yield Graph(
            tuple(
                Arrow((d.investment, d.title), (d.depends_on, d.depends_on_title), d.circle)
                for d in found.dependencies
            )
        )
    else:
        yield Para("Nothing names what it depends on.")


def free_document(report: FreeMoney, most: int | None) -> Iterator[Block]:
    """Lay out what would free an amount; `most` is how many are listed beyond those needed."""
    yield Title(
        "what would free money", report.organisation, report.as_of, amounts_in(report.currency)
    )
    wanted = f"{money(report.amount)} in fiscal year {report.year}"
    if report.enough is not None:
        what = "item" if report.enough == 1 else plural(report.enough, "item")
        freed = money(report.ranked[report.enough - 1].running)
        first = f"Stopping the first {what} on {report.on} frees {freed}, enough for {wanted}."
    else:
        whole = money(report.ranked[-1].running if report.ranked else 0)
        first = f"What can be ranked does not free {wanted}: all of it frees {whole}."
    yield Para(first)
    shown = report.ranked
    if most is not None:
        shown = shown[: max(report.enough or most, most)]
    if shown:
        heads = ("frees", "in all", "value lost", "lost for each 1")
        yield Table(
            [Column("item", "head"), Column("title", narrow=40), Column("unit"),
             *(Column(h, "number") for h in heads)],
            [_ranked(c) for c in shown],
        )  # fmt: skip
    yield Legend(
        [
            f"Value is what is planned from then to {report.horizon}. The least value lost for each 1 "
            "freed comes first. What others claim as well is lost in full with each.",
            *(
                [
                    f"{plural(report.without_spend, 'item')} without spend recorded in {report.year} "
                    "left out."
                ]
                if report.without_spend
                else []
            ),
            *(
                [f"{len(report.ranked) - len(shown):,} more with --all"]
                if len(shown) < len(report.ranked)
                else []
            ),
        ]
    )
    if report.apart:
        apart = report.apart if most is None else report.apart[:most]
        yield Heading("Not ranked", everywhere=True)
        yield Table(
            [
                Column("item", "head"),
                Column("title", narrow=40),
                Column("frees", "number"),
                Column("reason"),
            ],
            [[Id(c.investment), Text(c.title), money(c.freed), Text(c.why)] for c in apart],
        )
        if len(apart) < len(report.apart):
            yield Lines([(f"{len(report.apart) - len(apart):,} more with ", Code("--all"))])


def _ranked(candidate: Candidate) -> list[Words]:
    lost = candidate.lost or 0
    return [
        Id(candidate.investment), Text(candidate.title), Text(candidate.unit), money(candidate.freed),
        money(candidate.running), money(lost), f"{lost / candidate.freed:.2f}",
    ]  # fmt: skip
