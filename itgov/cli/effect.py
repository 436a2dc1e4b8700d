"""What edits do to findings and money, said before they are written."""

from __future__ import annotations

import datetime

from itgov.files.proposal import Proposal, version_after
from itgov.insight.diff import compare_versions
from itgov.insight.flow import Flow
from itgov.rules.catalogue import RuleBook
from itgov.sheets.account import Effect, Findings


def effect_of(flow: Flow, book: RuleBook, day: datetime.date, proposal: Proposal) -> Effect:
    """Return what `itgov diff` will say of a proposal, as of a day, by the rules of a book."""
    if proposal.is_empty:
        return Effect()
    before = ("the files", flow.repository.on_disk)
    after = ("the edits", version_after(flow.repository, proposal))
    diff = compare_versions(flow, before, after, book, day)
    findings = Findings(len(diff.mended), len(diff.introduced))
    return Effect(findings, diff.money, diff.currency or "")
