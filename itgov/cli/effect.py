"""What edits do to the findings, said before they are written."""

from __future__ import annotations

from itgov.files.proposal import Proposal, changed_files
from itgov.files.sources import WithChanges
from itgov.insight.flow import Flow, Governed
from itgov.sheets.account import Effect


def effect_of(flow: Flow, before: Governed, proposal: Proposal) -> Effect:
    """Return which findings the edits would end, and which they would bring."""
    files = WithChanges(flow.repository.tree, changed_files(proposal))
    day = before.linked.portfolio.today
    after = flow.at(day, before.book, flow.repository.version(files))
    was = {f.fingerprint for f in before.judged.findings if not f.waived}
    there = {f.fingerprint for f in after.judged.findings}
    standing = {f.fingerprint for f in after.judged.findings if not f.waived}
    return Effect(len(was - there), len(standing - was))
