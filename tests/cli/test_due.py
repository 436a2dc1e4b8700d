"""`itgov due`: in every format the same dates, with what is left out, whose they are, and where they stand."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..support.cli import run_cli

TREE = Path(__file__).resolve().parent.parent.parent
AS_OF = ("--as-of", "2026-11-23")
HOSTILE = "Agree, then; sign \\ and \u202e\n" + "漢" * 60


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "portfolios"
    folder.mkdir()
    organisation = {
        "organisation": {"id": "o", "name": "Org"},
        "people": [{"id": "ann", "name": "Ann Lee", "side": "business"}],
    }
    unit = {
        "business_unit": {"id": "u", "name": "Unit"},
        "investments": [
            {"id": "A", "title": "Alpha", "next_review": "2026-11-01"},
            {"id": "B", "title": "Beta", "next_review": "2027-03-01"},
        ],
        "engagements": [
            {
                "date": "2026-11-02",
                "actions": [{"what": HOSTILE, "owner": "ann", "due": "2026-12-31"}],
            }
        ],
    }
    for name, content in (("organisation", organisation), ("u", unit)):
        (folder / f"{name}.yaml").write_text(json.dumps(content, indent=1), encoding="utf-8")
    return tmp_path


def test_the_quarter_by_default_with_what_is_left_out(repository: Path, capsys: Any) -> None:
    ran = run_cli(capsys, "due", repository, *AS_OF)
    assert ran.code == 0
    assert "up to 2026-12-31" in ran.out
    assert ran.out.index("Overdue: 1") < ran.out.index("Alpha") < ran.out.index("Due: 1")
    assert "Beta" not in ran.out
    assert "1 date later, not listed (--all lists them)" in ran.out
    assert "\u202e" not in ran.out
    assert "Beta" in run_cli(capsys, "due", repository, *AS_OF, "--until", "2027-03-01").out
    everything = run_cli(capsys, "due", repository, *AS_OF, "--all").out
    assert "Beta" in everything
    assert "later" not in everything


def test_json_names_the_line_of_each_date(repository: Path, capsys: Any) -> None:
    found = run_cli(capsys, "due", repository, *AS_OF, "--all", "--format", "json").json
    assert [d["kind"] for d in found["due"]] == ["review", "action", "review"]
    for due in found["due"]:
        text = (repository / due["path"]).read_text(encoding="utf-8").splitlines()
        assert due["day"] in text[due["line"] - 1]
    assert found["due"][0]["late"] is True
    assert found["due"][1]["what"] == HOSTILE
    assert (found["schema"], found["later"], found["until"]) == (1, 0, None)


def test_of_one_person_or_unit(repository: Path, capsys: Any) -> None:
    ask = ("due", repository, *AS_OF, "--all", "--format", "json")
    mine = run_cli(capsys, *ask, "--person", "Ann").json
    assert ([d["kind"] for d in mine["due"]], mine["people"]) == (["action"], ["ann"])
    assert len(run_cli(capsys, *ask, "--unit", "u").json["due"]) == 3
    for slip in (("--unit", "x"), ("--person", "nobody"), ("--until", "2026-12-31")):
        ran = run_cli(capsys, *ask, *slip)
        assert ran.code == 2
        assert ran.out == ""


def unfolded(calendar: str) -> list[str]:
    """Return the lines of a calendar as RFC 5545 puts them together again."""
    assert calendar.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n", calendar)
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    return calendar.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_calendar_has_an_event_for_each_date(repository: Path, capsys: Any) -> None:
    target = repository / "due.ics"
    ran = run_cli(capsys, "due", repository, *AS_OF, "--all", "--output", target)
    assert ran.code == 0
    lines = unfolded(target.read_bytes().decode())
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    days = [line.partition(":")[2] for line in lines if line.startswith("DTSTART;VALUE=DATE:")]
    assert days == ["20261101", "20261231", "20270301"]
    [summary] = [line for line in lines if line.startswith("SUMMARY:Action")]
    assert "Agree\\, then\\; sign \\\\ and" in summary
    assert "漢" * 60 in summary
    assert "\u202e" not in "".join(lines)


def test_an_event_keeps_its_identity_when_its_day_moves(repository: Path, capsys: Any) -> None:
    def names() -> list[str]:
        ran = run_cli(capsys, "due", repository, *AS_OF, "--all", "--format", "ics")
        return [line for line in ran.out.splitlines() if line.startswith("UID:")]

    before = names()
    assert len(set(before)) == 3
    path = repository / "portfolios" / "u.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-11-01", "2027-06-01"), "utf-8")
    after = names()
    assert after != before
    assert set(after) == set(before)


def test_the_sample_says_what_its_files_say(capsys: Any) -> None:
    """The reviews and actions, counted by PyYAML alone."""
    found = run_cli(capsys, "due", TREE, *AS_OF, "--all", "--format", "json").json["due"]
    today = datetime.date(2026, 11, 23)
    reviews, actions = set(), 0
    for path in (TREE / "portfolios").rglob("*.yaml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for item in content.get("investments", ()):
            if item.get("next_review") and item.get("stage") not in ("retired", "stopped"):
                reviews.add((item["id"], str(item["next_review"]), item["next_review"] < today))
        for engagement in content.get("engagements", ()):
            for action in engagement.get("actions", ()):
                done = action.get("done")
                actions += "due" in action and (done is None or done > today)
    told = {(d["subject"]["id"], d["day"], d["late"]) for d in found if d["kind"] == "review"}
    assert told == reviews
    assert sum(d["kind"] == "action" for d in found) == actions


def test_an_event_keeps_its_identity_when_another_is_done(repository: Path, capsys: Any) -> None:
    path = repository / "portfolios/u.yaml"
    content = json.loads(path.read_text(encoding="utf-8"))
    actions = content["engagements"][0]["actions"]
    actions[:] = [
        {"what": w, "owner": "ann", "due": d}
        for w, d in (("first", "2026-12-01"), ("second", "2026-12-15"))
    ]

    def events() -> dict[str, str]:
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        out = run_cli(capsys, "due", repository, *AS_OF, "--format", "ics").out
        told = [dict(re.findall(r"(UID|SUMMARY):(.*?)\r?\n", e)) for e in out.split("BEGIN:VEVENT")]
        return {t["SUMMARY"]: t["UID"] for t in told if "Action" in t.get("SUMMARY", "")}

    before = events()
    assert [what.split()[1] for what in before] == ["first", "second"]
    actions[0]["done"] = "2026-11-20"
    assert list(events().items()) == list(before.items())[1:]


def test_the_calendar_says_what_it_leaves_out(repository: Path, capsys: Any) -> None:
    out = run_cli(capsys, "due", repository, *AS_OF, "--format", "ics").out
    assert r"X-WR-CALDESC:As of 2026-11-23\, up to 2026-12-31\, 1 later not listed" in out


def test_a_manager_of_several_units_is_asked_in_each(repository: Path, capsys: Any) -> None:
    place = repository / "portfolios/organisation.yaml"
    content = json.loads(place.read_text(encoding="utf-8"))
    content["relationship_managers"] = [{
        "person": "ann", "native_by": "2026-11-01",
        "steps": [{"what": "Sit with the team", "due": "2026-03-31"}],
    }]  # fmt: skip
    place.write_text(json.dumps(content), encoding="utf-8")
    for unit in ("u", "v"):
        own = {"business_unit": {"id": unit, "name": unit.upper(), "relationship_manager": "ann"}}
        (repository / f"portfolios/{unit}.yaml").write_text(json.dumps(own), encoding="utf-8")
    for unit in ("u", "v"):
        out = run_cli(capsys, "due", repository, *AS_OF, "--unit", unit).out
        assert "Sit with the team" in out
