"""What closing a session does, in words; the same in the room and on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from itgov.model.minutes import STEPS, DecisionKind, Minutes, is_settled, tally, verdict_of
from itgov.model.text import plural
from itgov.report.plain import plain
from itgov.report.review_words import done_of, step_count


def closing_words(minutes: Minutes, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what a session decided, what comes back, and who was there; `names` are people's by id."""
    count = tally(item.decisions for item in minutes.items)
    kinds: dict[str, int] = {}
    beside: dict[DecisionKind, int] = {}
    for item in minutes.items:
        verdict = verdict_of(item.decisions)
        if verdict is not None and is_settled(item.decisions):
            done = done_of(verdict, item.subject.kind)
            kinds[done] = kinds.get(done, 0) + 1
        for decision in item.decisions:
            if decision.decision in STEPS:
                beside[decision.decision] = beside.get(decision.decision, 0) + 1
    yield count.says + (f": {_counted(kinds)}" if kinds else "")
    if count.left:
        skipped = f", {count.skipped:,} of them skipped" if count.skipped else ""
        yield f"{plural(count.left, 'item')} without a decision {_comes(count.left)} back{skipped}"
    if beside:
        steps = ", ".join(step_count(kind, number) for kind, number in beside.items())
        yield f"also recorded: {steps}"
    review = minutes.review

    def called(person: str) -> str:
        return plain(names.get(person, person))

    yield f"chair: {called(review.chair) if review.chair is not None else 'nobody named'}"
    yield f"present: {', '.join(called(p) for p in review.present) or 'nobody named'}"
    if review.scenarios:
        yield f"scenarios carried out: {', '.join(plain(s) for s in review.scenarios)}"


def commit_message(minutes: Minutes, names: Mapping[str, str]) -> str:
    """Return the message of the commit of a closed session: what it is, what closing says, the seal."""
    review = minutes.review
    scope = review.business_unit or "the organisation"
    first, *more = closing_words(minutes, names)
    lines = [f"Review of {scope}, {review.date}", "", f"{first}.", *more]
    if minutes.seal is not None:
        lines += ["", f"Minutes-Seal: {minutes.seal.hash}"]
    return "\n".join(lines) + "\n"


def commit_words(paths: int, branch: str | None, why_not: str | None) -> str:
    """Return what a commit would take, and to where; or why there can be none."""
    if why_not is not None:
        return f"no commit: {plain(why_not)}"
    where = f"to {plain(branch)}" if branch else "to a detached HEAD, on no branch"
    return f"a commit {where} would take {plural(paths, 'file')}"


def _counted(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())


def _comes(count: int) -> str:
    return "comes" if count == 1 else "come"
