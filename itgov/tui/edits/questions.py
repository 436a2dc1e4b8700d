"""Questions that are asked for an edit and for a decision of a session alike."""

from __future__ import annotations

from itgov.model.minutes import DecisionKind
from itgov.tui.dialogs.form import Ask

_WAIVED_DAYS = 90
"""How long a waiver holds if nobody says otherwise."""

REASON = Ask(id="reason", label="reason")
WAIVER = (
    REASON,
    Ask(id="until", label="last day", kind="date", value=f"+{_WAIVED_DAYS}"),
    Ask(id="approved_by", label="approver", kind="person"),
)
ACTION = (
    Ask(id="what", label="action"),
    Ask(id="owner", label="owner", kind="person"),
    Ask(id="due", label="due", kind="date", value="+14"),
)
ASKED: dict[DecisionKind, tuple[Ask, ...]] = {
    "hold": (REASON, Ask(id="until", label="until", kind="date", optional=True)),
    "challenge": (REASON,),
    "escalate": (REASON,),
    "stop": (REASON,),
    "note": (Ask(id="reason", label="note"),),
    "action": ACTION,
}
"""What is asked for a decision, where that depends on nothing else."""
MADE_ANEW = "A file was changed by somebody else. This is the edit on the changed file."
"""Said over an edit that is shown again."""
