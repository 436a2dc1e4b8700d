"""However a file is written, an edit makes its change and leaves everything else byte for byte."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
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

from .written_by_hand import PATH, PEOPLE, TEXTS, WAIVER, files

TODAY = datetime.date(2026, 11, 23)

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
    options += ["satisfaction", "action"] if unit.engagements else []
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
        score = {"score": 2, "by": "lena"}
        proposal = changes.set_field(
            linked, Subject("engagement", entry.id), "satisfaction", dict(score)
        )
        return proposal, put("satisfaction", score), here
    action = {"what": text, "due": TODAY}
    expected = {"what": text, "due": str(TODAY)}
    return changes.add_action(linked, entry.id, action), add("actions", expected), here


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


@pytest.mark.parametrize("braces", [False, pytest.param(True, marks=pytest.mark.slow)])
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
        proposals += [
            changes.set_field(linked, Subject("engagement", name), "satisfaction", {"score": 1})
            for name in first
        ]
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
