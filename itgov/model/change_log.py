"""The log of a portfolio's changes: which field of which record changed at which commit.

A log is made by `step`, from the records of the files that one commit changed, and is a pure
function of these.  It holds no more than changes; what they mean is computed in `derive_history.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from itgov.model.business_words import with_items, with_people, words_of
from itgov.model.fields import Kind, with_ids
from itgov.model.nobody import is_named
from itgov.model.same_records import same_investments, same_outcomes, same_people
from itgov.model.types import (
    BusinessUnit,
    Investment,
    OrganisationFile,
    Outcome,
    Person,
    UnitFile,
)

Value = str | float | None

ROLES = ("outcome_owner", "sponsor", "relationship_manager")
UNIT_ROLES = ("relationship_manager", "head")
"""The roles of an investment, and of a unit, whose changes are counted."""
_SCALARS = ("baseline", "target")
UNCOMMITTED = "uncommitted"
PLAN_FIELDS = ("value", "value_from", "value_until", "due", "profile")
"""What a plan of money is made of."""
BUDGET = "budget"
"""Not a field of its own: the budgets of all years, `2026=100.0;2027=50.0`."""


class FieldChange(Struct, array_like=True, gc=False):
    """One field that one commit changed.

    Of the fields that a rule asks after (roles, budget, end, target, baseline, confidence) `old` is
    the last value that was there, however long ago, and `new` the one now; of others both are None.
    """

    field: str
    at: int
    old: Value = None
    new: Value = None
    planning: bool = False
    """Whether the investment was still only proposed."""
    decided: bool = False
    """Whether the same commit recorded a gate."""


class Life(Struct, array_like=True):
    """What is known of one record since the commit, by its place in the log, that first has it."""

    born: int
    is_certain: bool
    """Whether it began there: others were there before, and were all read."""
    values: dict[str, Value]
    changes: list[FieldChange] = []
    """Oldest first."""
    since: int = 0
    """The commit that gave it this id, where it had another before."""


class PlanLife(Struct, array_like=True):
    """The plans of money that one outcome had, by the commit from which each held.

    A plan is a text of the fields that it is made of; None: it promised nothing, or was deleted.
    """

    steps: list[tuple[int, str | None]]
    since: int = 0
    """The commit that gave the outcome this id, where it had another before."""
    moved: int | None = None
    """The commit from which it goes under another id."""


class LoggedCommit(Struct, array_like=True, frozen=True, gc=False):
    """A commit of the line: its id, its day in UTC, as a proleptic ordinal, and its author."""

    id: str
    day: int
    author: str = ""
    email: str = ""


class PersonRenamed(Struct, array_like=True, frozen=True, gc=False):
    """A person who got another id, at the commit at place `at`."""

    at: int
    old: str
    new: str


class Log(Struct):
    """All changes along one line of commits, oldest first."""

    commits: list[LoggedCommit] = []
    first: int | None = None
    """The first commit that has any record, by its place."""
    lives: dict[str, Life] = {}
    """By `i:<investment>`, `o:<investment>/<outcome>`, `u:<unit>`."""
    files: dict[str, str] = {}
    """The last sound content of each file at the end of the line, as a blob's id."""
    unsound: list[str] = []
    """Files of which no content was ever sound."""
    unread: int = 0
    """Times that a file could not be read at a commit."""
    renamed: list[PersonRenamed] = []
    """People who got another id, oldest first."""
    words: dict[str, int] = {}
    """The place of the commit that entered each word of the business, by its key."""
    plans: dict[str, PlanLife] = {}
    """Plans of money, by `o:<investment>/<outcome>`; of one that was deleted too."""
    stages: dict[str, list[tuple[int, str]]] = {}
    """By `i:<investment>`, each stage and the commit from which it held; an empty text for none."""
    homes: dict[str, list[tuple[int, str]]] = {}
    """By `i:<investment>`, each unit in whose files it was, and the commit from which on; an empty text
    from where it was deleted.  What stands in a file that cannot be read any more was not."""
    renumbered: dict[str, str] = {}
    """Of the last step, the items that got another id: the new one by the old."""


class Records(Struct):
    """The records of some files: investments with their units, units, and people, by id."""

    investments: dict[str, Investment] = {}
    units: dict[str, BusinessUnit] = {}
    people: dict[str, Person] = {}
    words: dict[str, None] = {}
    """The keys of the business's words."""
    homes: dict[str, str] = {}
    """The unit of each investment."""


def plan_text(outcome: Outcome) -> str | None:
    """Return an outcome's plan of money as a text; None where it promises nothing."""
    if not outcome.value and not outcome.profile:
        return None
    plan = {name: getattr(outcome, name) for name in PLAN_FIELDS}
    return msgspec.json.encode(plan, order="deterministic").decode()


def records_of(files: Iterable[object]) -> Records:
    """Return the records of what files say.  Of an id that is used twice the first counts."""
    found = Records({}, {}, {}, {}, {})
    for content in files:
        found.words |= dict.fromkeys(words_of(content))
        if isinstance(content, OrganisationFile):
            for person in content.people:
                found.people.setdefault(person.id, person)
        if not isinstance(content, UnitFile):
            continue
        if isinstance(content.business_unit, BusinessUnit):
            found.units.setdefault(content.business_unit.id, content.business_unit)
        unit = content.business_unit
        home = unit.id if isinstance(unit, BusinessUnit) else unit or ""
        for investment in content.investments:
            found.investments.setdefault(investment.id, investment)
            found.homes.setdefault(investment.id, home)
    return found


def step(log: Log, before: Records, after: Records, at: int, is_certain: bool) -> None:
    """Add to a log what the commit at place `at` changed.

    `before` and `after` are the records of the files that it touched.  `is_certain` says that a record
    which is new here was nowhere before.
    """
    if after.investments or after.units:
        log.first = at if log.first is None else log.first
    is_certain = is_certain and log.first is not None and log.first < at
    _rename_people(log, before, after, at)
    _renumber(log, before, after, at)
    log.words |= {key: at for key in after.words if key not in before.words}
    for identifier, investment in after.investments.items():
        old = before.investments.get(identifier)
        if old is not None and old == investment:
            continue
        planning = old is not None and old.stage == "proposed"
        marks = (planning, old is not None and any(g not in old.gates for g in investment.gates))
        _record(log, f"i:{identifier}", old, investment, at, is_certain, marks)
        earlier = {o.id: o for o in old.outcomes} if old is not None else {}
        if old is not None:
            _rename(log, identifier, earlier, {o.id: o for o in investment.outcomes}, at)
        for outcome in investment.outcomes:
            key = f"o:{identifier}/{outcome.id}"
            _record(log, key, earlier.get(outcome.id), outcome, at, is_certain, marks)
    _log_plans(log, before, after, at)
    for identifier, unit in after.units.items():
        _record(log, f"u:{identifier}", before.units.get(identifier), unit, at, is_certain)


def _log_plans(log: Log, before: Records, after: Records, at: int) -> None:
    """Add the plans and stages that a commit changed, and those that it deleted."""
    for identifier, investment in after.investments.items():
        stages = log.stages.setdefault(f"i:{identifier}", [])
        stage = investment.stage or ""
        if not stages or stages[-1][1] != stage:
            stages.append((at, stage))
        homes = log.homes.setdefault(f"i:{identifier}", [])
        home = after.homes.get(identifier, "")
        if not homes or homes[-1][1] != home:
            homes.append((at, home))
        for outcome in investment.outcomes:
            _log_plan(log, f"o:{identifier}/{outcome.id}", at, plan_text(outcome))
    for identifier, investment in before.investments.items():
        left = after.investments.get(identifier)
        kept = {o.id for o in left.outcomes} if left is not None else ()
        known_homes = log.homes.get(f"i:{identifier}")
        if left is None and known_homes and known_homes[-1][1]:
            known_homes.append((at, ""))
        for outcome in investment.outcomes:
            key = f"o:{identifier}/{outcome.id}"
            known = log.plans.get(key)
            if outcome.id not in kept and known is not None and known.moved is None:
                _log_plan(log, key, at, None)


def _log_plan(log: Log, key: str, at: int, plan: str | None) -> None:
    known = log.plans.get(key)
    if known is None:
        if plan is not None:
            log.plans[key] = PlanLife([(at, plan)])
    elif known.steps[-1][1] != plan:
        known.steps.append((at, plan))
        known.moved = None


def _record(
    log: Log,
    key: str,
    old: Struct | None,
    new: Struct,
    at: int,
    is_certain: bool,
    marks: tuple[bool, bool] = (False, False),
) -> None:
    life = log.lives.get(key)
    values = tracked(new)
    if life is None:
        log.lives[key] = Life(at, is_certain, values, [])
        return
    fields = []
    if old is not None:
        fields = [
            name
            for name, said in zip(new.__struct_fields__, new.__struct_encode_fields__, strict=True)
            if said not in ("id", "outcomes", *values) and getattr(old, name) != getattr(new, name)
        ]
    for name in fields:
        life.changes.append(FieldChange(name.rstrip("_"), at))
    for name, value in values.items():
        last = life.values.get(name)
        if value is None:
            if old is not None and tracked(old).get(name) is not None:
                life.changes.append(FieldChange(name, at, last, None, *marks))
        elif value != last:
            life.changes.append(FieldChange(name, at, last, value, *marks))
            life.values[name] = value
        elif old is not None and tracked(old).get(name) is None:
            life.changes.append(FieldChange(name, at, last, value, *marks))


def tracked(record: Struct) -> dict[str, Value]:
    """Return the values of a record that rules ask after; None where there is none."""
    if isinstance(record, Investment):
        found: dict[str, Value] = {role: _name(getattr(record, role)) for role in ROLES}
        found["end"] = record.end.isoformat() if record.end is not None else None
        found["confidence"] = record.confidence
        budgets: dict[int, float] = {}
        for row in record.spend:
            if row.budget is not None:
                budgets[row.year] = budgets.get(row.year, 0.0) + row.budget
        found[BUDGET] = ";".join(f"{y}={float(b)!r}" for y, b in sorted(budgets.items())) or None
        return found
    if isinstance(record, Outcome):
        return {n: None if (v := getattr(record, n)) is None else float(v) for n in _SCALARS}
    if isinstance(record, BusinessUnit):
        return {role: _name(getattr(record, role)) for role in UNIT_ROLES}
    return {}


def _name(value: str | None) -> str | None:
    return value if is_named(value) else None


def cut(log: Log, length: int) -> Log:
    """Return a log as it was after its first commits; `files` is left for the caller to fill."""
    lives = {}
    for key, life in log.lives.items():
        if max(life.born, life.since) >= length:
            continue
        values = dict(life.values)
        for change in reversed(life.changes):
            if change.at >= length and change.field in values:
                values[change.field] = change.old
        lives[key] = Life(
            life.born,
            life.is_certain,
            values,
            [c for c in life.changes if c.at < length],
            life.since,
        )
    first = log.first if log.first is not None and log.first < length else None
    renamed = [r for r in log.renamed if r.at < length]
    words = {key: at for key, at in log.words.items() if at < length}
    plans = {
        key: PlanLife(
            [s for s in plan.steps if s[0] < length],
            plan.since,
            plan.moved if plan.moved is not None and plan.moved < length else None,
        )
        for key, plan in log.plans.items()
        if plan.since < length and plan.steps[0][0] < length
    }
    return Log(
        log.commits[:length], first, lives, renamed=renamed, words=words, plans=plans,
        stages=_steps_before(log.stages, length), homes=_steps_before(log.homes, length),
    )  # fmt: skip


def _steps_before(
    steps: dict[str, list[tuple[int, str]]], length: int
) -> dict[str, list[tuple[int, str]]]:
    return {k: kept for k, found in steps.items() if (kept := [s for s in found if s[0] < length])}


# -- what goes under another id ------------------------------------------------------------


def _rename_people(log: Log, before: Records, after: Records, at: int) -> None:
    """Follow people who got another id: no role has changed hands."""
    renamed = same_people(before.people, after.people)
    if not renamed:
        return
    log.renamed += [PersonRenamed(at, old, new) for old, new in renamed.items()]
    ids: dict[tuple[Kind, str], str] = {("person", old): new for old, new in renamed.items()}
    before.investments = {i: with_ids(r, ids) for i, r in before.investments.items()}
    before.units = {i: with_ids(r, ids) for i, r in before.units.items()}
    before.words = {with_people(key, renamed): None for key in before.words}
    log.words = {with_people(key, renamed): place for key, place in log.words.items()}
    for life in log.lives.values():
        for role in {*ROLES, *UNIT_ROLES} & life.values.keys():
            value = life.values[role]
            if isinstance(value, str):
                life.values[role] = renamed.get(value, value)


def _renumber(log: Log, before: Records, after: Records, at: int) -> None:
    """Follow investments that got another id: the one of that title went as the other came."""
    lived = {i for i in after.investments if f"i:{i}" in log.lives}
    log.renumbered = same_investments(before.investments, after.investments, lived)
    for old, new in log.renumbered.items():
        _copy(log, f"i:{old}", f"i:{new}", at)
        log.homes.pop(f"i:{old}", None)  # it was not deleted
        for key in [k for k in log.lives if k.startswith(f"o:{old}/")]:
            _copy(log, key, f"o:{new}/{key[len(old) + 3 :]}", at)
        before.investments[new] = msgspec.structs.replace(before.investments[old], id=new)
    if renumbered := log.renumbered:
        before.words |= {with_items(key, renumbered): None for key in before.words}
        log.words |= {with_items(key, renumbered): place for key, place in log.words.items()}


def _rename(
    log: Log, investment: str, before: dict[str, Outcome], after: dict[str, Outcome], at: int
) -> None:
    """Follow outcomes that got another id, by what they measure or say."""
    lived = {i for i in after if f"o:{investment}/{i}" in log.lives}
    for old, new in same_outcomes(before, after, lived).items():
        _copy(log, f"o:{investment}/{old}", f"o:{investment}/{new}", at)
        before[new] = before[old]


def _copy(log: Log, old: str, new: str, at: int) -> None:
    life = log.lives.get(old)
    if life is not None:
        log.lives[new] = Life(life.born, life.is_certain, dict(life.values), list(life.changes), at)
    plan = log.plans.get(old)
    if plan is not None and plan.moved is None:  # one that moved on before lives under its later id
        log.plans[new] = PlanLife(list(plan.steps), at)
        plan.moved = at
    for steps in (log.stages, log.homes):
        if (known := steps.get(old)) is not None:
            steps[new] = list(known)
