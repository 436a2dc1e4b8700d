"""The plan at approval in words, wherever it differs from today's."""

from __future__ import annotations

from itgov.insight.approval_types import ItemAtApproval, PlanAtApproval
from itgov.insight.value_types import MoneyLine
from itgov.model.text import plural
from itgov.report.figures import money, percent, short


def approval_words(then: PlanAtApproval | None) -> list[str]:
    """Return how much of the plan at approval was realised, where today's plan is another, and of
    how many items that is not known."""
    if then is None:
        return []
    cut = []
    if then.unknown:
        cut = [
            f"Plan at approval of {plural(then.unknown, 'item')}: not known; this is a shallow clone, "
            "whose history begins after it. Fetch the history with `git fetch --unshallow`"
        ]
    if then.deleted_items_budget:
        cut.append(
            f"Budget up to the current fiscal year of {plural(then.deleted_items, 'item')} deleted as a "
            f"whole, in no figure of spend: {money(then.deleted_items_budget)}"
        )
    if not then.changed:
        return cut
    known = [
        f"for {plural(count, 'item')} by {words}"
        for count, words in (
            (then.business_case, "the day of the business-case gate"),
            (then.approved, "the commit that made it approved"),
            (then.first_commit, "the first commit"),
        )
        if count
    ]
    ratio = "nothing of it is old enough to judge"
    if then.realised_ratio is not None:
        ratio = (
            f"{percent(then.realised_ratio)} of what is due by now by that plan was realised, "
            f"{money(then.judged.realised)} of {money(then.judged.planned)}"
        )
    deleted = f", {then.deleted:,} of them deleted" if then.deleted else ""
    if then.deleted_items and then.deleted:
        whole = plural(then.deleted_items, "item")
        deleted += f", among these {money(then.deleted_items_planned)} to date of {whole} deleted as a whole"
    unfound = ""
    if count := then.changed_since_first_commit:
        unfound = f"; changed plans dated by the first commit, which are in no finding: {count:,}"
    return [
        f"Plan at approval: {money(then.planned_to_date)} to date and {money(then.planned_to_come)} "
        f"to come; {ratio}. {plural(then.changed, 'plan')} changed since{deleted}. "
        f"Approval dated {', '.join(known)}{unfound}",
        *cut,
    ]


def approval_of_all(line: MoneyLine) -> list[str]:
    """Return the same of a whole, and whether git could tell any of it."""
    if line.at_approval is None and line.value is not None and line.value.plans:
        return ["Plans at approval: not known, git has no history of these files"]
    return approval_words(line.at_approval)


def changed_words(then: ItemAtApproval | None) -> str:
    """Return what an item planned at approval, where that is not today's plan."""
    if then is None or not then.changed:
        return ""
    basis = "" if then.basis == "approved" else f", {then.basis}"
    return (
        f"at approval ({then.on}{basis}) {money(then.planned_to_date)} to date and "
        f"{money(then.planned_to_come)} to come; changed since: {', '.join(map(short, then.changed))}"
    )
