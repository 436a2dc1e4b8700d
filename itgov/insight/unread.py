"""Where files are broken, so that what they say there is in no number."""

from __future__ import annotations

from itgov.files.linked import Linked
from itgov.model.finding import Place


def unread(linked: Linked) -> tuple[Place, ...]:
    """Return the first place in each file of which something could not be used, in the order of the files."""
    found: dict[str, Place] = {}
    for finding in linked.findings:
        if finding.severity == "error" and finding.rule.startswith(("YML-", "MOD-")):
            found.setdefault(finding.path, finding.place)
    return tuple(found.values())
