"""How cells are read: dates, money, numbers and words as people write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.importing import dates, words
from itgov.importing import values as v

D = datetime.date


@pytest.mark.parametrize(
    ("cell", "formats", "day"),
    [
        ("25.11.15", ["DD.MM.YY"], D(2015, 11, 25)),
        ("1.05.2025", ["DD.MM.YYYY"], D(2025, 5, 1)),
        ("2020-05-20", ["DD.MM.YY"], D(2020, 5, 20)),
        ("2020-05-20T12:30:00Z", [], D(2020, 5, 20)),
        ("July 26, 2022", [], D(2022, 7, 26)),
        ("26 Sept 2022", [], D(2022, 9, 26)),
        ("03/31/2021", ["MM/DD/YYYY"], D(2021, 3, 31)),
        ("31/03/2021", ["MM/DD/YYYY", "DD/MM/YYYY"], D(2021, 3, 31)),
        ("Dec-23", ["MMM-YY"], D(2023, 12, 1)),
        ("01.01.70", ["DD.MM.YY"], D(1970, 1, 1)),
        ("01.01.69", ["DD.MM.YY"], D(2069, 1, 1)),
        (D(2024, 2, 29), [], D(2024, 2, 29)),
    ],
)
def test_dates(cell: str | D, formats: list[str], day: D) -> None:
    assert dates.date(cell, formats) == day


@pytest.mark.parametrize(
    ("cell", "formats", "says"),
    [
        ("31.02.21", ["DD.MM.YY"], "does not exist"),
        ("03/04/2021", [], "two ways"),
        ("soon", ["DD.MM.YY"], "DD.MM.YY"),
        ("01.01.1066", ["DD.MM.YYYY"], "outside"),
        (12.5, [], "not a date"),
    ],
)
def test_what_is_no_date(cell: str | float, formats: list[str], says: str) -> None:
    with pytest.raises(v.BadCell, match=says):
        dates.date(cell, formats)


@pytest.mark.parametrize("wanted", ["dd.mm.yy", "DD.MM", "Q1 YYYY", "YYYY-MM-DD-DD"])
def test_what_is_no_date_format(wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        dates.date_pattern(wanted)


@pytest.mark.parametrize(
    ("cell", "decimal", "scale", "amount"),
    [
        ("$1,040,600", ".", 1, 1040600),
        ("£40.27", ".", 1_000_000, 40270000),
        ("(123)", ".", 1, -123),
        ("(£1,234.50)", ".", 1, -1234.5),
        ("-£5", ".", 1, -5),
        ("£-5", ".", 1, -5),
        ("5-", ".", 1, -5),
        ("\u22125", ".", 1, -5),
        ("CA$ 7", ".", 1, 7),
        ("EUR 7.5", ".", 1, 7.5),
        ("1.040,60 €", ",", 1, 1040.6),
        ("1 040", ".", 1, 1040),
        ("1\u00a0040\u00a0600", ".", 1, 1040600),
        ("£1.2m", ".", 1, 1200000),
        ("$3 billion", ".", 1, 3000000000),
        ("0.137940", ".", 1_000_000, 137940),
        (0.1, ".", 1_000_000, 100000),
        (12, ",", 1000, 12000),
        ("12,34,567", ".", 1, 1234567),
        ("(50\u202f000,00 €)", ",", 1, -50000),
        ("€ (50\u2009000)", ".", 1, -50000),
        ("-(€50)", ".", 1, -50),
        ("€ 50 -", ".", 1, -50),
        ("£(1.2m)", ".", 1, -1200000),
        ("€ 1.200,-", ",", 1, 1200),
        ("1.200,\u2013 €", ",", 1, 1200),
        ("1'200.-- CHF", ".", 1, 1200),
    ],
)
def test_money(cell: str | float, decimal: str, scale: int, amount: float) -> None:
    found = v.money(cell, decimal, scale)
    assert found == amount
    assert isinstance(found, int) == (amount == int(amount))


_PIECES = (
    *(
        "EUR",
        "CA",
        "US",
        "£",
        "€",
        "(",
        ")",
        "-",
        "\u2212",
        " ",
        "\xa0",
        ",",
        ".",
        "'",
        "%",
        "\x07",
    ),
    *("5", "12", "200", "000", "\u0663", "e", "E", "k", "Tsd", "mio", "m", "bn", "de"),
)


@given(
    st.lists(st.sampled_from(_PIECES), max_size=7).map("".join),
    st.sampled_from([".", ","]),
)
def test_a_text_is_turned_away_unread_only_where_it_cannot_be_read(text: str, decimal: str) -> None:
    try:
        v.money(text, decimal)
    except v.BadCell:
        return
    assert v.may_be_amount(text)


@pytest.mark.parametrize(
    ("cell", "scale", "says"),
    [
        ("1.040,60", 1, "decimal"),
        ("$1,04060", 1, "not an amount"),
        ("abc", 1, "not an amount"),
        ("1,2", 1, "decimal"),
        ("9" * 30, 1, "out of range"),
        ("1e99", 1, "out of range"),
        ("--5", 1, "not an amount"),
        (True, 1, "not a number"),
    ],
)
def test_what_is_no_money(cell: str | bool, scale: int, says: str) -> None:
    with pytest.raises(v.BadCell, match=says):
        v.money(cell, ".", scale)


@pytest.mark.parametrize(
    "cell",
    ["- €", "€ -", "$-", "-", "\u2013", " -   ", "(-)", "\u2212 CHF", "EUR\xa0\u2014", "R$ -"],
)
def test_a_dash_with_a_currency_is_nothing(cell: str) -> None:
    assert v.is_placeholder(v.one_line(cell))


@pytest.mark.parametrize("cell", ["- 5 €", "-A", "€", "AB -", "€ - €5", ""])
def test_what_says_something_is_not_nothing(cell: str) -> None:
    assert not v.is_placeholder(cell)


def test_numbers_say_how_to_read_what_is_none() -> None:
    assert v.percent("45 %") == 45
    assert v.number("-1.5e3") == -1500
    with pytest.raises(v.BadCell, match="as: percent"):
        v.number("45%")
    with pytest.raises(v.BadCell, match="as: money"):
        v.number("£5")


@pytest.mark.parametrize(
    ("cell", "year"), [("2019", 2019), ("2019-20", 2019), ("FY2019/2020", 2019), (2019, 2019)]
)
def test_years(cell: str | int, year: int) -> None:
    assert dates.year(cell) == year


def test_words() -> None:
    assert words.rating(" AMBER / red ") == "amber-red"
    assert words.rating("G") == "green"
    assert words.direction("Over target") == "up"
    assert words.direction("lower") == "down"
    assert words.truth("Yes")
    assert words.choice("Transform", ("run", "grow", "transform")) == "transform"
    with pytest.raises(v.BadCell, match="amber-green"):
        words.rating("Purple")
    with pytest.raises(v.BadCell, match="two ratings"):
        words.rating("Amber → Red")


def test_line_breaks_of_a_page_go_and_paragraphs_stay() -> None:
    assert v.paragraphs("National Anti-Scam\nCentre") == "National Anti-Scam Centre"
    assert v.paragraphs("One.\r\n\r\nTwo:\r\n- a\r\n- b") == "One.\nTwo:\n- a\n- b"
    assert v.paragraphs("\x00a\u200bb\x07 c\x1b[31m") == "ab c[31m"
    assert v.one_line("a\u2028b\tc") == "a b c"


def test_text_that_was_decoded_twice_is_repaired() -> None:
    assert v.repaired("Logistics \u00e2\u20ac\u201c Enterprise") == "Logistics \u2013 Enterprise"
    assert v.repaired("caf\u00c3\u00a9 \u00c2\u00a35") == "café £5"
    assert v.repaired("Ã is a letter, â too") == "Ã is a letter, â too"


def test_slugs() -> None:
    assert v.slug("Ministère de l'Économie & co") == "ministere-de-leconomie-and-co"
    assert v.slug("防衛省") == "防衛省"
    assert v.slug("../../etc/passwd") == "etc-passwd"
    long = v.slug("word " * 40, 60)
    assert len(long) <= 60
    assert long != v.slug("word " * 41, 60)
    assert v.identifier(" a / b\\c ") == "a-b-c"


@pytest.mark.parametrize("text", ["marzo de 2026", "março de 2026", "3 de marzo de 2026", "Q1 2026", "mars 2026"])  # fmt: skip
def test_what_is_a_date_may_be_one(text: str) -> None:
    dates.date(text, [])
    assert dates.may_be_clear_date(text)
