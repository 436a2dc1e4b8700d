"""The changes of a scenario in words, the same on a screen and in every format."""

from __future__ import annotations

from itgov.model.scenario import CHANGE_FIELDS, Change
from itgov.model.text import plural


def change_words(change: Change) -> str:
    """Return what a change does: "stop on 2027-01-01"."""
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
            posts = [f"{f.replace('_', ' ')} {who}" for f, who in named.items() if who is not None]
            return f"assign {', '.join(posts)}"
