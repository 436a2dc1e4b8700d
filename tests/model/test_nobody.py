"""Who is nobody, and who is somebody although it looks like nobody, in many scripts and languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itgov.model.nobody import (
    is_a_name,
    is_named,
    is_said,
    own_words,
    use_own_words,
    use_role_titles,
)

NOBODY = [
    "TBD", "tbd.", "T.B.D.", "T.B.C", "T. B. D.", "TBC (Q3)", "TBD by CIO", "TBD - CIO",
    "vacant - recruiting", "Vacant", "Vacant (from May)", "n/a", "N/A", "n.a.", "na", "None", "?", "??",
    "---", "…", "[name]", "<name>", "placeholder", "Placeholder", "test", "TEST", "various", "Various",
    "see above", "See above", "to follow", "To follow", "new hire", "New hire Q2", "#REF!", "#N/A", "#NAME?",
    "#VALUE!", "#DIV/0!", "#BEZUG!", "#NV", "Err:502", "true", "FALSE", "yes", "no", "xxx", "XX", "aaa", "x",
    "offen", "Offen", "OFFEN ab Q3", "offen (ab Mai)", "vakant", "zu benennen", "wird benannt", "noch offen",
    "N.N.", "N. N.", "nn", "n.b.", "te bepalen", "Te bepalen", "nog te bepalen", "à définir", "A DEFINIR",
    "à confirmer", "à pourvoir", "poste vacant", "non défini", "por definir", "Por confirmar", "sin asignar",
    "vacante", "da definire", "da nominare", "a designar", "não definido", "não se aplica", "ej utsedd",
    "ska utses", "ikke utpekt", "skal udpeges", "ei tiedossa", "do ustalenia", "do uzupełnienia",
    "nie dotyczy", "brak", "wakat", "未定", "未設定", "担当者未定", "なし", "空席", "調整中", "待定", "暂无", "无", "待确认", "空缺",
    "ＴＢＤ", "T\u200bBD", "ㅤ", "TВD", "ТВА", "t_b_d", "to-be-confirmed", "to_be_confirmed",
    "To be confirmed by the board", "to be appointed", "TBA/TBC", "everyone", "several people", "multiple", "team", "The business", "the board", "(the team)", "your name", "First Last", "no one",
    "no-one", "nobody", "Nobody yet", "(vacant)", "\"TBD\"", "* TBC *", "Head of claims (vacant)", "pending",
    "pending recruitment", "recruiting", "unknown", "Unknown owner", "unassigned", "???", "-", ".", "ditto",
    "same as above", "idem", "siehe oben", "voir ci-dessus", "awaiting appointment", "in recruitment",
    "hiring", "нет", "не назначен", "미정", "null", "nil", "undefined", "k.A.", "mehrere", "alle", "tous",
    "varios", "todos", "T\u200b.\u200bB\u200b.\u200bD", "ⓉⒷⒹ", "𝐓𝐁𝐃", "tbd,", "TBD/CIO", "TBD;", "vacant,",
    "", "  ", "\u200b", "⠀", "T\u00adB\u00adD", "to  be   appointed", "<vacant>", "**TBD**", "no.one.else",
    "offen, wird benannt",
    "offene Stelle", "open position", "Nicht zugewiesen", "ikke besat", "ej tillsatt", "avoin", "nieobsadzone",
    "担当者なし", "責任者不在", "ᴛʙᴅ", "TBD1", "TBD-2", "TB D", "tbddd", "TBDTBD", "Nadia TBD", "Vacant1",
    "Your name here", "Vorname Nachname", "${OWNER}", "$OWNER", "%OWNER%", "{{ owner }}", "__OWNER__", "@@owner@@",
    "<%= owner %>", "Test User", "Example Person", "FIXME", "FIXME: Nadia", "WIP", "John Doe", "NaN", "dto.", "s.o.",
    "Poste à pourvoir", "puesto por cubrir", "posizione aperta", "vaga aberta", "openstaande vacature", "ledig stilling",
    "Role vacant", "None identified", "n.n.b.", "néant", "s/o", "wolne stanowisko", "avoin tehtävä",
]  # fmt: skip
PEOPLE = [
    "Nina Offen", "Offen, Nina", "The Nguyen", "Board, The Anh", "The Group Nguyen", "Te Bepa", "Vacanti, Joe", "Noah Body", "N. Nadkarni", "Ng", "Ann Otherway",
    "Tobias Deferred", "Amara Okafor", "Okafor, Amara", "Nil Adeyemi", "Na Li", "Li Na", "李娜", "王伟", "田中太郎",
    "無藤 葵", "김민준", "Ян Новак", "Test Kowalski", "Nova Openshaw", "Jo No", "No, Jin", "Si Yan", "Ja Rule",
    "Ian True", "Madonna", "Al", "Bo", "Yi", "Wu", "Xi", "O'Neil", "Open, Sarah", "Ana Todos",
    "Alle Johansson", "Ingen Ås", "Various, Mark", "Team Sky Brailsford", "Tom Team Lead", "T. B. Davies",
    "TB Davies", "Nobel, Ann", "Nan Na", "von Offen, Karl", "Max Frei", "Frei, Max", "Tomás Vide",
    "Eva Nome", "amara.okafor", "open.sesame", "u12345", "n.nadkarni", "Béa Brak", "Jan Brak",
    "Wakata, Koichi", "空海", "無 敵", "全 智賢", "同 上子", "Zoë Müller", "Nguyễn Văn A", "Xi Xi", "Lulu", "Otto",
    "Nana Addo", "Mimi", "Ada", "Ali X", "Malcolm X", "Anne N. Other", "José Pendiente García",
    "Stella Offene", "Avo Inoue", "Avoine, Marie", "Leiter, Felix", "Ledig, Anna", "John Doerr", "Jane Dowd", "Wip Chan",
    "Tabitha Tbilisi", "T. B. Dahl", "Tib Datta", "Max Muster", "Nan Goldin", "Nan", "So", "S. O'Neil", "Dto, Sam",
    "Jo Example", "Mark Fixman", "Cio Lopez", "Lucio", "Direktor Nowak", "Baba", "Barbar", "Todor", "Wipf, Karl",
    "山梨 なし子", "Chioma", "Ann Director", "Ms. Manager-Smith", "Headley", "Position Ann", "Ola Nordmann",
    "Ludwig von Unbekannt", "Rob Roy", "丽丽", "Xu", "O", "李", "Ø", "Tbdr", "x.y",
]  # fmt: skip
UNSEEN = ["\u200b", "\u200d", "\u2060", "\u00ad", "\u034f", "\ufe0f", "\U000e0041", "\u3164"]


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_named(text: str) -> None:
    assert not is_a_name(text)
    assert not is_named(text)


@pytest.mark.parametrize("text", PEOPLE)
def test_somebody_is_named(text: str) -> None:
    assert is_a_name(text)


@pytest.mark.parametrize("value", [None, 5, True, [], ["amara"], {}])
def test_what_is_no_text_names_nobody(value: object) -> None:
    assert not is_named(value)


def test_a_number_is_an_id_and_no_name() -> None:
    assert is_named("100234")
    assert not is_a_name("100234")


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


AS_WRITTEN = {"NaN", "s.o.", "S.o.", "s. o."}
"""Nobody only as they are written: `Nan` is a name, and `S. O.` may be somebody's letters."""


@given(st.sampled_from([text for text in NOBODY if text not in AS_WRITTEN]), st.data())
def test_nobody_stays_nobody_in_another_dress(text: str, data: st.DataObject) -> None:
    change = data.draw(st.sampled_from(["upper", "lower", "wide", "apart", "unseen", "around"]))
    if change == "upper":
        text = text.upper()
    elif change == "lower":
        text = text.lower()
    elif change == "wide":
        text = _wide(text)
    elif change == "apart":
        text = unicodedata.normalize("NFD", text)
    elif change == "unseen":
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(text)))
            text = text[:at] + data.draw(st.sampled_from(UNSEEN)) + text[at:]
    else:
        before, after = data.draw(st.sampled_from(["()", "[]", "<>", '""', "**", "  ", "{}"]))
        text = f"{before}{text}{after}"
    assert not is_a_name(text)


@given(st.sampled_from(PEOPLE), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_somebody_stays_somebody_in_every_composition(name: str, form: str) -> None:
    assert is_a_name(unicodedata.normalize(form, name))  # type: ignore[arg-type]


@pytest.fixture
def _no_own_words_after() -> Iterator[None]:
    yield
    use_own_words(frozenset())


@pytest.mark.usefixtures("_no_own_words_after")
def test_words_of_ones_own_only_add() -> None:
    use_own_words(frozenset(["Zu  Vergeben", "Amara Okafor"]))
    assert not is_named("zu vergeben")
    assert not is_named("Amara Okafor")
    assert not is_named("TBD")
    assert is_named("Lena Fischer")
    assert own_words() == ["amara okafor", "zu vergeben"]


@pytest.mark.parametrize(
    "text",
    [
        "CIO",
        "cio.",
        "head of IT",
        "Product Owner",
        "Geschäftsführer",
        "Benefit owner",
        "BENEFIT  OWNER",
    ],
)
def test_the_title_of_a_post_is_an_id_and_no_name(text: str) -> None:
    use_role_titles(["Benefit owner"])
    try:
        assert is_named(text)
        assert not is_a_name(text)
        assert is_a_name("Benefit Owners-Smith")
    finally:
        use_role_titles([])


def test_a_title_counts_from_when_it_is_agreed_until_it_is_not() -> None:
    assert is_a_name("Keeper of benefits")
    use_role_titles(["Keeper of benefits"])
    try:
        assert not is_a_name("Keeper of benefits")
    finally:
        use_role_titles([])
    assert is_a_name("Keeper of benefits")


@pytest.mark.parametrize(
    "text", ["TBD", "T B D", "tbd (Q3)", "n/a", "?", " ", "to be defined by May", "${MEASURE}", "keine Angabe", "#REF!", "未定", "none", "open", "nicht vorhanden", "kein", "not measured", "no disponible"]
)  # fmt: skip
def test_a_placeholder_says_nothing(text: str) -> None:
    assert not is_said(text)


@pytest.mark.parametrize(
    "text", ["Open tickets", "Staff", "Unknown callers", "Vacant positions filled", "user", "%", "£", "m", "GBP", "Bills to be paid"]
)  # fmt: skip
def test_what_can_be_measured_says_something(text: str) -> None:
    """Also where it holds words that would name nobody."""
    assert is_said(text)


ODD_WORDS = st.one_of(
    st.sampled_from("tTbBdDanc.-_/\\()[]{}<>$%#@*'\":;,!?&"),
    st.sampled_from(
        ["tbd", "TBC", "todo", "fixme", "to", "be", "to be", "set", "err:502", "#REF!", "none", "n/a", "keine",
         "Angabe", "open", "unknown", "not", "defined", "measured", "https://", "example.org", "claims", "1", "22"]
    ),
)  # fmt: skip


@given(st.lists(ODD_WORDS, max_size=6), st.sampled_from(["", " ", "  ", ".", "-"]))
def test_a_text_that_is_plain_at_a_glance_says_what_a_closer_look_finds(
    words: list[str], between: str
) -> None:
    text = between.join(words)
    at_a_glance = is_said(text)
    use_own_words(frozenset(["zzz zzz zzz"]))  # which has every text looked at closely
    try:
        assert is_said(text) is at_a_glance
    finally:
        use_own_words(frozenset())
