"""A field that is added to the types is known everywhere: one line there is enough."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..support.git import GitRepo

START = """
import importlib.util, sys
import itgov.model

spec = importlib.util.find_spec("itgov.model.types")
text = open(spec.origin, encoding="utf-8").read()
before = "    sponsor: Annotated["
assert text.count(before) == 1
added = "    chief_architect: Annotated[HolderId | None, doc('Who draws it.')] = None\\n"
module = importlib.util.module_from_spec(spec)
itgov.model.types = sys.modules["itgov.model.types"] = module
exec(compile(text.replace(before, added + before), spec.origin, "exec"), module.__dict__)
"""
SERVE = """
import contextlib, io, json, os, traceback

answers = sys.stdout
for asked in sys.stdin:
    program, folder, sys.argv[1:] = json.loads(asked)
    os.chdir(folder)
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            exec(program, {"__name__": "__main__", "sys": sys})
        except SystemExit:
            pass
        except BaseException:
            traceback.print_exc()
    out.flush()
    told = out.buffer.getvalue().decode()
    print(json.dumps([told, err.getvalue()]), file=answers, flush=True)
"""
"""Runs one program after another, each in a folder of its own."""
VERB = """
from itgov.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
PEOPLE = """
import datetime
from pathlib import Path
from itgov.tui.background.reading import Loader
from itgov.tui.state.people import People
from itgov.tui.views.person_page import person_lines

room = Loader(Path("."), datetime.date(2026, 11, 23)).load(lambda *_: None)
for line in person_lines(room, People(room).rows[sys.argv[1]]):
    print("".join(text for text, _ in line))
"""
FOUND = """
import datetime
from pathlib import Path
from itgov.tui.background.reading import Loader
from itgov.model.filter_query import parse
from itgov.tui.views.portfolio_rows import ITEMS, Lister

room = Loader(Path("."), datetime.date(2026, 11, 23)).load(lambda *_: None)
for text in sys.argv[1:]:
    print(text, *Lister().find(room, parse(text, ITEMS.finds), list(room.items)))
"""
ORGANISATION = """\
organisation: {id: acme, name: Acme, currency: EUR}
people:
  - {id: ana, name: Ana Alves, side: it}
  - {id: bernard, name: Ben Berg, side: it}
"""
UNIT = """\
business_unit: {id: sales, name: Sales}
investments:
  - id: S-1
    title: Shop
    chief_architect: %s
    waivers:
      - {rule: VAL-001, reason: Later, until: 2026-12-31, approved_by: ana}
"""
MAPPING = """\
mapping: {name: list}
organisation: {id: acme}
tables:
  all: {files: [list.csv]}
investments:
  - id: Number
    title: Title
    unit: {id: Unit}
    chief_architect: Architect
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    (folder / "portfolios").mkdir(parents=True)
    (folder / "rules").mkdir()
    (folder / "rules/pack.yaml").write_text("extends: standard\n")
    (folder / "portfolios/organisation.yaml").write_text(ORGANISATION)
    (folder / "portfolios/sales.yaml").write_text(UNIT % "ana")
    return folder


@pytest.fixture(scope="module")
def started() -> Iterator[subprocess.Popen[str]]:
    """Start a process that has the further field in the type of an investment, and runs programs."""
    with subprocess.Popen(
        [sys.executable, "-c", START + SERVE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "ITGOV_CACHE": "off"},
    ) as process:  # fmt: skip
        yield process
        process.stdin.close()
    assert process.returncode == 0


@pytest.fixture
def run(repo: Path, started: subprocess.Popen[str]) -> Callable[..., str]:
    """Run a program with the further field in the type of an investment."""

    def call(*arguments: str, program: str = VERB) -> str:
        print(json.dumps([program, str(repo), arguments]), file=started.stdin, flush=True)
        told, said = json.loads(started.stdout.readline())
        assert "Traceback" not in said, said
        return told

    return call


def found(told: str) -> list[Any]:
    findings = json.loads(told)["findings"]
    return [(f["rule"], f["message"]) for f in findings if f["field"] != "rule"]


def test_whom_it_names_must_be_there(repo: Path, run: Callable[..., str]) -> None:
    check = ("check", "--format", "json", "--as-of", "2026-11-23")
    assert not [rule for rule, _ in found(run(*check)) if rule == "REF-001"]
    (repo / "portfolios/sales.yaml").write_text(UNIT % "bernart")
    assert ("REF-001", "there is no person `bernart`; did you mean `bernard`?") in found(
        run(*check)
    )


def test_who_holds_it_gains_by_a_waiver(run: Callable[..., str]) -> None:
    told = found(run("check", "--format", "json", "--as-of", "2026-11-23"))
    said = "Ana Alves approved the waiver of VAL-001 for S-1, and benefits from it"
    assert ("WVR-006", said) in told


def test_a_difference_says_their_names(repo: Path, run: Callable[..., str]) -> None:
    GitRepo(repo).commit()
    (repo / "portfolios/sales.yaml").write_text(UNIT % "bernard")
    assert "chief architect Ana Alves → Ben Berg" in run("diff")


def test_it_is_among_the_roles_of_a_person(run: Callable[..., str]) -> None:
    shown = run("ana", program=PEOPLE)
    assert "Chief architect of" in shown
    assert "S-1" in shown


def test_a_filter_of_the_room_finds_the_person(run: Callable[..., str]) -> None:
    told = run("chief_architect:alves", "chief_architect:bernard", program=FOUND)
    assert told == "chief_architect:alves S-1\nchief_architect:bernard\n"


def test_it_is_asked_for_in_a_sheet_and_taken_back(repo: Path, run: Callable[..., str]) -> None:
    run("sheet", "out", "asked.csv", "--as-of", "2026-11-23")
    asked = repo / "asked.csv"
    line = "chief architect,Ana Alves (ana),"
    assert line in asked.read_text(encoding="utf-8-sig")
    asked.write_text(asked.read_text(encoding="utf-8-sig").replace(line, line + "Ben Berg"))
    run("sheet", "in", "asked.csv", "--yes", "--as-of", "2026-11-23")
    assert "chief_architect: bernard" in (repo / "portfolios/sales.yaml").read_text()


def test_a_rule_sees_the_person(repo: Path, run: Callable[..., str]) -> None:
    (repo / "rules/own.yaml").write_text(
        "rules:\n"
        "  - id: ACME-001\n"
        "    name: architect-is-of-it\n"
        "    summary: The architect stands on the IT side.\n"
        "    for: investment\n"
        "    assert: people[investment.chief_architect].side == 'business'\n"
        "    message: '{people[investment.chief_architect].name} is of IT'\n"
        "    severity: warning\n"
    )
    told = found(run("check", "--format", "json", "--as-of", "2026-11-23"))
    assert ("ACME-001", "Ana Alves is of IT") in told


def test_a_table_can_state_it(repo: Path, run: Callable[..., str]) -> None:
    (repo / "mapping.yaml").write_text(MAPPING)
    (repo / "list.csv").write_text("Number,Title,Unit,Architect\nS-2,Till,sales,Ben Berg\n")
    run("import", "--mapping", "mapping.yaml", "--into", ".", "list.csv")
    written = "".join(p.read_text() for p in sorted((repo / "portfolios").iterdir()))
    assert "chief_architect: bernard\n" in written


def test_an_edit_of_it_must_name_somebody(repo: Path, run: Callable[..., str]) -> None:
    program = """
import datetime
from pathlib import Path
from itgov.files.changes import set_field
from itgov.files.save import EditRefused
from itgov.model.finding import Subject
from itgov.tui.background.reading import Loader

room = Loader(Path("."), datetime.date(2026, 11, 23)).load(lambda *_: None)
for name in ("bernard", "bernart"):
    try:
        print(set_field(room.governed.linked, Subject("investment", "S-1"), "chief_architect", name).title)
    except EditRefused as stop:
        print(stop)
"""
    told = run(program=program)
    assert "Set the chief architect of S-1 to Ben Berg" in told
    assert "`chief_architect`: there is no person `bernart`; did you mean `bernard`?" in told
