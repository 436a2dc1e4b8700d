"""How far the chain from spend to value reaches, and what of an outcome's results counts.

The words for screens stand here once; every screen, document and page takes them from here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple, get_args

from itgov.model.lazy_patterns import lazy_pattern
from itgov.model.nobody import is_named, is_said
from itgov.model.types import Direction, Outcome, Result

Reach = Literal["none", "outcome", "measure", "target", "result", "evidence", "moved", "met"]
REACHES: tuple[Reach, ...] = get_args(Reach)
"""Every step, shortest first."""
RANK: dict[Reach, int] = {reach: rank for rank, reach in enumerate(REACHES)}
REACH_WORDS: dict[Reach, str] = {
    "none": "No outcome",
    "outcome": "No measure",
    "measure": "No baseline or target",
    "target": "No result yet",
    "result": "No evidence",
    "evidence": "Not improved",
    "moved": "Improved",
    "met": "Target met",
}
"""What is said of spend that goes no further."""


class ReachGroup(NamedTuple):
    """Steps that boards see as one."""

    key: str
    title: str
    reaches: tuple[Reach, ...]


IMPROVED: tuple[Reach, ...] = ("moved", "met")
REACH_GROUPS = (
    ReachGroup("unlinked", "No line of sight", ("none", "outcome", "measure")),
    ReachGroup("uncounted", "No result that counts", ("target", "result")),
    ReachGroup("unimproved", "Not improved", ("evidence",)),
    ReachGroup("improved", "Improved", IMPROVED),
)
GROUP_OF: dict[Reach, ReachGroup] = {r: group for group in REACH_GROUPS for r in group.reaches}
MARKS = ("overdue", "faded", "stale")
"""What is said beside how far an outcome reaches: names of facts."""

GRACE_DAYS = 90
"""The default of `grace_days` in health.yaml: days after a due day, or after the day from which value
is planned, in which nothing is asked of an outcome yet.  In force is `Portfolio.grace_days`."""
STALE_DAYS = 365
"""Days after which the latest result of something live is stale."""

_LINK = lazy_pattern(r"https?://(([^\s/]+)\S*)\Z", re.IGNORECASE)
_NAMES_FILE = lazy_pattern(r"\S*[/\\]\S*\Z|(?:\S+|.*[/\\].*)\.[A-Za-z][A-Za-z0-9]{1,4}\Z")
_CONTROL = lazy_pattern(r"[\x00-\x1f\x7f\\]")


# -- evidence ------------------------------------------------------------------------------


def is_link(evidence: str) -> bool:
    """Say whether evidence is a web link, and neither its host nor the whole, nor its last word, is a
    placeholder (`https://tbd`, `http://n/a`, `https://example.org/tbd`); nothing is opened."""
    found = _LINK.match(evidence)
    return found is not None and is_said(found[1]) and is_said(found[2])


def names_file(evidence: str) -> bool:
    """Say whether evidence that is no link is written as the path of a file, not as words."""
    return _NAMES_FILE.match(evidence) is not None and is_named(evidence)


def path_inside(evidence: str) -> str | None:
    """Return evidence as a path from the repository's root, or None where it leads out of it."""
    if evidence.startswith("/") or _CONTROL.search(evidence):
        return None
    parts = [part for part in evidence.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or any(part.casefold() == ".git" for part in parts):
        return None
    return "/".join(parts)


def is_evidence(evidence: str | None, files: Collection[str] | None) -> bool:
    """Say whether something is evidence: a web link, or one of the files that are there.

    `files` are evidence texts that name a file of the repository.  None: there is no repository, as
    in a rule's example, and every text that is written as a path counts as a file.
    """
    if evidence is None:
        return False
    if is_link(evidence):
        return True
    return evidence in files if files is not None else names_file(evidence)


# -- one outcome ---------------------------------------------------------------------------


def better_way(outcome: Outcome) -> Direction | None:
    """Return which way is better: as recorded, else from baseline to target; None: not known.

    Where what is recorded contradicts baseline and target, nobody knows.
    """
    baseline, target = outcome.baseline, outcome.target
    implied: Direction | None = None
    if baseline is not None and target is not None and target != baseline:
        implied = "up" if target > baseline else "down"
    if outcome.direction is None:
        return implied
    return outcome.direction if implied in (None, outcome.direction) else None


class Counted(NamedTuple):
    """What an outcome's results up to a day say, by what of them counts."""

    reach: Reach
    latest: datetime.date | None
    """The day of the latest result."""
    recorded: float | None
    """The latest figure, with or without evidence."""
    counted: float | None
    """The latest figure that counts: one that says that things are better only with evidence."""
    met: bool | None
    """Whether the target is reached: yes only with evidence."""
    faded: bool
    """Whether an earlier figure reached the target, and the latest does not."""
    without_evidence: int
    """Number of results without evidence, also of those to come."""


def count_results(outcome: Outcome, today: datetime.date, files: Collection[str] | None) -> Counted:
    """Return how far an outcome reaches on a day, and what its results say."""
    baseline, target = outcome.baseline, outcome.target
    way = better_way(outcome)
    up = way != "down"
    recorded = counted = latest = None
    has_evidence = reached = False
    without = 0
    for result in _in_order(outcome.results):
        evidenced = is_evidence(result.evidence, files)
        without += not evidenced
        if result.date > today:
            continue
        latest = result.date
        has_evidence = has_evidence or evidenced
        figure = result.actual
        if figure is None:
            continue
        recorded = figure
        reaches = way is not None and target is not None and _at_least(figure, target, up)
        reached = reached or reaches
        if evidenced:
            counted = figure
        else:
            before = counted if counted is not None else baseline
            good = reaches if before is None else not _at_least(before, figure, up)
            if not good and not (reaches and counted is None):
                counted = figure
    judged = way is not None and target is not None
    reaches = judged and counted is not None and _at_least(counted, target or 0, up)
    met: bool | None = None
    if judged and recorded is not None:
        if not _at_least(recorded, target or 0, up):
            met = False
        elif reaches and has_evidence:
            met = True
    return Counted(
        _reach(outcome, latest is not None, has_evidence, reaches, counted, way),
        latest, recorded, counted, met, reached and met is False, without,
    )  # fmt: skip


def _reach(
    outcome: Outcome,
    has_result: bool,
    has_evidence: bool,
    reaches: bool,
    counted: float | None,
    way: Direction | None,
) -> Reach:
    baseline = outcome.baseline
    if not is_said(outcome.measure):
        return "outcome"
    if baseline is None or outcome.target is None:
        return "measure"
    if not has_result:
        return "target"
    if not has_evidence:
        return "result"
    if reaches:
        return "met"
    if way is None or counted is None:
        return "evidence"
    return "moved" if not _at_least(baseline, counted, way != "down") else "evidence"


def _at_least(one: float, other: float, up: bool) -> bool:
    """Say whether one figure is as good as another, or better."""
    return one >= other if up else one <= other


def _in_order(results: Sequence[Result]) -> Sequence[Result]:
    """Return results by day, those of a day in the order of the file."""
    if len(results) < 2:
        return results
    return sorted(results, key=lambda r: r.date)
