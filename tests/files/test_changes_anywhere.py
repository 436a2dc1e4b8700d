"""However a file is written, an edit makes its change and leaves everything else byte for byte."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from itgov.files import changes
from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import read_file
from itgov.files.proposal import Proposal, combine
from itgov.files.reader import read
from itgov.files.save import EditRefused
from itgov.files.shipped import standard_root
from itgov.files.sources import RawFile
from itgov.files.undo import UndoHistory
from itgov.files.write import scalar
from itgov.model.finding import Subject

TODAY = datetime.date(2026, 11, 23)
PATH = "portfolios/retail.yaml"
PEOPLE = b"people: [{id: amara, name: Amara}, {id: lena, name: Lena}]\n"

# -- a file in any style -----------------------------------------------------------------------

PLAIN = st.text(alphabet="abc xyzé", min_size=1, max_size=12).map(str.strip).filter(bool)
TEXTS = st.one_of(
    PLAIN, PLAIN, st.text(alphabet="ab: #'\"-,[]{}\\%@é", min_size=1, max_size=12).filter(str.strip)
).map(str.strip)
NOTES = st.sampled_from(["", "", "", "", "   # note", " # it's: {odd}"])
RESULTS = st.lists(
    st.fixed_dictionaries(
        {"date": st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))},
        optional={"actual": st.integers(0, 99), "evidence": TEXTS},
    ),
    max_size=3,
    unique_by=lambda r: r["date"],
)
OUTCOMES = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["one", "two"])},
        optional={"measure": TEXTS, "target": st.integers(0, 99), "results": RESULTS},
    ),
    max_size=2,
    unique_by=lambda o: o["id"],
)
WAIVER = {"rule": "VAL-001", "reason": "So", "until": "2027-01-01", "approved_by": "amara"}
INVESTMENT = st.fixed_dictionaries(
    {"title": TEXTS},
    optional={
        "summary": TEXTS,
        "stage": st.sampled_from(["live", "proposed", None]),
        "outcome_owner": st.sampled_from(["amara", "lena", None, ""]),
        "next_review": st.dates(datetime.date(2025, 1, 1), datetime.date(2027, 1, 1)),
        "business_changes": st.lists(TEXTS, max_size=2),
        "outcomes": OUTCOMES,
        "waivers": st.sampled_from([[], None, [WAIVER]]),
        "custom": st.sampled_from([{}, {"a": 1, "b": None}]),
    },
)
ENGAGEMENT = st.fixed_dictionaries(
    {"date": st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))},
    optional={
        "kind": st.just("review"),
        "with": st.lists(st.sampled_from(["amara", "lena"]), max_size=2),
        "satisfaction": st.sampled_from([{"score": 3}, {"score": 4, "by": "amara"}]),
        "actions": st.lists(st.fixed_dictionaries({"what": TEXTS}), max_size=2),
        "opportunities": st.sampled_from([[], [{"id": "kiosk", "state": "raised"}]]),
    },
)


class Hand:
    """Somebody who writes YAML in a way of their own."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw
        self.step = draw(st.sampled_from([1, 2, 2, 2, 4]))
        self.dash = draw(st.sampled_from([0, 2, 2]))
        self.braces = draw(st.sampled_from([0, 0, 1, 3]))  # how often, in ten, a value is in braces
        self.remarks = draw(st.booleans())

    def file(self, data: dict[str, Any]) -> bytes:
        start = self.draw(st.sampled_from(["", "# the file\n", "---\n", "# a\n\n---\n# b\n"]))
        if self.draw(st.sampled_from([False] * 9 + [True])):
            text = start + self.flow(data, 0) + "\n"
        else:
            text = start + "\n".join(self.mapping(data, 0)) + "\n"
        text += self.draw(st.sampled_from(["", "", "# the end\n", "\n\n"]))
        if self.draw(st.sampled_from([False, False, False, True])):
            text = text.rstrip("\n")
        if self.draw(st.sampled_from([False, False, True])):
            text = text.replace("\n", "\r\n")
        mark = b"\xef\xbb\xbf" if self.draw(st.sampled_from([False, False, True])) else b""
        return mark + text.encode()

    def mapping(self, data: dict[str, Any], indent: int) -> list[str]:
        lines: list[str] = []
        for key, value in data.items():
            lines += self.remark(indent)
            lines += self.entry(f"{' ' * indent}{key}:", value, indent)
        return lines

    def entry(self, start: str, value: Any, indent: int) -> list[str]:
        note = self.draw(NOTES) if self.remarks else ""
        if value in ([], {}):
            return [f"{start} {'[]' if value == [] else '{}'}{note}"]
        if isinstance(value, (dict, list)) and not self.wants_braces():
            if isinstance(value, dict):
                return [start + note, *self.mapping(value, indent + self.step)]
            return [start + note, *self.items(value, indent + self.dash)]
        if isinstance(value, (dict, list)):
            return [f"{start} {self.flow(value, indent + self.step)}{note}"]
        if value is None:
            return [start + self.draw(st.sampled_from(["", " ~", " null"])) + note]
        if isinstance(value, str) and self.draw(st.sampled_from([False] * 5 + [True])):
            style = self.draw(st.sampled_from(["|", ">-", "|-", "|+"]))
            if value.strip() and value[0] != "#":
                return [f"{start} {style}", " " * (indent + 2) + value]
        return [f"{start} {self.scalar(value)}{note}"]

    def items(self, values: list[Any], indent: int) -> list[str]:
        lines: list[str] = []
        for value in values:
            lines += self.remark(indent)
            dash = " " * indent + "-"
            if isinstance(value, dict) and not self.wants_braces():
                inner = self.draw(st.sampled_from([2, 2, 4]))
                first, *rest = self.mapping(value, indent + inner)
                while not first.strip() or first.strip().startswith("#"):
                    lines.append(first)
                    first, *rest = rest
                lines += [dash + " " * (inner - 1) + first.lstrip(), *rest]
            elif isinstance(value, dict):
                lines.append(f"{dash} {self.flow(value, indent + 2)}")
            else:
                lines.append(f"{dash} {self.scalar(value)}")
        return lines

    def remark(self, indent: int) -> list[str]:
        if not self.remarks:
            return []
        return self.draw(st.sampled_from([[]] * 6 + [[""], [" " * indent + "# here"], ["# there"]]))

    def wants_braces(self) -> bool:
        return self.draw(st.integers(0, 9)) < self.braces

    def flow(self, value: Any, indent: int) -> str:
        if isinstance(value, dict):
            parts = [f"{k}: {self.flow(v, indent)}" for k, v in value.items()]
            return self.brackets("{", parts, "}", indent)
        if isinstance(value, list):
            return self.brackets("[", [self.flow(v, indent) for v in value], "]", indent)
        return "null" if value is None else self.scalar(value, flow=True)

    def brackets(self, left: str, parts: list[str], right: str, indent: int) -> str:
        style = self.draw(st.sampled_from(["tight", "tight", "wide", "lines", "comma"]))
        if style == "wide":
            return f"{left} {', '.join(parts)} {right}"
        if style == "lines" and parts:
            space = "\n" + " " * (indent + 4)
            return f"{left}{space}{(',' + space).join(parts)}{space}{right}"
        if style == "comma" and parts:
            return f"{left}{', '.join(parts)},{right}"
        return left + ", ".join(parts) + right

    def scalar(self, value: Any, flow: bool = False) -> str:
        if isinstance(value, (str, datetime.date)):
            quotes = self.draw(st.sampled_from(["", "", "'", '"']))
            told = str(value)
            if quotes == "'":
                return "'" + told.replace("'", "''") + "'"
            if quotes == '"' or not told:
                return '"' + told.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return scalar(value, flow)


@st.composite
def files(draw: Callable[..., Any]) -> bytes:
    """A business unit's file, in any style."""
    data: dict[str, Any] = {"business_unit": {"id": "retail", "name": draw(TEXTS)}}
    investments = draw(st.lists(INVESTMENT, min_size=1, max_size=3))
    data["investments"] = [{"id": f"RET-{n}", **i} for n, i in enumerate(investments)]
    engagements = draw(st.lists(ENGAGEMENT, max_size=3, unique_by=lambda e: e["date"]))
    if engagements or draw(st.booleans()):
        data["engagements"] = engagements
    raw = Hand(draw).file(data)
    assume(not read(PATH, raw)[2])
    return raw


# -- edits, and what they should do to the data ------------------------------------------------


def linked_of(raw: bytes) -> Linked:
    both = [RawFile(PATH, raw), RawFile("portfolios/people.yaml", PEOPLE)]
    return link([read_file(f) for f in both], TODAY)


Edit = tuple[Proposal, Callable[[Any], None], tuple[str | int, ...]]
"""A proposal, what it should do to the file's data, and the record that it should stay within."""


def put(key: str, value: Any) -> Callable[[Any], None]:
    return lambda record: record.__setitem__(key, value)


def add(key: str, value: Any, index: int | None = None) -> Callable[[Any], None]:
    def change(record: Any) -> None:
        items = record.setdefault(key, [])
        items.insert(len(items) if index is None else index, value)

    return change


def some_edit(draw: Callable[..., Any], linked: Linked) -> Edit:
    """Draw an edit that is possible."""
    unit = linked.portfolio.units["retail"]
    options = ["field", "field", "owner", "clear", "waiver", "unit", "custom", "engagement"]
    options += ["outcome", "result"] if any(e.outcomes for e in unit.investments) else []
    options += ["satisfaction", "action", "opportunity"] if unit.engagements else []
    kind = draw(st.sampled_from(options))
    at = draw(st.integers(0, len(unit.investments) - 1))
    here: tuple[str | int, ...] = ("investments", at)
    record = unit.investments[at].record
    subject = Subject("investment", record.id)
    text = draw(TEXTS)
    if kind == "field":
        field = draw(st.sampled_from(["title", "summary", "sponsor", "stage"]))
        value = {"sponsor": "lena", "stage": "retired"}.get(field, text)
        return changes.set_field(linked, subject, field, value), put(field, value), here
    if kind == "owner":
        values: dict[str, Any] = {"outcome_owner": "lena", "next_review": TODAY}
        return (
            changes.set_fields(linked, subject, values),
            lambda r: r.update(outcome_owner="lena", next_review=str(TODAY)),
            here,
        )
    if kind == "clear":
        field = draw(st.sampled_from(["summary", "stage", "outcome_owner", "outcomes", "custom"]))
        return changes.clear_field(linked, subject, field), lambda r: r.pop(field, None), here
    if kind == "waiver":
        given = ("OWN-009", text, TODAY, "amara")
        waiver = {**WAIVER, "rule": "OWN-009", "reason": text, "until": str(TODAY)}
        return changes.add_waiver(linked, subject, *given), add("waivers", waiver), here
    if kind == "unit":
        return (
            changes.set_field(linked, Subject("business_unit", "retail"), "head", "lena"),
            put("head", "lena"),
            ("business_unit",),
        )
    if kind == "custom":
        proposal = changes.set_field(linked, subject, "custom.tower", text)
        return proposal, lambda r: r.setdefault("custom", {}).update(tower=text), here
    if kind in ("outcome", "result"):
        return on_outcome(kind, linked)
    return on_engagement(kind, linked, text)


def on_outcome(kind: str, linked: Linked) -> Edit:
    entries = linked.portfolio.units["retail"].investments
    at = next(i for i, e in enumerate(entries) if e.outcomes)
    first = entries[at].outcomes[0].record
    name = f"{entries[at].record.id}/{first.id}"
    here = ("investments", at, "outcomes", 0)
    if kind == "outcome":
        proposal = changes.set_field(linked, Subject("outcome", name), "baseline", 4.5)
        return proposal, put("baseline", 4.5), here
    days = [r.date for r in first.results]
    falling = len(days) > 1 and days == sorted(days, reverse=True)
    proposal = changes.add_result(linked, name, {"date": datetime.date(2027, 1, 1), "actual": 3})
    expected = {"date": "2027-01-01", "actual": 3}
    return proposal, add("results", expected, 0 if falling else None), here


def on_engagement(kind: str, linked: Linked, text: str) -> Edit:
    unit = linked.portfolio.units["retail"]
    if kind == "engagement":
        day = datetime.date(2024, 1, 1)
        days = [e.record.date for e in unit.engagements]
        falling = len(days) > 1 and days == sorted(days, reverse=True)
        mixed = days != sorted(days) and not falling
        index = None if falling or mixed or not days else 0
        value = {"date": day, "summary": text}
        return (
            changes.add_engagement(linked, "retail", value),
            add("engagements", {"date": "2024-01-01", "summary": text}, index),
            (),
        )
    entry = unit.engagements[0]
    here = ("engagements", 0)
    if kind == "satisfaction":
        proposal = changes.set_satisfaction(linked, entry.id, 2, "lena")
        return proposal, put("satisfaction", {"score": 2, "by": "lena"}), here
    if kind == "action":
        action = {"what": text, "due": TODAY}
        expected = {"what": text, "due": str(TODAY)}
        return changes.add_action(linked, entry.id, action), add("actions", expected), here
    new = {"id": "new", "statement": text}
    return changes.add_opportunity(linked, entry.id, new), add("opportunities", new), here


def outside(raw: bytes, route: tuple[str | int, ...]) -> tuple[str, str]:
    """The text before the first line of a record, and after its last."""
    document, _, _ = read(PATH, raw)
    entry = document.find(route)
    assert entry is not None
    text = document.text
    first, _ = document.position(document.starts[entry])
    inner = range(entry, entry + document.sizes[entry])
    flow = [e for e in inner if text[document.values[e] :][:1] in ("[", "{")]
    ends = [document.ends[e] for e in [*flow, *(e for e in inner if document.sizes[e] == 1)]]
    last, _ = document.position(max(document.starts[entry], max(ends) - 1))
    lines = document.lines
    return text[: lines[first - 1]], text[lines[last] :] if last < len(lines) else ""


def check(raw: bytes, edit: Edit) -> None:
    proposal, change, route = edit
    _, before, problems = read(PATH, raw)
    assert not problems
    expected = copy.deepcopy(before)
    record = expected
    for step in route:
        record = record[step]
    change(record)
    [file] = proposal.files
    _, after, problems = read(PATH, file.after)
    assert not problems
    assert after == expected
    assert file.after.startswith(b"\xef\xbb\xbf") == raw.startswith(b"\xef\xbb\xbf")
    if raw.count(b"\r\n") and raw.count(b"\r\n") == raw.count(b"\n"):
        assert file.after.count(b"\r\n") == file.after.count(b"\n")
    if route:
        start, end = outside(raw, route)
        text = file.after.decode("utf-8-sig")
        assert text.startswith(start)
        assert text.endswith(end)


@given(st.data(), files())
def test_an_edit_makes_its_change_and_no_other(data: st.DataObject, raw: bytes) -> None:
    try:
        edit = some_edit(data.draw, linked_of(raw))
    except EditRefused as error:
        event(f"refused: {str(error)[:60]}")
        return
    check(raw, edit)


@given(st.data(), files())
def test_several_edits_at_once_are_those_edits_one_after_the_other(
    data: st.DataObject, raw: bytes
) -> None:
    linked = linked_of(raw)
    names = [e.record.id for e in linked.portfolio.units["retail"].investments]
    wanted = [(n, f, data.draw(TEXTS)) for n in names for f in ("summary", "title")]
    try:
        whole = combine(
            changes.set_field(linked, Subject("investment", name), field, value)
            for name, field, value in wanted
        )
    except EditRefused as error:
        event(f"refused: {str(error)[:60]}")
        return
    after = whole.files[0].after if whole.files else raw
    records = {
        e.record.id: e.record for e in linked_of(after).portfolio.units["retail"].investments
    }
    for name, field, value in wanted:
        assert getattr(records[name], field) == value


# -- the sample --------------------------------------------------------------------------------


def sample(braces: bool) -> list[RawFile]:
    """The sample's files, as they are or all in braces."""
    found = []
    folder = standard_root() / "portfolios"
    for path in sorted(Path(folder).rglob("*.yaml")):
        raw = path.read_bytes()
        name = f"portfolios/{path.relative_to(folder).as_posix()}"
        if braces:
            _, data, _ = read(name, raw)
            raw = (
                "".join(f"{key}: {scalar(value, True)}\n" for key, value in data.items())
            ).encode()
        found.append(RawFile(name, raw))
    return found


@pytest.mark.parametrize("braces", [False, True])
def test_every_investment_of_the_sample_can_be_edited(braces: bool, tmp_path: Path) -> None:
    raws = sample(braces)
    linked = link([read_file(f) for f in raws], TODAY)
    for file in raws:
        path = tmp_path / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    history = UndoHistory(tmp_path)
    proposals = []
    for unit in linked.portfolio.units.values():
        for entry in unit.investments:
            subject = Subject("investment", entry.record.id)
            values: dict[str, Any] = {"next_review": datetime.date(2030, 1, 1), "summary": "New"}
            proposals.append(changes.set_fields(linked, subject, values))
            person = next(iter(linked.portfolio.people))
            proposals.append(changes.add_waiver(linked, subject, "ZZZ-001", "r", TODAY, person))
            for outcome in entry.outcomes:
                result = {"date": datetime.date(2030, 1, 1), "actual": 1}
                name = f"{entry.record.id}/{outcome.record.id}"
                proposals.append(changes.add_result(linked, name, result))
        first = [e.id for e in unit.engagements[:2]]
        proposals += [changes.set_satisfaction(linked, name, 1) for name in first]
        day = datetime.date(2030, 1, 1)
        proposals.append(changes.add_engagement(linked, unit.record.id, {"date": day}))
    whole = combine(proposals)
    assert not braces or sum(len(f.lines) for f in whole.diff()) < 200
    history.write(whole)
    again = link(
        [read_file(RawFile(f.path, (tmp_path / f.path).read_bytes())) for f in raws], TODAY
    )
    for name, unit in again.portfolio.units.items():
        old = linked.portfolio.units[name]
        for new, entry in zip(unit.investments, old.investments, strict=True):
            assert str(new.record.next_review) == "2030-01-01"
            assert [w.rule for w in new.record.waivers][-1] == "ZZZ-001"
            for outcome, was in zip(new.outcomes, entry.outcomes, strict=True):
                assert len(outcome.record.results) == len(was.record.results) + 1
        assert len(unit.engagements) == len(old.engagements) + 1
    history.undo()
    assert [(tmp_path / f.path).read_bytes() for f in raws] == [f.data for f in raws]
