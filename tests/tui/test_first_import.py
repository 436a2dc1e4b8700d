"""A table is brought into an empty repository from the room, by the questions of `itgov import`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.importing.conftest import investments

TABLE = """\
Ref,Project,Directorate,RAG,Finish,Budget,Sponsor
CL-1,Claims platform,Retail,Amber/Green,31/03/2027,"1,200",Amara Okafor
CL-2,Branch kiosks,Retail,Red,TBC,300,
CL-3,Ledger,Finance,Green,30/06/2027,40,Tom Reyes
"""


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (tmp_path / "portfolios").mkdir()
    path = tmp_path / "register.csv"
    path.write_text(TABLE, encoding="utf-8")
    moment = time.mktime((2026, 1, 5, 12, 0, 0, 0, 0, -1))
    os.utime(path, (moment, moment))
    return tmp_path


BEGIN = ("ctrl+t", "enter")
"""The only table of the folder is proposed."""
UP_TO_MONEY = (*BEGIN, *"Acme", "enter", *"2026", "enter", *"gbp", "enter")
ALL = (*UP_TO_MONEY, *"thou", "enter", "enter", "enter")


def test_an_empty_repository_offers_it(room: Any, empty: Path) -> None:
    assert "ctrl+t  import a table" in room.run(empty)
    shown = room.run(empty, "ctrl+t")
    assert "Import a table" in shown
    assert "register.csv" in shown


def test_the_questions_come_one_after_the_other_with_values_of_the_table(
    room: Any, empty: Path
) -> None:
    shown = room.run(empty, *UP_TO_MONEY)
    assert "4/6  The largest amount is 1,200" in shown
    assert "millions (1,200,000,000)" in shown
    assert "In the table: `1,200`, `300`, `40`" in shown
    assert "No proposal: choose" in shown
    assert "4/6  The largest amount" in room.run(empty, *UP_TO_MONEY, "enter")


def test_what_would_be_written_is_shown_and_then_written(room: Any, empty: Path) -> None:
    shown = room.run(empty, *ALL, size=(120, 60))
    assert "What would be written" in shown
    assert "source 1,540,000, imported 1,540,000, difference 0" in shown
    assert "title: Claims platform" in shown
    assert not list((empty / "portfolios").iterdir())
    shown = room.run(empty, *ALL, "enter", size=(120, 60))
    assert "Imported from register.csv" in shown
    assert [s.budget for s in investments(empty)["CL-2"].spend] == [300_000]
    assert (empty / "mappings" / "register.yaml").is_file()
    assert (empty / "schema" / "portfolio.schema.json").is_file()
    assert "Business units 2" in room.run(empty)


def test_escape_goes_back_and_at_last_leaves_nothing_written(room: Any, empty: Path) -> None:
    shown = room.run(empty, *UP_TO_MONEY, "escape")
    assert "3/6  In which currency" in shown
    shown = room.run(empty, *UP_TO_MONEY, *["escape"] * 4)
    assert "Nothing was imported" in shown
    shown = room.run(empty, *ALL, "escape")
    assert "Nothing was imported" in shown
    assert not list((empty / "portfolios").iterdir())


def test_a_file_that_is_none_and_a_table_that_is_none_are_said(room: Any, empty: Path) -> None:
    shown = room.run(empty, "ctrl+t", "ctrl+u", *"nowhere.csv", "enter")
    assert "`nowhere.csv` is not a file" in shown
    (empty / "register.csv").write_bytes(b"")
    shown = room.run(empty, *BEGIN)
    assert "Nothing was imported" in shown
    assert "empty" in shown


def test_a_read_only_room_imports_nothing(room: Any, empty: Path) -> None:
    assert "the room is read-only" in room.run(empty, "ctrl+t", read_only=True)
