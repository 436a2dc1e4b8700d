"""`itgov value --format markdown`: for a wiki, a job summary or a comment."""

from __future__ import annotations

from itgov.insight.valuetypes import Benefits, MoneyLine, ValueReport
from itgov.model.facts import REACHES
from itgov.report.insight_value_text import MEANING, Views, line_figures, value_words
from itgov.report.insight_words import money, part
from itgov.report.markup import LABEL, code, escape, table

_MOST = 50


def render(report: ValueReport, views: Views) -> str:
    """Write a report down in GitHub's and GitLab's Markdown."""
    currency = f" Amounts in {escape(report.currency, LABEL)}." if report.currency else ""
    lines = [
        "## Line of sight from spend to value",
        "",
        f"{escape(report.organisation, LABEL)}, as of {report.as_of}.{currency}",
        "",
        *_total(report.total),
        "",
    ]
    for name, view in views:
        if view:
            headers = [name.capitalize(), "Items", "Budget", *REACHES, "Spent", "none", "proven"]
            lines += [*table(headers, map(_row, view[:200]), range(1, len(headers))), ""]
            if len(view) > 200:
                lines += [f"{len(view) - 200:,} more not shown.", ""]
    lines += ["### Value", ""]
    lines += [f"- {words}" for words in value_words(report.total.benefits or Benefits())]
    if report.without:
        lines += ["", "### Spend with no line of sight", ""]
        for n in report.without[:_MOST]:
            place = code(f"{n.place.path}:{n.place.line}")
            lines.append(
                f"- {code(n.id)} {escape(n.title, LABEL)}: {money(n.budget)} budget, "
                f"{money(n.actual)} spent ({place})"
            )
        if len(report.without) > _MOST:
            lines.append(f"- and {len(report.without) - _MOST:,} more")
    return "\n".join(lines) + "\n"


def _total(line: MoneyLine) -> list[str]:
    budget, actual = line.budget.total, line.actual.total
    rows = []
    for reach in REACHES:
        b, a = line.budget.of(reach), line.actual.of(reach)
        rows.append(
            [f"**{reach}**", MEANING[reach], money(b), part(b, budget), money(a), part(a, actual)]
        )
        if reach == "target" and (line.due.budget or line.due.actual):
            b, a = line.due.budget, line.due.actual
            words = "of which due"
            rows.append(["", words, money(b), part(b, budget), money(a), part(a, actual)])
    rows.append(["**all**", "", money(budget), "", money(actual), ""])
    titles = ["Reach", "The chain has", "Budget", "Share", "Spent", "Share"]
    return table(titles, rows, range(2, len(titles)))


def _row(line: MoneyLine) -> list[str]:
    return [escape(line.name, LABEL), *line_figures(line)]
