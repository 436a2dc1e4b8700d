"""What derivations read that is no field of a record: the day, git, minutes, signs, opportunities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from itgov.insight.why_imported import noted_gone, noted_older
from itgov.insight.why_paths import Entry, PathReader, ReadSource
from itgov.insight.why_types import WhyInput
from itgov.model.after_left import named_after_left
from itgov.model.derive_caps import improved_spend, live_spend, unpromised_spend
from itgov.model.engagements import OpportunityStory, is_quiet, opportunities_of
from itgov.model.plan import PARTS
from itgov.model.portfolio import (
    InvestmentEntry,
    ManagerEntry,
    OrganisationEntry,
    OutcomeEntry,
    PersonEntry,
    Source,
    UnitEntry,
)
from itgov.model.reach import is_evidence
from itgov.model.value_sums import ValueSum, total_of


def own_sums(entry: OutcomeEntry | InvestmentEntry | UnitEntry) -> ValueSum:
    """Return the money of an outcome or item, whoever else claims the same, or of a unit."""
    if isinstance(entry, InvestmentEntry):
        outcomes = [outcome.sums for outcome in entry.outcomes]
        return total_of(outcomes) if outcomes else ValueSum()
    return entry.sums


def _today(reader: PathReader, _subject: Entry) -> Iterator[WhyInput]:
    yield WhyInput("as-of date", reader.today.isoformat())


def _grace(reader: PathReader, _subject: Entry) -> Iterator[WhyInput]:
    yield reader.policy("grace_days", reader.portfolio.grace_days, "grace_days")


def _git(reader: PathReader, _subject: Entry) -> Iterator[WhyInput]:
    evidence = reader.portfolio.evidence
    if evidence is None:
        yield WhyInput("git history", "not asked")
    elif evidence.blind is not None:
        yield WhyInput("git history", f"unknown: {evidence.reason or evidence.blind}")
    else:
        shallow = ", a shallow clone" if evidence.shallow else ""
        yield WhyInput("git history", f"since {evidence.since}{shallow}")


def _minutes(reader: PathReader, subject: Entry) -> Iterator[WhyInput]:
    """Yield the sessions up to today that are about a subject."""
    identifier = reader.id_of(subject)
    for entry in reader.portfolio.minutes:
        review = entry.record.review
        about = isinstance(subject, OrganisationEntry) or (
            isinstance(subject, UnitEntry) and review.business_unit in (None, identifier)
        )
        decisions = [
            d.decision
            for item in entry.as_now.items
            if item.subject.id == identifier
            for d in item.decisions
        ]
        if (about or decisions) and review.date <= reader.today:
            said = f"{review.date}: {', '.join(decisions)}" if decisions else str(review.date)
            yield WhyInput(f"minutes {review.id}", said, reader.place_of(entry.source))


def _signs(reader: PathReader, subject: Entry) -> Iterator[WhyInput]:
    if isinstance(subject, ManagerEntry):
        of = reader.subject_of(subject)
        for placed in subject.signs:
            sign = placed.sign
            place = reader.place_of(placed.source)
            yield WhyInput(f"{sign.sign}: {sign.side}", sign.says, place, of=of)


def _opportunities(
    wanted: Callable[[PathReader, OpportunityStory], bool], reader: PathReader, subject: Entry
) -> Iterator[WhyInput]:
    """Yield the opportunities of a unit that end in a state, each where it was raised."""
    if isinstance(subject, UnitEntry):
        of = reader.subject_of(subject)
        for story in opportunities_of(subject, reader.today):
            if wanted(reader, story):
                source = story.raised_in.source
                route = (*source.route, "opportunities", story.place)
                says = f"{story.id}, raised {story.raised_in.record.date}"
                told = f"{story.state}, last mentioned {story.mentioned}"
                yield WhyInput(says, told, reader.place_of(Source(source.path, route)), of=of)


def _after_left(reader: PathReader, subject: Entry) -> Iterator[WhyInput]:
    """Yield every place that names a person for a day after they left."""
    if isinstance(subject, PersonEntry):
        for naming in named_after_left(reader.portfolio):
            if naming.person == subject.record.id:
                of = reader.subject_of(subject)
                yield WhyInput(naming.says, str(naming.day), reader.place_of(naming.source), of=of)


def _side(name: str, reader: PathReader, subject: Entry) -> Iterator[WhyInput]:
    """Yield money that facts divide, and that is no fact itself."""
    if isinstance(subject, OutcomeEntry | InvestmentEntry | UnitEntry):
        amount = getattr(own_sums(subject), name.replace(".", "_")) / PARTS
        yield reader.derived(subject, name, amount, name)


def _spend(
    amount: Callable[[InvestmentEntry], float], reader: PathReader, subject: Entry
) -> Iterator[WhyInput]:
    """Yield what of each item's spend counts, where anything does."""
    if isinstance(subject, UnitEntry):
        for entry in subject.investments:
            if value := amount(entry):
                yield reader.derived(entry, "spend_total", value)


def _without_evidence(reader: PathReader, subject: Entry) -> Iterator[WhyInput]:
    if isinstance(subject, OutcomeEntry):
        files = reader.portfolio.evidence_files
        for place, result in enumerate(subject.record.results):
            if not is_evidence(result.evidence, files):
                said, route = f"results {result.date}: evidence", ("results", place, "evidence")
                yield reader.input_of(subject, said, result.evidence, *route)


SOURCES: dict[str, ReadSource] = {
    "today": _today,
    "grace_days": _grace,
    "git": _git,
    "minutes": _minutes,
    "signs": _signs,
    "opportunities.open": partial(_opportunities, lambda _reader, story: story.is_open),
    "opportunities.quiet": partial(
        _opportunities, lambda reader, story: story.is_open and is_quiet(story, reader.today)
    ),
    "opportunities.realised": partial(
        _opportunities, lambda _reader, story: story.state == "realised"
    ),
    "spend.live": partial(_spend, live_spend),
    "spend.without_promise": partial(_spend, unpromised_spend),
    "spend.improved": partial(_spend, improved_spend),
    "named.after_left": _after_left,
    "custom.imported.gone": noted_gone,
    "custom.imported.older": noted_older,
    "results.without_evidence": _without_evidence,
    **{
        name: partial(_side, name)
        for name in ("judged.planned", "judged.realised", "held.planned", "held.realised")
    },
}
"""By path, what reads it."""
