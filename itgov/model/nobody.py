"""Telling a name from what people write where nobody is named: `TBD`, `vacant`, `à définir`, `未定`.

A text is looked at as a reader sees it: in compatibility form (NFKC), without accents, characters
that draw nothing, and brackets around it; dots inside it are neither a difference (`T.B.D.`).
Real names may begin with, or be, such a word in another language (`Nina Offen`, `Vacanti, Joe`),
so words are whole words, and those that are also names only count where they stand alone or with a
remark (`offen ab Q3`).  A language is added by a line in each of the tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from itgov.model.drawn_texts import LOOK_ALIKE, UNSEEN
from itgov.model.lazy_patterns import lazy_pattern
from itgov.model.remembered_texts import forget, remembered

_STRONG = """
tbd tba tbc tbn todo vacant vacancy vacated unassigned unallocated unnamed unknown unfilled undefined
undecided unspecified nobody noone placeholder
|no one|no owner|no name|not applicable|not assigned|not known|not named|not yet|not set|not appointed|not defined
|not available|not recorded|not specified|not measured|no data|to follow|new hire|new starter|new joiner|being recruited|being hired
|role vacant|post vacant|position vacant|seat vacant|none identified|none assigned|none named|none appointed|none yet
|under recruitment|in recruitment|recruitment ongoing|recruiting|awaiting|see above|see below
|pending recruitment|pending appointment|pending hire|pending confirmation|several people|multiple people
|various people|more than one|open position|open role|open post|open vacancy|position open|role open|unfilled position
|vacant position|vacant post|empty seat|john doe|jane doe|joe bloggs|a n other|test user|test person|test owner|dummy user
|example person|example user|sample person|sample user|your name|vorname nachname|nachname vorname|max mustermann
|erika mustermann|name vorname|fornavn etternavn|fornavn efternavn|fornamn efternamn|voornaam achternaam|imie nazwisko
|nombre apellido|nome cognome|nome sobrenome|etunimi sukunimi|to be hired|work in progress
fixme ebenda
vakant unbesetzt unbekannt unbenannt offengelassen|noch offen|noch zu|zu benennen|zu besetzen|zu bestimmen|zu definieren
|zu klaeren|zu klaren|wird benannt|wird nachgereicht|wird noch|nicht benannt|nicht besetzt|nicht bekannt|nicht zugeordnet
|nicht vorhanden|nicht verfuegbar|nicht verfugbar|nicht gemessen|nicht erfasst|keine daten|nicht zutreffend|nicht zugewiesen|nicht vergeben|offene stelle|freie stelle|vakante stelle|unbesetzte stelle
|offene position|stelle frei|stelle unbesetzt|neu zu besetzen|keine angabe|in klaerung|in klarung|in besetzung|stelle offen|stelle vakant|siehe oben|siehe unten
|a definir|a determiner|a confirmer|a designer|a nommer|a pourvoir|a recruter|a preciser|a completer|a venir|non defini
|non disponible|non mesure|sans donnees|non designe|non attribue|poste ouvert|poste a pourvoir|non pourvu|non affecte|non assigne|non nomme|a affecter|non applicable|non renseigne|poste vacant|en cours de recrutement|en recrutement|voir ci dessus
|por definir|por determinar|por confirmar|por designar|por nombrar|por asignar|sin asignar|sin definir|sin determinar
|no disponible|no medido|sin datos|puesto vacante|puesto por cubrir|por cubrir|sin cubrir|no cubierto|vacante por cubrir|no asignado|no aplica|no definido|no procede|ver arriba|desconocido|vacante
|da definire|da determinare|da confermare|da nominare|da assegnare|da individuare|non definito|non assegnato
|non disponibile|non misurato|posto vacante|posizione aperta|da coprire|non coperto|da ricoprire|non applicabile|non noto|vedi sopra|sconosciuto
|nao disponivel|nao medido|sem dados|vaga aberta|cargo vago|por preencher|a preencher|nao preenchido|por atribuir|a determinar|a confirmar|a designar|a nomear|a indicar|nao definido|nao atribuido|nao aplicavel|nao se aplica|ver acima
|desconhecido
|te bepalen|te benoemen|te bevestigen|nader te bepalen|nog te bepalen|nog te benoemen|nog niet|nog onbekend|niet bekend
|niet beschikbaar|niet gemeten|geen gegevens|openstaande vacature|niet ingevuld|niet bezet|nog in te vullen|niet toegewezen|niet van toepassing|nvt|ntb|nnb|zie boven|onbekend|openstaand
vacature onbezet obesatt ubesat ubesatt
|ej tillsatt|inte tillsatt|ska tillsattas|ledig tjanst|vakant tjanst|ikke besat|ikke besatt|ledig stilling|ledig stilling|vakant stilling
|ej utsedd|ej bestamd|ska utses|ej tillampligt|se ovan|okand|vakans
|ikke utpekt|ikke valgt|ikke fastsatt|ikke relevant|skal udpeges|skal utpekes|ikke udpeget|se ovenfor|ukjent|ukendt
|ei taytetty|avoin tehtava|avoin paikka|avoin toimi|taytetaan myohemmin|ei nimetty|ei tiedossa|nimeamatta|avoinna|tuntematon
nieobsadzone nieobsadzony nieobsadzona neobsazeno betoltetlen
|brak danych|niedostepne|wolne stanowisko|nie obsadzono|wolny etat|do ustalenia|do uzupelnienia|do potwierdzenia|do wyznaczenia|do obsadzenia|nie dotyczy|nie wyznaczono|nieznany|wakat
|jak wyzej
|не назначен|не назначена|не определен|не определено|не указан|вакансия|вакантно|уточняется|неизвестно|нет данных
"""
"""Words that are nobody with whatever follows them (`TBD by CIO`): no name begins with them."""

_EMPTY = """
wip dto none nil null na nb nn nt nv open pending tester dummy example sample later same idem ditto misc unclear blank empty x
|n a|lorem ipsum|same as above|as above|see comment|see comments|see note|see notes|see list|see tab|see sheet|see org chart
offen leer kein keine unklar folgt beispiel platzhalter|ka|k a
vide aucun aucune neant|sans objet|en cours
ninguno ninguna vacio pendiente
nessuno vuoto
nenhum nenhuma vazio
geen leeg volgt
ingen
brak|n d
нет|н д
미정 없음
"""
"""Words that say nothing in any text where they stand alone, and name nobody."""

_WEAK = """
test testing name person owner user hiring
me myself we us ourselves they them themselves
someone somebody anyone anybody everyone everybody various multiple several many all team
other others shared joint committee board group staff management department business it
deleted closed true false yes no wahr falsch ja nein vrai faux oui non si verdadero falso vero sim nao nee tak nie
|new role|new post|your name|full name|first name|last name|name here|insert name|enter name|first last|firstname lastname
|first name last name|outcome owner|relationship manager|project manager|to hire|the business|the team|the board|the group|the staff|the committee|the department|the management|the others
frei keiner niemand alle mehrere diverse verschiedene
personne tous plusieurs divers differents|nom prenom|prenom nom
nadie todos varios varias prueba nombre
tutti vari varie prova nome diversi
ninguem teste diversos varias
niemand iedereen meerdere naam
avoin ledig scoperto alla flera olika namn alle flere forskjellige forskellige navn ei kukaan kaikki useita nimi
nikt wszyscy rozni rozne nazwa
никто все разные тест имя
공석 미지정 담당자
"""
"""Words that are nobody alone or with a remark; with another word they may be a name."""

_EAST_ASIAN = """
未定 未設定 未設 未割当 未割り当て 未登録 未記入 未入力 不明 該当なし 該当無し なし 無し 空席 欠員 調整中 検討中 確認中 選定中
募集中 採用中 人選中 後任未定 不在 担当不在 後日 保留 同上 複数 全員 各自 担当者 氏名 名前 テスト ダミー 例 誰か
待定 待確認 待确认 待補 待补 待补充 待招 待任命 暫無 暂无 无 無 沒有 没有 不详 不詳 未知 未分配 未指定 未填 空缺 空 招聘中
测试 測試 示例 某人 某某 多人 全体 全體 各部门 各部門 大家 负责人 負責人 姓名
"""
_EAST_ASIAN_ROLE = lazy_pattern(
    "(?:担当|担当者|責任者|负责人|負責人|管理者|オーナー|所有者)(?:なし|ナシ|無し|無|无|不在|空)"
)
_EAST_ASIAN_INSIDE = "未定 未設定 未割当 未指定 未分配 待定 待确认 待確認 空席 欠員 空缺 募集中 招聘中 調整中 暂无 暫無"
"""Those that no name holds, so that `担当者未定` is nobody too."""

_REMARK = (
    r"(?:[-–—(\[{/:;,]|\b(?:by|from|until|till|as of|since|pending|per|with|for|due|after|before|expected|ab|bis|"
    r"von|durch|seit|par|depuis|jusqu|des|desde|hasta|dal|fino|ate|vanaf|tot|fran|fra|od|do)\b|\d|q[1-4]\b)"
)
_AFTER_A_NAME = r"^\s*,"
"""`Offen, Nina`: a family name first."""
_ASIDE = r"[(\[{]([^)\]}]*)[)\]}]|\s[-–—]\s+(.*)$"
_PUNCTUATION = " <>[](){}\"'*_`«»„“”‚‘’!?:;,.·…|#~=+-–—/\\"
_TO_BE = lazy_pattern(
    r"to be [a-z]+(?:ed|en|t|ne)(?: (?:in|by|with|from|after|until|before|later)\b.*)?"
)
"""`to be defined`, `to be agreed`, `to be set`."""
_LEADING = r"^(?:to be|zu be|nog te|noch zu)\b"


def _words(table: str) -> frozenset[str]:
    found: set[str] = set()
    for line in table.strip().split("\n"):
        single, *phrases = line.split("|")
        found.update(single.split())
        found.update(phrase.strip() for phrase in phrases)
    return frozenset(found - {""})


_ACRONYMS = frozenset(("tbd", "tba", "tbc", "tbn", "todo", "fixme"))
"""Words that are nobody as the last one as well (`Nadia TBD`), and with letters apart (`TB D`)."""
_STRETCHED = lazy_pattern(r"(?:t+b+[dacn]+)+")
"""`tbddd`, `TBDTBD`."""
_AGAIN = lazy_pattern(r"(\w{3,}?)\1+")
_TEMPLATE = lazy_pattern(
    r"[$#]?\{.*\}|\$\(.*\)|\$\w+|%+[\w .-]+%+|@@?[\w .-]+@@?|__\w+__|<%.*%>|<<.*>>", re.DOTALL
)
"""What a template has in place of a name: `${OWNER}`, `%OWNER%`, `{{ owner }}`, `__OWNER__`."""
_AS_WRITTEN = frozenset(("NaN", "s.o.", "S.o.", "s. o.", "s/o", "S/O"))
"""What is nobody only as it is written here: `Nan` and `So` are names."""
_TITLES = _words("""
cio cto ceo cfo coo ciso cdo cpo cmo chro dsi director manager directeur directrice geschaftsfuhrer abteilungsleiter
abteilungsleitung bereichsleiter vorstand chef head president it-leiter
|it director|it manager|it leiter|leiter it|head of it|it leitung|leitung it|product owner|service owner|business owner
|process owner|chief information officer
""")
"""Titles of posts, which are no names of people though ids may be made of them."""
_ERRORS = r"^#\s*[\w/ ]+[!?]?$|^err:\d+$"
"""What a spreadsheet shows where a formula failed: `#REF!`, `#N/A`, `Err:502`."""

_LETTERS = str.maketrans("łøđðþıæœ", "lodd\u00feiao")
_STRONG_WORDS = _words(_STRONG)
_EMPTY_WORDS = _words(_EMPTY)
_WEAK_WORDS = _words(_WEAK) | _EMPTY_WORDS
_EAST_ASIAN_WORDS = frozenset(_EAST_ASIAN.split())
_INSIDE = tuple(_EAST_ASIAN_INSIDE.split())
_FIRST_WORDS = frozenset(word.split(" ")[0] for word in _STRONG_WORDS | _WEAK_WORDS | {"to be"})
_USUAL = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ .][A-Za-z0-9]+)*")
_BETWEEN = re.compile(r"[ .]")
_LETTERS_OF_WORDS = frozenset(
    word if word.isalnum() else "".join(filter(str.isalnum, word))
    for word in _STRONG_WORDS | _EMPTY_WORDS
)
_FIRST_LETTERS = (*_ACRONYMS, "tb", "tt", "tobe", "err")
"""With which the letters of a text begin that may be `tbddd`, `to be set` or `Err:502`."""
_LAST_LETTERS = tuple(_ACRONYMS)
_FIRST_OF_TEMPLATES = tuple("$#{%@_<")
_MOST_WORDS = max(word.count(" ") for word in _STRONG_WORDS | _WEAK_WORDS) + 1
_own: set[str] = set()
_titles: set[str] = set()


def use_own_words(words: frozenset[str]) -> None:
    """Let these texts be nobody as well, in place of those that were added before.

    They come from `itgov.yaml` and hold for the whole process, so that every rule, form, sheet and
    import tells the same; nothing takes away from the words here.
    """
    own = {_plain(word) for word in words}
    if own == _own:
        return
    _own.clear()
    _own.update(own)
    forget()


def use_role_titles(titles: Iterable[str]) -> None:
    """Let the organisation's own titles of roles be no names, in place of those that were given before."""
    plain = {_plain(title) for title in titles}
    if plain == _titles:
        return
    _titles.clear()
    _titles.update(plain)
    forget()


def own_words() -> list[str]:
    """Return the words and titles that were added: what is remembered of a judging depends on them."""
    return [*sorted(_own), *(f"title {title}" for title in sorted(_titles))]


def words_in_use() -> tuple[frozenset[str], frozenset[str]]:
    """Return what `use_words_of` takes, in another process."""
    return frozenset(_own), frozenset(_titles)


def use_words_of(words: tuple[frozenset[str], frozenset[str]]) -> None:
    """Tell names as another process does that these words and titles were added to."""
    own, titles = words
    use_own_words(own)
    use_role_titles(titles)


def is_named(value: object) -> bool:
    """Say whether `value`, an id or a name, names somebody: neither blank nor a placeholder."""
    return isinstance(value, str) and not _is_nobody(value)


def is_said(value: object) -> bool:
    """Say whether a text that is no name says anything: neither blank nor a placeholder (`TBD`, `n/a`).

    Of the words that name nobody those count that stand for nothing in any text, and as the whole of
    it: `open tickets`, `staff` and `to be paid invoices` can be measured.
    """
    return isinstance(value, str) and not _is_empty(value)


@remembered
def _is_empty(value: str) -> bool:
    if not _own and len(value) <= 400 and value.isascii() and value.isprintable():
        letters = "".join(
            filter(str.isalnum, value.lower())
        )  # the same in all forms looked at below
        if (
            len(set(letters)) > 1
            and letters not in _LETTERS_OF_WORDS
            and not letters.startswith(_FIRST_LETTERS)
            and not letters.endswith(_LAST_LETTERS)
            and not value.lstrip().startswith(_FIRST_OF_TEMPLATES)
        ):
            return False  # most texts: nothing in them needs a closer look
    text = _plain(value[:400])
    if not any(
        c.isalnum() or (unicodedata.category(c) in ("Sc", "Po", "So") and c in "%‰€$£¥°№")
        for c in text
    ):
        return True
    bare = text.strip(_PUNCTUATION) or text
    if text in _own or _TEMPLATE.fullmatch(text) or re.match(_ERRORS, text):
        return True
    for form in _variants(bare):
        words = form.split(" ")
        if words[0] in _ACRONYMS or words[-1] in _ACRONYMS or _STRETCHED.fullmatch(_joined(form)):
            return True
        if form in _STRONG_WORDS or form in _EMPTY_WORDS or _TO_BE.fullmatch(form):
            return True
    letters = _joined(bare)
    return (
        len(letters) > 2 and letters.isalpha() and len(set(letters)) == 1
    ) or bare in _EAST_ASIAN_WORDS


def is_a_name(value: object) -> bool:
    """Say whether `value` is the name of somebody: as `is_named`, and neither a number nor the title of
    a post, which ids may be made of."""
    return isinstance(value, str) and _is_a_name(value)


@remembered
def _is_a_name(value: str) -> bool:
    if _is_nobody(value) or not any(c.isalpha() for c in value):
        return False
    name = value[:400]
    text = " ".join(name.lower().split()) if name.isascii() else _plain(name)
    text = text.strip(" .")
    return text not in _TITLES and text not in _titles


def _plain(value: str) -> str:
    """Return a text as it is compared: what is drawn of it, without case, accents and compositions."""
    seen = re.sub(UNSEEN, "", unicodedata.normalize("NFKC", value)).casefold()
    bare = "".join(
        c
        for c in unicodedata.normalize("NFKD", re.sub(UNSEEN, "", seen))
        if not unicodedata.combining(c) and (c.isprintable() or c.isspace())
    )
    return " ".join(unicodedata.normalize("NFKC", bare).translate(_LETTERS).split())


@remembered
def _is_nobody(value: str) -> bool:
    if _USUAL.fullmatch(value) and not _own:  # most names: nothing in them needs a closer look
        words = _BETWEEN.split(value.lower())
        first = words[0]
        stem = first.rstrip("0123456789")
        if (
            stem not in _FIRST_WORDS
            and len(set(first)) > 1
            and not first.startswith("tb")
            and words[-1] not in _ACRONYMS
            and not (len(words) == 1 and _AGAIN.fullmatch(first))
            and value not in _AS_WRITTEN
        ):
            return False
    if len(value) > 400:  # no name is; work stays small
        value = value[:400]
    text = _plain(value)
    if not any(c.isalnum() for c in text):
        return True
    if value.strip() in _AS_WRITTEN:
        return True
    inside = text.strip()[1:-1].strip() if text.strip()[0] in '([{<"*' else text
    if any(_TEMPLATE.fullmatch(each) for each in (text, text.strip(), inside)):
        return True
    if text in _own or re.match(_ERRORS, text.strip(' ()[]{}<>"*')):
        return True
    return any(_is_placeholder(form) for form in dict.fromkeys((text, text.translate(LOOK_ALIKE))))


def _is_placeholder(text: str) -> bool:
    for found in re.finditer(_ASIDE, text.strip("({[ ")):  # Head of claims (vacant)
        aside = (found.group(1) or found.group(2) or "").strip(" .?!)")
        if aside in ("vacant", "vakant", "vacante", "tbd", "unbesetzt", "unfilled", "wakat"):
            return True
    text = text.strip(_PUNCTUATION) or text
    letters = [c for c in text if c.isalnum()]
    if not letters:
        return True
    if _is_east_asian(letters[0]):
        if _EAST_ASIAN_ROLE.fullmatch(_joined(text)):
            return True
        return _joined(text) in _EAST_ASIAN_WORDS or any(w in text for w in _INSIDE)
    if len(letters) > 1 and len(set(letters)) == 1 and letters[0].isalpha():
        return True
    joined = _joined(text)
    if _STRETCHED.fullmatch(joined) or joined in _ACRONYMS or text.split(" ")[-1] in _ACRONYMS:
        return True
    again = _AGAIN.fullmatch(joined)
    if joined.rstrip("0123456789") in _STRONG_WORDS or (again and again[1] in _STRONG_WORDS):
        return True
    if any(_stands(variant) for variant in _variants(text)):
        return True
    parts = [p.strip() for p in re.split(r"[,;/|]", text) if p.strip()]
    return len(parts) > 1 and all(any(map(_stands, _variants(p))) for p in parts)


def _stands(text: str) -> bool:
    """Say whether a text is a word of nobody's, or begins with one that a remark follows."""
    if re.match(_LEADING, text):
        return True
    words = text.split(" ")
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        lead = " ".join(words[:count])
        rest = text[len(lead) :]
        stripped = lead.rstrip(",;:")
        if _known(stripped, _STRONG_WORDS):
            return True
        if _known(stripped, _WEAK_WORDS):
            tail = lead[len(stripped) :] + rest
            if not tail.strip() or (
                not re.match(_AFTER_A_NAME, tail) and re.match(_REMARK, tail.strip())
            ):
                return True
    return False


def _known(lead: str, table: frozenset[str]) -> bool:
    return lead in table or (lead.replace(" ", "") in table and _is_spelt(lead))


def _is_spelt(text: str) -> bool:
    """Say whether a text is single letters apart: `t b d`."""
    return all(len(word) == 1 for word in text.split(" "))


def _variants(text: str) -> list[str]:
    """Return a text with dots inside it left out, and with what joins words as blanks."""
    dotless = re.sub(r"\.(?=\w)|(?<=\w)\.", "", text)
    spaced = re.sub(r"[._/\\]", " ", text)
    joined = re.sub(r"[()\[\]{}<>\"'*]", "", dotless)
    hyphens = re.sub(r"(?<=\w)[-‐‑](?=\w)", " ", spaced)
    apart = re.sub(r"(?<=\w)([(\[{:;–—])", r" \1", dotless)
    forms = (dotless, spaced, joined, hyphens, apart)
    return list(dict.fromkeys(" ".join(form.split()) for form in forms))


def _joined(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _is_east_asian(char: str) -> bool:
    return (
        "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff"
    )
