"""The changes of a scenario in words, the same on a screen and in every format."""

from __future__ import annotations

from itgov.model.portfolio import Portfolio
from itgov.model.scenario import CHANGE_FIELDS, Change
from itgov.model.text import plural


def change_words(change: Change, portfolio: Portfolio) -> str:
    """Return what a change does: "stop on 2027-01-01"; people by the names that a portfolio has."""
    match change.kind:
        case "stop":
            return f"stop on {change.on}"
        case "delay":
            return f"delay by {plural(change.months or 0, 'month')}"
        case "approve":
            return "approve"
        case "spend":
            also = f", forecast {change.forecast:,.0f}" if change.forecast is not None else ""
            return f"budget of {change.year}: {change.budget or 0:,.0f}{also}"
        case "assign":
            named = {f: getattr(change, f) for f in CHANGE_FIELDS["assign"][1]}
            people = portfolio.people
            names = {f: people[who].name if who in people else who for f, who in named.items()}
            posts = [
                f"{f.replace('_', ' ')} {name}" for f, name in names.items() if name is not None
            ]
            return f"assign {', '.join(posts)}"
