"""The words of each language: headers, ratings, months, placeholders."""

from __future__ import annotations

import datetime

import pytest

from itgov.importing import dates
from itgov.importing import languages as words
from itgov.importing import values as v
from itgov.importing.words import direction, rating, truth
from itgov.model.day_words import MONTHS


def test_every_language_has_words_for_every_field() -> None:
    english, *others = words.languages()
    assert english.language == "English"
    assert english.months == [name.casefold() for name in MONTHS]
    assert {other.language for other in others} >= {
        *("French", "German", "Spanish", "Dutch", "Portuguese")
    }
    for other in others:
        assert other.columns.keys() == english.columns.keys()
        assert other.values.stage.keys() == english.values.stage.keys()
        assert len(other.months) == 12


def test_a_language_is_added_by_one_file() -> None:
    raw = b"language: Dutch\ncolumns: {unit: {is: [afdeling]}}\n"
    assert words.read_language("nl.yaml", raw).columns["unit"].is_ == ["afdeling"]
    with pytest.raises(words.WordsProblem, match=r"nl\.yaml"):
        words.read_language("nl.yaml", raw + b"colums: {}\n")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("gelb", "amber"),
        ("Grün", "green"),
        ("GRUEN", "green"),
        ("rouge", "red"),
        ("Vert", "green"),
        ("Gelb/Rot", "amber-red"),
        ("vert - orange", "amber-green"),
        ("Rojo", "red"),
        ("oranje/groen", "amber-green"),
        ("Vermelho", "red"),
        ("A/R", "amber-red"),
        ("Amber / Green", "amber-green"),
    ],
)
def test_ratings(cell: str, value: str) -> None:
    assert rating(cell) == value


def test_yes_no_and_which_way() -> None:
    assert (truth("oui"), truth("Nein"), truth("x")) == (True, False, True)
    assert (direction("senken"), direction("hausse"), direction("↓")) == ("down", "up", "down")


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("3. März 2026", 3),
        ("1 août 2025", 8),
        ("31 Dez 2026", 12),
        ("2 juil. 2026", 7),
        ("3 enero 2026", 1),
        ("4 maart 2026", 3),
        ("7 de marzo de 2026", 3),
        ("5 dez. 2026", 12),
        ("6 fevereiro 2026", 2),
    ],
)
def test_months(cell: str, month: int) -> None:
    day = dates.date(cell, ["D. MMMM YYYY"])
    assert isinstance(day, datetime.date)
    assert day.month == month


def test_nothing() -> None:
    said = ("n/a", "TBC", "k. A.", "à définir", "Keine Angabe", "non renseigné", "–")
    assert all(v.is_placeholder(text) for text in said)
    assert not any(v.is_placeholder(text) for text in ("0", "Amara", "no"))
