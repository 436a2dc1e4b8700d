"""Making and changing any record that the files can hold, by forms derived from the model's types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from itgov.model.fields import fields_of
from itgov.model.filter_query import choice_named
from itgov.model.finding import Subject, SubjectKind
from itgov.model.types import (
    Action,
    BusinessUnit,
    Engagement,
    Investment,
    Objective,
    Opportunity,
    Outcome,
    Person,
    RelationshipLevel,
    RelationshipManager,
    Result,
    SeenBy,
    Spend,
    Step,
)
from itgov.tui.edits.asking import waits_for_answers
from itgov.tui.edits.record_choices import changeable, parents, subject_words, unit_of

if TYPE_CHECKING:
    from itgov.files.linked import Linked
    from itgov.files.proposal import Proposal
    from itgov.tui.edits.proposing import Proposals
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.room import Room
    from itgov.tui.state.selection import Selection

_MOST = 2_000
"""Most records that are offered to be chosen from."""


class Kind(Struct, frozen=True):
    """A kind of record: its type, and the list of which record it belongs to."""

    record: type[Struct]
    parent: SubjectKind | None = None
    """Whose list it goes into; for a record with a list of its own in a file, whose unit it is of."""
    field: str = ""
    """The list in the parent's record; empty for a record with a list of its own in a file."""
    words: str = ""
    id_from: str = ""
    """The field of which an id that is left empty is made."""
    needed: tuple[str, ...] = ()
    """Fields that a new record is asked for although the files may lack them."""


KINDS: dict[str, Kind] = {
    "investment": Kind(Investment, "business_unit", words="Money spent to change something."),
    "service": Kind(Investment, "business_unit", words="Money spent to keep something running."),
    "outcome": Kind(Outcome, "investment", "outcomes", "A business result an investment is for.", "statement", ("statement",)),
    "result": Kind(Result, "outcome", "results", "A measurement of an outcome."),
    "spend": Kind(Spend, "investment", "spend", "Budget, forecast and actual spend of one fiscal year."),
    "engagement": Kind(Engagement, "business_unit", words="A contact with a business unit.", needed=("kind", "by", "summary")),
    "opportunity": Kind(Opportunity, "engagement", "opportunities", "An opportunity raised in an engagement.", "statement", ("statement",)),
    "action": Kind(Action, "engagement", "actions", "Something that a person agreed to do in an engagement.", needed=("owner", "due")),
    "objective": Kind(Objective, "business_unit", "objectives", "What a business unit wants to achieve.", "statement", ("statement",)),
    "relationship level": Kind(RelationshipLevel, "business_unit", "relationship_levels", "The level of the relationship, 1 to 5."),
    "business unit": Kind(BusinessUnit, words="A part of the business, in a file of its own.", id_from="name"),
    "person": Kind(Person, words="A person who can be named.", id_from="name"),
    "relationship manager": Kind(RelationshipManager, words="A person's post as relationship manager."),
    "step": Kind(Step, "relationship_manager", "steps", "A relationship manager's step towards the business team."),
    "word of the business": Kind(SeenBy, "relationship_manager", "represents_seen_by", "Whom a relationship manager speaks for, in the business's view."),
}  # fmt: skip
"""What can be made, by its name."""


class RecordActions:
    """The actions that make a record and change one."""

    def __init__(self, home: RoomApp, proposals: Proposals) -> None:
        self.home = home
        self.proposals = proposals

    # -- making ----------------------------------------------------------------------------------

    @waits_for_answers
    async def do_new(self, argument: str = "") -> None:
        """Make a record: the kind that is named, else ask which."""
        room = self.home.room
        if room is None:
            return
        name = choice_named(argument, tuple(KINDS)) if argument else await self._which_kind()
        if name is None:
            if argument:
                self.home.say(f"`{argument}` cannot be made (use {', '.join(KINDS)})", "warning")
            return
        kind = KINDS[name]
        parent = None
        await self.home.updates.until_read()  # what it belongs to may just have been made
        room = self.home.room or room
        if kind.parent is not None:
            parent = await self._parent(room, kind.parent, name)
            if parent is None:
                return
        await self._make(room, name, kind, parent)

    @waits_for_answers
    async def do_engagement(self) -> None:
        """Record a contact with the business unit that is selected."""
        chosen = self.proposals.chosen()
        if chosen is not None and chosen[1].unit is not None:
            unit = Subject("business_unit", chosen[1].unit)
            await self._make(chosen[0], "engagement", KINDS["engagement"], unit)

    @waits_for_answers
    async def do_add_action(self) -> None:
        """Record what somebody has promised, with the latest engagement of the unit."""
        chosen = self.proposals.chosen()
        if chosen is None or chosen[1].unit is None:
            return
        room, selection = chosen
        latest = next(iter(parents(room, "engagement", selection)), None)
        if latest is None:
            key = self.home.keys.shown("engagement")
            self.home.say(
                f"an action belongs to an engagement; record one first ({key})", "warning"
            )
            return
        parent = Subject("engagement", latest)
        await self._make(room, "action", KINDS["action"], parent, unasked=("done",))

    async def _which_kind(self) -> str | None:
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker

        choices = [Choice(name, f"{name}: {kind.words}", (name,)) for name, kind in KINDS.items()]
        return await self.home.push_screen_wait(choice_picker("New", choices, NAMES))

    async def _parent(self, room: Room, kind: SubjectKind, name: str) -> Subject | None:
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker

        found = parents(room, kind, self.home.navigation.selection())
        if not found:
            words = kind.replace("_", " ")
            self.home.say(f"{name}: it belongs to {_a(words)} {words}; add one first", "warning")
            return None
        if len(found) == 1:
            return Subject(kind, next(iter(found)))
        if len(found) > _MOST:
            self.home.say(
                f"the first {_MOST:,} of {len(found):,} are offered; select one first for the others",
                "warning",
            )
        offered = list(found.items())[:_MOST]
        choices = [Choice(i, f"{i}  {words}", (i, words)) for i, words in offered]
        picker = choice_picker(f"New {name}: of which {kind.replace('_', ' ')}?", choices, NAMES)
        identifier = await self.home.push_screen_wait(picker)
        return Subject(kind, identifier) if identifier is not None else None

    async def _make(
        self,
        room: Room,
        name: str,
        kind: Kind,
        parent: Subject | None,
        unasked: tuple[str, ...] = (),
    ) -> None:
        from itgov.tui.dialogs.form import Form
        from itgov.tui.dialogs.people import people
        from itgov.tui.edits.record_asks import RecordAsks, slug

        unit = unit_of(room, parent)
        fixed = ("type", *unasked) if name in ("investment", "service") else unasked
        made = ("id",) if kind.id_from else ()
        form = RecordAsks(room, kind.record, unit, fixed, made, kind.needed)
        asks = form.asks(_defaults(room, name, unit, self.home.navigation.selection()))
        title = f"New {name}" + (f" of {subject_words(room, parent)}" if parent is not None else "")
        given = await self.home.push_screen_wait(
            Form(title, asks, people(room, unit), room.today, form.check)
        )
        if given is None:
            return
        values = {k: v for k, v in form.values(given).items() if v is not None}
        if name == "service":
            values["type"] = "service"
        if kind.id_from and not values.get("id"):
            from itgov.files.changes import id_for

            said = str(values.get(kind.id_from) or name)
            values["id"] = (
                id_for(said) if name == "person" else slug(said, _taken(room, kind, parent))
            )
        wrote = await self.proposals.offer(_maker(room, name, kind, parent, values))
        if wrote and form.left_out:
            new, edit = self.home.keys.shown("new"), self.home.keys.shown("editor")
            left = ", ".join(form.left_out)
            self.home.say(f"{name} added; not in the form: {left} ({new}, or {edit} in the file)")

    # -- changing --------------------------------------------------------------------------------

    @waits_for_answers
    async def do_change(self) -> None:
        """Change a record: what is selected, or one that lies in it."""
        from itgov.files.investment_changes import with_ended
        from itgov.files.new_records import change_record, record_at
        from itgov.files.subjects import find_record
        from itgov.tui.dialogs.form import Form
        from itgov.tui.dialogs.people import people
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker
        from itgov.tui.edits.record_asks import RecordAsks

        chosen = self.proposals.chosen()
        if chosen is None:
            return
        room, selection = chosen
        found = changeable(room, selection)
        if not found:
            self.home.say("change: nothing here that has a record", "warning")
            return
        name: str | None = next(iter(found))
        if len(found) > 1:
            choices = [Choice(key, words, (words,)) for key, (words, _, _) in found.items()]
            picker = choice_picker("Change", choices, NAMES)
            name = await self.home.push_screen_wait(picker)
        if name is None:
            return
        words, subject, path = found[name]
        linked = room.governed.linked
        record = record_at(find_record(linked, subject).record, path)
        unit = unit_of(room, subject)
        stays = ("id",) + (("person",) if isinstance(record, RelationshipManager) else ())
        form = RecordAsks(room, type(record), unit, stays)
        before = {f.key: getattr(record, f.name) for f in fields_of(type(record))}
        known = {k: _by_key(v) if isinstance(v, Struct) else v for k, v in before.items()}
        asks = form.asks(known)
        given = await self.home.push_screen_wait(
            Form(f"Change {words}", asks, people(room, unit), room.today, form.check)
        )
        if given is None:
            return
        new = form.values(given)
        changed = {k: v for k, v in new.items() if (v or None) != (known.get(k) or None)}
        if not changed:
            self.home.say(f"{words}: no change", "warning")
            return

        def changing(linked: Linked) -> Proposal:
            if not isinstance(record, Investment):
                return change_record(linked, subject, path, changed)
            values, note = with_ended(linked, find_record(linked, subject), changed, room.today)
            return replace(change_record(linked, subject, path, values), note=note)

        await self.proposals.offer(changing)


def _by_key(record: Struct) -> dict[str, Any]:
    found = {f.key: getattr(record, f.name) for f in fields_of(type(record))}
    return {k: v for k, v in found.items() if v is not None}


def _maker(
    room: Room, name: str, kind: Kind, parent: Subject | None, values: Mapping[str, Any]
) -> Callable[[Linked], Proposal]:
    """Return what makes the proposal of a new record from the files as they then are."""
    from itgov.files import new_records

    if kind.field:
        assert parent is not None
        return lambda linked: new_records.new_item(linked, parent, kind.field, values)
    if name == "business unit":
        return lambda linked: new_records.new_unit(linked, room.repository, values)
    if name == "person":
        return lambda linked: new_records.new_person(linked, values)
    if name == "relationship manager":
        return lambda linked: new_records.new_manager(linked, values)
    assert parent is not None
    if name == "engagement":
        return lambda linked: new_records.new_engagement(linked, parent.id, values)
    return lambda linked: new_records.new_investment(linked, parent.id, values)


def _defaults(
    room: Room, name: str, unit: str | None, selection: Selection | None
) -> dict[str, Any]:
    """Return what is filled in already in the form of a new record: never who was present, or said what."""
    from itgov.tui.edits.record_asks import next_id

    entry = room.portfolio.units.get(unit or "")
    manager = entry.record.relationship_manager if entry is not None else None
    match name:
        case "investment" | "service" if entry is not None:
            known = [i.record.id for i in entry.investments] or list(room.items)
            proposed = next_id(known)
            taken = proposed in room.items
            return {"id": "" if taken else proposed, "stage": "proposed" if name == "investment" else "live", "relationship_manager": manager}  # fmt: skip
        case "engagement":
            return {"date": room.today, "kind": "review", "by": manager}
        case "result":
            return {"date": room.today}
        case "spend":
            return {"year": room.today.year}
        case "opportunity":
            return {"state": "raised"}
        case "relationship level" | "word of the business":
            return {"on": room.today}
        case "action" | "step":
            return {"due": "+14" if name == "action" else "+90"}
        case "relationship manager" if selection is not None and selection.person:
            named = selection.person not in room.portfolio.managers
            return {"person": selection.person if named else ""}
    return {}


def _taken(room: Room, kind: Kind, parent: Subject | None) -> list[str]:
    """Return the ids that a new record may not have."""
    from itgov.files.subjects import find_record

    if kind.record is BusinessUnit:
        return list(room.portfolio.units)
    if parent is None or not kind.field:
        return []
    record = find_record(room.governed.linked, parent).record
    return [item.id for item in getattr(record, kind.field)]


def _a(word: str) -> str:
    return "an" if word[0] in "aeio" else "a"
