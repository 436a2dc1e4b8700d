"""What a finding is about, and where in the room that is shown."""

from __future__ import annotations

from itgov.model.finding import Finding, item_of
from itgov.tui.state.findings import FindingRow
from itgov.tui.state.room import Room
from itgov.tui.state.selection import Target


def person_of(finding: Finding) -> str | None:
    """Return the id of the person that a finding is about, if it is about one."""
    kind = finding.subject.kind
    return finding.subject.id if kind in ("person", "relationship_manager") else None


def is_about(found: FindingRow, target: Target) -> bool:
    """Say whether a finding is about what a target names."""
    f = found.finding
    if (f.subject.kind, f.subject.id) == (target.kind, target.id):
        return True
    match target.kind:
        case "investment":
            return found.item is not None and found.item.id == target.id
        case "business_unit":
            return f.business_unit == target.id
        case "person":
            return target.id in (found.owner, person_of(f))
    return False


def target_of(room: Room, finding: Finding) -> Target | None:
    """Return where the subject of a finding is shown, if anywhere."""
    subject = finding.subject
    known = room.portfolio
    name = item_of(subject) or subject.id
    if subject.kind == "waiver":
        name = subject.id.rpartition("/")[0]
    if subject.kind in ("investment", "outcome", "waiver") and name in room.items:
        return Target("portfolio", "investment", name)
    if subject.kind == "person":
        return Target("people", "person", subject.id)
    if subject.kind in ("relationship_manager", "waiver") and name in known.managers:
        return Target("managers", "relationship_manager", name)
    if finding.business_unit in known.units:
        return Target("portfolio", "business_unit", finding.business_unit or "")
    return None
