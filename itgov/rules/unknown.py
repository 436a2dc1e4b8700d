"""What rules could not judge because git cannot tell, said once for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from itgov.files.document import Document
from itgov.files.git_dir import FETCH
from itgov.files.linked import Linked
from itgov.files.places import locate
from itgov.model.builtins import BUILT_IN
from itgov.model.finding import Finding, Place, Subject
from itgov.model.findings import Part
from itgov.model.portfolio import Evidence, Portfolio
from itgov.rules.language import SubjectName
from itgov.rules.verdicts import (
    UNEVALUATED,
    UNKNOWN,
    Counts,
    Judged,
    Verdicts,
    finish_parts,
    in_order,
)

RULE = "HIS-000"

_NOUNS: dict[SubjectName, str] = {
    "business_unit": "business unit",
    "investment": "investment",
    "outcome": "outcome",
    "organisation": "organisation",
    "person": "person",
    "relationship_manager": "relationship manager",
    "engagement": "engagement",
}


_ORDER: tuple[SubjectName, ...] = (
    "business_unit", "investment", "outcome", "engagement", "organisation", "person",
    "relationship_manager",
)  # fmt: skip


class Unknown(Struct):
    """The rules that could not be judged everywhere, and on how many subjects of each kind."""

    rules: list[str]
    subjects: dict[SubjectName, int]


def take_unknown(
    order: dict[SubjectName, list[str]], verdicts: list[Verdicts], counts: Iterable[Counts] = ()
) -> Unknown:
    """Return what git could not tell, and count it with what could not be evaluated."""
    rules: dict[str, None] = {}
    subjects: dict[SubjectName, int] = {}
    for counted in counts:
        if counted.unknown:
            subjects[counted.kind] = subjects.get(counted.kind, 0) + counted.unknown
            of_each = zip(order[counted.kind], counted.rules, strict=True)
            rules |= {name: None for name, of in of_each if of[UNKNOWN]}
    for found in verdicts:  # those beside units come last
        if UNKNOWN not in found.table:
            continue
        names = order[found.kind]
        width = len(names)
        for index, name in enumerate(names):
            if UNKNOWN in found.table[index::width]:
                rules[name] = None
        rows = (found.table[at : at + width] for at in range(0, len(found.table), width))
        subjects[found.kind] = subjects.get(found.kind, 0) + sum(UNKNOWN in row for row in rows)
        found.table = found.table.replace(bytes([UNKNOWN]), bytes([UNEVALUATED]))
    return Unknown(sorted(rules), {kind: subjects[kind] for kind in _ORDER if kind in subjects})


def conclude(
    linked: Linked,
    order: dict[SubjectName, list[str]],
    readers: Collection[str],
    parts: Sequence[Part],
    verdicts: list[Verdicts],
    counts: Sequence[Counts] = (),
) -> Judged:
    """Return all that was found, and once for all what could not be judged for want of git.

    `readers` are the rules that ask for what only git can tell; each of `parts` is `in_order`.
    """
    untold: list[Finding] = []
    if readers:
        unknown = take_unknown(order, verdicts, counts)
        portfolio = linked.portfolio
        if unknown.rules:
            untold.append(past_finding(portfolio, linked.documents, unknown))
        if portfolio.evidence is not None and portfolio.evidence.later:
            untold.append(_later_finding(portfolio, linked.documents, portfolio.evidence.later))
    findings = finish_parts([part for part in (*parts, in_order(untold)) if part])
    return Judged(findings, order, verdicts, frozenset(readers), counts)


def past_finding(portfolio: Portfolio, documents: dict[str, Document], unknown: Unknown) -> Finding:
    """Return the one finding that says what could not be judged, why, and what to do."""
    why, fix = _why(portfolio.evidence or Evidence("no git"), portfolio)
    counts = [
        f"{count:,} {_noun(kind, count)}" for kind, count in unknown.subjects.items() if count
    ]
    noun = "rule" if len(unknown.rules) == 1 else "rules"
    message = (
        f"{len(unknown.rules)} {noun} on history ({', '.join(_families(unknown.rules))}) could not"
        f" be judged on {_joined(counts)}: {why}"
    )
    subject = Subject("organisation", portfolio.organisation.record.id)
    place = _place(portfolio, documents)
    return Finding.of(BUILT_IN[RULE], subject, place, message, fix=fix, unevaluated=True)


def _later_finding(portfolio: Portfolio, documents: dict[str, Document], count: int) -> Finding:
    """Return what says that commits are dated after the day as of which is judged."""
    said = "1 commit is dated" if count == 1 else f"{count:,} commits are dated"
    one = count == 1
    if portfolio.evidence is not None and portfolio.evidence.by_clock:
        how = f"{'counts' if one else 'count'} as made on that day"
        fix = "Correct the clock that dated them."
    else:
        how = f"what {'it' if one else 'they'} changed is not judged by rules on history"
        fix = "Judge as of a later day."
    message = f"{said} after {portfolio.today}, and {how}"
    subject = Subject("organisation", portfolio.organisation.record.id)
    place = _place(portfolio, documents)
    return Finding.of(BUILT_IN[RULE], subject, place, message, fix=fix, names="later")


def _place(portfolio: Portfolio, documents: dict[str, Document]) -> Place:
    source = portfolio.organisation.source
    return locate(documents, source, None) if source.path else Place(min(documents, default=""))


def _why(evidence: Evidence, portfolio: Portfolio) -> tuple[str, str]:
    """Return why git could not tell, and what to do about it."""
    deeper = (
        "Fetch the whole history: `git fetch --unshallow`; in GitHub Actions `fetch-depth: 0`,"
        ' in GitLab CI `GIT_DEPTH: "0"`.'
    )
    wait = "Nothing to fix: they are judged once the history is long enough."
    if evidence.blind == "no git":
        return (
            "the portfolio is not in a git repository",
            "Keep it in git, and check it in a clone with its history.",
        )
    if evidence.blind == "submodule":
        return (
            "the portfolio's folder is a git submodule, whose history is in a repository of its own",
            "Check it there, or keep the files themselves in this repository.",
        )
    if evidence.blind == "no commit":
        return "no commit has the portfolio yet", "Commit it: its history begins then."
    fetch = f"Fetch what this partial clone lacks: `{FETCH}`."
    if evidence.blind == "git failed":
        return (
            f"git could not be read: {evidence.reason}",
            fetch if evidence.partial else "Install git, and let it read this repository.",
        )
    if evidence.shallow:
        said = f" of {evidence.since}" if evidence.since is not None else ""
        return f"this is a shallow clone, whose history begins with the commit{said}", deeper
    if evidence.blind == "too new" or evidence.since is None:
        return f"git has no commit of the portfolio up to {portfolio.today}", wait
    days = (portfolio.today - evidence.since).days
    unread = ""
    if evidence.unread:
        times = "once" if evidence.unread == 1 else f"{evidence.unread:,} times"
        unread = f"; {times} a file could not be read at a commit"
    noun = "day" if days == 1 else "days"
    said = f"git knows {days:,} {noun} of the portfolio, since {evidence.since}{unread}"
    return said, fetch if evidence.partial and evidence.unread else wait


def _families(rules: list[str]) -> list[str]:
    """Return rules as people list them: the first few by id."""
    return rules if len(rules) <= 3 else [*rules[:2], "…", rules[-1]]


def _noun(kind: SubjectName, count: int) -> str:
    if count == 1:
        return _NOUNS[kind]
    return "people" if kind == "person" else f"{_NOUNS[kind]}s"


def _joined(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
