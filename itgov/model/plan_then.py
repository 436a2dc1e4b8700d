"""The plan of money at approval, as git knew it, beside today's: what was re-dated, cut or deleted.

An item that was deleted whole has the plan that git last knew it to be approved with.  Approval is the day of the item's business-case gate; where git does not reach back so far, the commit
that made the item approved; else its first commit.  Realised money is today's.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Literal

import msgspec
from msgspec import Struct

from itgov.model.change_log import BUDGET, Log, PlanLife, plan_text
from itgov.model.history_facts import PlanChange
from itgov.model.plan import NOTHING, OutcomeMoney, Schedule, parts_of, plan_of
from itgov.model.portfolio import InvestmentEntry, Portfolio
from itgov.model.stages import OVER
from itgov.model.types import Investment, Outcome
from itgov.model.value_sums import Day

Basis = Literal["business case", "approved", "first commit"]
_MOST_NAMED = 5
_APPROVED = frozenset(("approved", "delivering", "live"))


class ThenSum(Struct, gc=False):
    """Money planned at approval and what was realised of it, in millionths."""

    planned_to_date: int = 0
    planned_to_come: int = 0
    judged_planned: int = 0
    """Planned to date of plans that are old enough to judge."""
    judged_realised: int = 0
    """Realised of these, each at most its own plan, without what came before it began."""
    changed: int = 0
    """Number of outcomes whose plan is another today, deleted ones too."""
    deleted: int = 0
    """Number of outcomes that are not there any more, or promise nothing any more."""


class PlanThen(Struct, frozen=True):
    """The plan of one item at its approval."""

    basis: Basis
    on: datetime.date
    commit: str
    """The commit's first ten digits."""
    sums: ThenSum
    changed: tuple[str, ...]
    """The outcomes whose plan is another today, by id."""
    deleted: tuple[str, ...]
    """Those of them that are not there any more, or promise nothing any more."""
    plans: tuple[tuple[str, Schedule, float], ...] = ()
    """The plan of then of each outcome that had a dated one, by its id, and how much of it counts."""
    unit: str = ""
    """Of an item that was deleted whole, the unit in whose files it was last."""
    budget: int = 0
    """Of such an item, the millionths that it was to cost up to the current fiscal year."""


def gone_of(portfolio: Portfolio, unit: str) -> list[tuple[str, PlanThen]]:
    """Return the items, by id, that were deleted whole from a unit's files, with their plans at approval."""
    return [(i, then) for i, then in portfolio.plans_gone.items() if then.unit == unit]


def ended_days(
    portfolio: Portfolio, log: Log, days: Sequence[int | None]
) -> dict[str, datetime.date]:
    """Return the day of the commit that stopped or retired an item, where no file says it."""
    found = {}
    for entry in portfolio.investments():
        record = entry.record
        if record.stage not in OVER or record.ended is not None:
            continue
        stages = [s for s in log.stages.get(f"i:{record.id}", ()) if s[0] < len(days)]
        if len(stages) > 1 and stages[-1][1] == record.stage:
            day = days[stages[-1][0]]
            if day is not None:
                found[record.id] = datetime.date.fromordinal(day)
    return found


def derive_plans_then(portfolio: Portfolio, log: Log, days: Sequence[int | None]) -> None:
    """Fill in the plan at approval of every item; `days` are those of the log's commits that count."""
    month = portfolio.organisation.record.fiscal_year_start
    day = Day.of(portfolio.today, month, portfolio.grace_days)
    # from the first commit that is yet to come on nothing counts, nor what is not committed after it
    known = [d for d in takewhile(lambda d: d is not None, days) if d is not None]
    keys: dict[str, list[str]] = {}
    for key, life in log.plans.items():
        gone = life.moved is not None and life.moved < len(known)
        if life.since < len(known) and not gone:
            keys.setdefault(key[2:].rpartition("/")[0], []).append(key)
    is_cut = portfolio.evidence is not None and portfolio.evidence.shallow
    first = datetime.date.fromordinal(known[0]) if known else None
    for entry in portfolio.investments():
        entry.plan_then = _plan_then(entry, log, known, keys.get(entry.record.id, []), day)
        then = entry.plan_then
        if is_cut and then is not None and then.basis == "first commit" and then.on == first:
            # there were commits before: what this one has is not what was approved
            entry.plan_then, entry.approval_cut = None, True
        _derive_changed(entry)
    there = {entry.record.id for entry in portfolio.investments()}
    for key in log.homes:
        identifier = key[2:]
        if identifier not in there and (unit := _deleted_from(identifier, log, len(known))):
            mine = keys.get(identifier, [])
            deleted = _plan_gone(identifier, unit, log, known, mine, day)
            if deleted is not None and not (is_cut and deleted.on == first):
                portfolio.plans_gone[identifier] = deleted


def _derive_changed(entry: InvestmentEntry) -> None:
    """Say whether the plan of an item is another than at its approval, where git knows that."""
    history, then = entry.history, entry.plan_then
    if history is None or history.history_days is None or entry.approval_cut:
        return
    # a first commit tells what was recorded first: nobody need have approved it
    is_changed = then is not None and then.basis != "first commit" and bool(then.changed)
    history.plan_changed_seen = is_changed
    if then is not None and is_changed:
        history.plan_change = PlanChange(
            on=then.on.isoformat(), commit=then.commit, outcomes=list(then.changed[:_MOST_NAMED]),
            more=max(0, len(then.changed) - _MOST_NAMED),
        )  # fmt: skip


def _deleted_from(identifier: str, log: Log, length: int) -> str | None:
    """Return the unit that an item was deleted from; None where it is in a file that cannot be read."""
    homes = [home for since, home in log.homes.get(f"i:{identifier}", ()) if since < length]
    return homes[-2] if len(homes) > 1 and not homes[-1] else None


def _plan_gone(
    identifier: str, unit: str, log: Log, known: Sequence[int], keys: list[str], day: Day
) -> PlanThen | None:
    """Return the plan at approval of an item that was deleted whole, until it was stopped or retired."""
    approval = _approval(Investment(id=identifier, title=""), log, known, day.today)
    if approval is None:
        return None
    at, basis = approval
    then = {key[len(identifier) + 3 :]: text for key in keys if (text := _at(log.plans[key], at))}
    stages = [s for s in log.stages[f"i:{identifier}"] if s[0] < len(known)]
    end = known[stages[-1][0]] if stages[-1][1] in OVER else None
    sums = ThenSum(changed=len(then), deleted=len(then))
    plans: list[tuple[str, Schedule, float]] = []
    for name, text in then.items():
        schedule = plan_of(msgspec.json.decode(text, type=_Plan), end, day.start_month)
        if schedule is not None:
            plans.append((name, schedule, 1.0))
            _add(sums, NOTHING, schedule, 1.0, day)
    names = tuple(then)
    on = datetime.date.fromordinal(known[at])
    commit = log.commits[at].id[:10]
    budget = _budget_to_date(log, identifier, day)
    return PlanThen(basis, on, commit, sums, names, names, tuple(plans), unit, budget)


def _budget_to_date(log: Log, identifier: str, day: Day) -> int:
    """Return the millionths that the last budget of an item had for years up to the current one."""
    life = log.lives.get(f"i:{identifier}")
    text = life.values.get(BUDGET) if life is not None else None
    rows = (row.partition("=") for row in str(text).split(";")) if text else ()
    return sum(parts_of(float(amount)) for year, _, amount in rows if int(year) <= day.fiscal_year)


def _plan_then(
    entry: InvestmentEntry, log: Log, known: Sequence[int], keys: list[str], day: Day
) -> PlanThen | None:
    approval = _approval(entry.record, log, known, day.today)
    if approval is None:
        return None
    at, basis = approval
    prefix = len(entry.record.id) + 3
    then = {key[prefix:]: text for key in keys if (text := _at(log.plans[key], at)) is not None}
    now = {o.record.id: o for o in entry.outcomes}
    sums, changed, deleted = ThenSum(), [], []
    plans: list[tuple[str, Schedule, float]] = []
    for name in dict.fromkeys([*now, *then]):
        outcome, text = now.get(name), then.get(name)
        text_now = plan_text(outcome.record) if outcome is not None else None
        if text != text_now:
            changed.append(name)
            if text_now is None:
                deleted.append(name)
        if text is not None:
            share = outcome.counted if outcome is not None else 1.0
            schedule = _schedule(entry, msgspec.json.decode(text, type=_Plan), day)
            if schedule is not None:
                plans.append((name, schedule, share))
                _add(sums, outcome.money if outcome is not None else NOTHING, schedule, share, day)
    sums.changed, sums.deleted = len(changed), len(deleted)
    commit = log.commits[at].id[:10]
    return PlanThen(
        basis, datetime.date.fromordinal(known[at]), commit, sums, tuple(changed), tuple(deleted),
        tuple(plans),
    )  # fmt: skip


class _Plan(Outcome, frozen=True):
    """An outcome of which only the plan is known."""

    id: str = ""


def _schedule(entry: InvestmentEntry, plan: Outcome, day: Day) -> Schedule | None:
    """Return the days and amounts of a plan of then, at most until the item ended."""
    record = entry.record
    end = next((o.money.ended for o in entry.outcomes if o.money.ended is not None), None)
    if end is None and record.stage in OVER and record.ended is not None:
        end = record.ended.toordinal()
    return plan_of(plan, end, day.start_month)


def _add(sums: ThenSum, money: OutcomeMoney, schedule: Schedule, share: float, day: Day) -> None:
    planned = schedule.through(day.today)
    sums.planned_to_date += round(planned * share)
    sums.planned_to_come += round(schedule.between(day.today + 1, day.horizon) * share)
    if schedule.first < day.old_enough:
        came = money.came_to_date() - sum(p.through(schedule.first - 1) for p in money.periods)
        if planned > 0 or came < 0:
            sums.judged_planned += round(planned * share)
            sums.judged_realised += round(min(came, planned) * share)


def _approval(
    record: Investment, log: Log, known: Sequence[int], today: int
) -> tuple[int, Basis] | None:
    """Return the commit, by its place, at which an item was approved, and how that is known."""
    stages = [s for s in log.stages.get(f"i:{record.id}", ()) if s[0] < len(known)]
    if not stages:
        return None
    born = stages[0][0]
    gates = [g.on.toordinal() for g in record.gates if g.on and _is_business_case(g.gate)]
    passed = [on for on in gates if on <= today]  # one that is yet to come has approved nothing
    if passed:
        gate = min(passed)
        at = bisect_right(known, gate) - 1
        if at >= born:
            return at, "business case"
    for (_, before), (at, stage) in pairwise(stages):
        if stage in _APPROVED and before not in _APPROVED:
            return at, "approved"
    if stages[0][1] == "proposed":
        return None  # it was never approved
    return born, "first commit"


def _is_business_case(gate: str) -> bool:
    return "businesscase" in re.sub(r"[^a-z]", "", gate.casefold())


def _at(life: PlanLife, at: int) -> str | None:
    """Return the plan that held at a commit."""
    found = None
    for since, plan in life.steps:
        if since > at:
            break
        found = plan
    return found
