"""Computing the derived facts of `itgov.model.facts` from the records."""

from __future__ import annotations

import datetime
from collections import defaultdict

from itgov.model.dependencies import derive_dependencies
from itgov.model.derive_caps import derive_caps, improved_spend
from itgov.model.derive_value import derive_value
from itgov.model.drawn_texts import drawn
from itgov.model.engagements import Holders, derive_engagement, derive_engagements, derive_realised
from itgov.model.facts import OutcomeFacts
from itgov.model.fiscal import fiscal_year_of
from itgov.model.imported import derive_imported
from itgov.model.nobody import is_named, is_said
from itgov.model.portfolio import (
    InvestmentEntry,
    ManagerEntry,
    Portfolio,
    UnitEntry,
    held_by,
)
from itgov.model.reach import (
    IMPROVED,
    RANK,
    STALE_DAYS,
    count_results,
    is_evidence,
)
from itgov.model.stages import OVER
from itgov.model.types import Investment, Outcome
from itgov.model.unit_shares import derive_beyond, serve, served_in, shares_of, totals_of

_MOST_NAMED = 10
"""How many others of the same name are named."""


def derive(portfolio: Portfolio, is_told: bool = False) -> None:
    """Fill in every fact of the portfolio for its as-of date.

    Where the organisation, people and relationship managers are told, with facts of their own, all others are
    filled in, and which units a relationship manager serves.
    """
    today = portfolio.today
    fiscal_year = fiscal_year_of(today, portfolio.organisation.record.fiscal_year_start)
    start_month = portfolio.organisation.record.fiscal_year_start
    for unit in portfolio.units.values():
        cadence = unit.record.review_cadence_days
        manager = unit.record.relationship_manager
        manager = manager if is_named(manager) else None
        for entry in unit.investments:
            _investment(entry, unit.record.id, portfolio, fiscal_year, start_month)
            entry.facts.review_cadence_days = entry.record.review_cadence_days or cadence
            own = entry.record.relationship_manager
            entry.facts.managed_by = own if is_named(own) else manager
    derive_value(portfolio)
    if not is_told:
        _people(portfolio)
        for post in portfolio.managers.values():
            _manager(post, portfolio)
    served = (
        (n, u.record.relationship_manager, served_in(u, portfolio))
        for n, u in portfolio.units.items()
    )
    serve(portfolio, served)
    holders, listed = Holders(portfolio), defaultdict[str, list[str]](list)
    for name, post in portfolio.managers.items():
        for served_unit in dict.fromkeys(post.record.serves):
            listed[served_unit].append(name)
    for name, unit in portfolio.units.items():
        for engagement in unit.engagements:
            derive_engagement(engagement, unit, holders, portfolio)
        unit.facts.relationship_managers = listed[name]
        _unit(unit, portfolio)
    entries = {e.record.id: e for e in portfolio.investments()}
    derive_dependencies(entries)
    derive_realised(portfolio, entries)
    portfolio.shares = shares_of(portfolio, holders, entries)
    if not is_told:
        derive_beyond(portfolio, portfolio.shares)
    if any(e.record.held for unit in portfolio.units.values() for e in held_by(unit)):
        from itgov.model.tenure import derive_held  # few portfolios have any

        derive_held(portfolio)
    if portfolio.minutes:
        from itgov.model.derive_reviews import derive_reviews  # few portfolios have any

        derive_reviews(portfolio, entries, is_told)


_UNSAID = Investment(id="", title="")
"""A record that states nothing: what is as here is a default."""


def _states(record: Investment, field: str) -> bool:
    """Say whether a record states a field, by its name in `withheld`."""
    if field.startswith("custom."):
        return record.custom.get(field.removeprefix("custom.")) is not None
    return getattr(record, field, None) != getattr(_UNSAID, field, None)


def days(since: datetime.date | None, today: datetime.date) -> int | None:
    """Return the days from `since` to `today`; negative if it lies ahead."""
    return None if since is None else (today - since).days


# -- investments and outcomes --------------------------------------------------------------


def _investment(
    entry: InvestmentEntry, unit: str, portfolio: Portfolio, fiscal_year: int, start_month: int
) -> None:
    record, facts, today = entry.record, entry.facts, portfolio.today
    facts.business_unit = unit
    facts.is_active = record.stage not in OVER
    derive_imported(record, facts)
    end = record.last_day
    end_year = fiscal_year_of(end, start_month) if end is not None else None
    budgets: int | float = 0
    actuals: int | float = 0
    forecasts: int | float = 0
    weights: int | float = 0
    for row in record.spend:
        budget, actual, forecast = row.budget or 0, row.actual or 0, row.forecast or 0
        budgets += budget
        actuals += actual
        forecasts += forecast
        weights += row.weight
        if row.year <= fiscal_year:
            facts.budget_to_date += budget
        if row.year == fiscal_year:
            facts.spend_this_year += _first(row.actual, row.forecast, row.budget)
        if end_year is not None and row.year > end_year:
            facts.spend_after_end += _first(row.actual, row.budget)
        if row.budget is not None and row.budget > 0:
            if row.actual is not None:
                facts.worst_overspend = _larger(facts.worst_overspend, actual / budget - 1)
            if row.forecast is not None:
                facts.forecast_overspend = _larger(facts.forecast_overspend, forecast / budget - 1)
    facts.budget_total, facts.actual_total = budgets, actuals
    facts.forecast_total, facts.spend_total = forecasts, weights
    if record.withheld:
        facts.withheld_present = [f for f in record.withheld if _states(record, f)]
    if record.withheld.get("outcomes") and not record.outcomes:
        facts.line_of_sight = "outcome"
    for place, outcome in enumerate(entry.outcomes):
        found = outcome.facts
        _outcome(found, outcome.record, portfolio)
        found.investment, found.business_unit = record.id, unit
        if not place or RANK[found.line_of_sight] < RANK[facts.line_of_sight]:
            facts.line_of_sight = found.line_of_sight
        age = found.days_since_result
        found.stale = record.stage == "live" and age is not None and age > STALE_DAYS
        facts.outcomes_improved += found.line_of_sight in IMPROVED
        facts.outcomes_met += found.met is True
        if age is not None and (facts.days_since_result is None or age < facts.days_since_result):
            facts.days_since_result = age
    facts.days_since_review = days(record.last_reviewed, today)
    facts.days_review_overdue = days(record.next_review, today)
    facts.days_since_end = days(record.end, today)
    facts.days_since_confidence = days(record.confidence_on, today)


def _first(*amounts: int | float | None) -> int | float:
    for amount in amounts:
        if amount is not None:
            return amount
    return 0


def _larger(known: int | float | None, value: float) -> int | float:
    return value if known is None or value > known else known


def _outcome(facts: OutcomeFacts, record: Outcome, portfolio: Portfolio) -> None:
    baseline, target, today = record.baseline, record.target, portfolio.today
    facts.direction = record.direction
    if facts.direction is None and baseline is not None and target is not None:
        facts.direction = "up" if target > baseline else "down" if target < baseline else None
    facts.days_overdue = days(record.due, today)
    facts.has_unit = is_said(record.unit)
    found = count_results(record, today, portfolio.evidence_files)
    facts.line_of_sight, facts.met, facts.faded = found.reach, found.met, found.faded
    facts.latest_actual = found.recorded
    facts.results_without_evidence = found.without_evidence
    if found.latest is not None:
        facts.latest_date = found.latest.isoformat()
        facts.days_since_result = (today - found.latest).days
    elif facts.days_overdue is not None:
        facts.overdue = facts.days_overdue > portfolio.grace_days
    way = target - baseline if target is not None and baseline is not None else 0
    if found.counted is not None and baseline is not None and way:
        facts.progress = (found.counted - baseline) / way


# -- people --------------------------------------------------------------------------------


def _people(portfolio: Portfolio) -> None:
    people = portfolio.people
    called: dict[str, list[str]] = {}
    for identifier, person in people.items():
        called.setdefault(drawn(person.record.name), []).append(identifier)
    for ids in called.values():
        for identifier in ids if len(ids) > 1 else ():
            people[identifier].facts.same_name = [i for i in ids[:_MOST_NAMED] if i != identifier]
    for person in people.values():
        person.facts.is_active = not person.record.has_left(portfolio.today)
        person.facts.is_relationship_manager = person.record.id in portfolio.managers


def _manager(entry: ManagerEntry, portfolio: Portfolio) -> None:
    record, facts, today = entry.record, entry.facts, portfolio.today
    person = portfolio.people.get(record.person)
    facts.name = person.name if person else record.person
    facts.side = person.record.side if person else None
    boss = portfolio.people.get(record.reports_to or "")
    facts.manager_side = boss.record.side if boss else None
    facts.days_in_position = days(record.position_since, today)
    facts.days_native_overdue = days(record.native_by, today)
    agreed = portfolio.organisation.record.vocabulary.relationship_manager
    if agreed is not None and record.title is not None:
        facts.title_agreed = record.title.casefold().split() == agreed.casefold().split()
    for experience in record.experience:
        if experience.perspective == "customer" and is_evidence(
            experience.evidence, portfolio.evidence_files
        ):
            facts.evidenced_services = facts.evidenced_services or experience.area == "services"
            facts.evidenced_investments = (
                facts.evidenced_investments or experience.area == "investments"
            )


# -- units ---------------------------------------------------------------------------------


def _unit(unit: UnitEntry, portfolio: Portfolio) -> None:
    facts = unit.facts
    facts.investment_count = len(unit.investments)
    for entry in unit.investments:
        found = entry.facts
        facts.active_investment_count += found.is_active
        facts.budget_total += found.budget_total
        facts.actual_total += found.actual_total
        facts.spend_total += found.spend_total
        facts.value_planned += found.value_planned
        if found.line_of_sight == "none":
            facts.spend_without_outcome += found.spend_total
        facts.spend_improved += improved_spend(entry)
    totals = totals_of(unit)
    facts.run_share = totals.run / totals.classified if totals.classified else None
    derive_caps(unit, portfolio)
    derive_engagements(unit, portfolio.today)
