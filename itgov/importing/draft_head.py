"""The first lines of a draft: its questions, the organisation, the file, and how cells are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from itgov.files.write import text
from itgov.importing import values as v
from itgov.importing.currencies import check_currency
from itgov.importing.guess import MappingDraft
from itgov.importing.looks import ColumnLook, decimal_of
from itgov.importing.money_columns import Money, perhaps_money, total_of
from itgov.importing.questions import ALL, ONLY, Question, in_order, lines
from itgov.importing.table_questions import currency_of, whose
from itgov.importing.trouble import refuse, shown
from itgov.importing.values import BadCell
from itgov.importing.year_questions import fiscal_year

_NAMES = 80
"""Most characters of a name."""

_WITHHELD = re.compile(
    r"exempt|confiden|restrict|nfp|not for publication|withheld|redact", re.IGNORECASE
)


def mapping_name(path: Path) -> str:
    """Return what the mapping of a file is called: the same for the table of another year or day."""
    stem = v.slug(path.stem, _NAMES)
    return re.sub(r"(?:^|-)(?:fy-?)?(?:19|20)\d\d(?:-?\d\d){0,2}(?=-|$)", "", stem).strip("-") or (
        stem or "table"
    )


def head(made: MappingDraft, keys: str, files: list[str], kept: str = "") -> Iterator[str]:
    """Yield the lines above `investments:`; `keys` says how the table is found in `files` again.

    `kept` is the path of the mapping, where it is known already.
    """
    file, asked = made.path.name, made.asked
    stem = made.path.stem[:_NAMES]
    name = mapping_name(made.path)
    whole = list(_organisation(made, name, stem))
    if kept:
        yield f"# How {shown(file)} was imported. It is found for the next table with these columns;"
        yield f"# to name it: itgov import --mapping {shown(kept)} FILE"
    else:
        yield "# A draft by `itgov import --guess`. Check each line, then run it:"
        yield f"#   itgov import --mapping THIS_FILE {shown(file)}"
    yield "# Every key is explained in docs/import.md."
    if asked.open:
        yield "# Not sure; correct the line that a question is about:"
        for question in in_order(asked.open):
            yield from (f"#   {line}" for line in lines(question))
    yield "mapping:"
    yield f"  name: {text(name)}"
    yield from whole
    unanswered = [q.field for q in asked.open if q.matters]
    if unanswered:
        yield f"unanswered: [{', '.join(unanswered)}]   # answer, then take the word out"
    yield "tables:"
    scale = f", scale: {made.scale}" if made.scale else ""
    if decimal := asked.answers.get("decimal"):
        scale += f', decimal: "{decimal}"'
    said = ""
    if "scale" in unanswered:
        where = ", ".join(f"`{shown(c.name)}`" for c in made.spend.unsure)
        said = f"   # scale: 1, 1000 or 1000000{f', at {where} below' if where else ''}"
    names = [text(name, True) for name in files]
    each = ", ".join(f"{name}: {made.day}" for name in names)
    days = f", days: {{{each}}}" if made.day else ""
    fills = ", ".join(text(name, True) for name in made.fill_down)
    fills = f", fill_down: [{fills}]" if fills else ""
    perhaps = [text(c.name, True) for c in made.free() if _is_left(made, c)]
    if perhaps:
        yield "  # figures of `perhaps_money` are named as not imported: take out what is no money"
    unread = f", perhaps_money: [{', '.join(perhaps)}]" if perhaps else ""
    yield f"  table: {{files: [{', '.join(names)}]{keys}{scale}{days}{fills}{unread}}}{said}"
    if made.odd:
        yield "reading:"
    withheld = [w for w in made.odd if _WITHHELD.search(w)]
    missing = [w for w in made.odd if w not in withheld]
    if missing:
        listed = ", ".join(text(w, True) for w in missing)
        yield f"  missing: [{listed}]   # read as empty"
    if withheld:
        listed = ", ".join(f'{text(w, True)}: "*"' for w in withheld)
        yield f"  withheld: {{{listed}}}   # not published: present, but counted apart"


def _is_left(made: MappingDraft, column: ColumnLook) -> bool:
    """Say whether a column may be money that the draft does not import as such."""
    if column.name in made.spend.left:
        return True
    is_kept = column.name in made.spend.kept and decimal_of(column) is not None
    if is_kept or not perhaps_money(column):
        return False
    whole = Money(column, "")
    return total_of([whole, *(Money(c, "") for c in made.money)]) is not whole


def _organisation(made: MappingDraft, name: str, stem: str) -> Iterator[str]:
    asked = made.asked
    yield "organisation:"
    if said := asked.answered(whose(stem, made.unit or made.named_by, made.above)):
        yield f"  id: {text(v.slug(said) or name)}"
        yield f"  name: {text(said)}"
    else:
        yield f"  id: {text(name)}   # the organisation of the portfolio"
    if not made.money:
        yield "  fiscal_year_start: 1   # the month; set yours"
        return
    found = currency_of(made.money, made.named_by, made.currencies, made.beside)
    if isinstance(found, Question):
        code = asked.ask(found)
        why = "not found in the file: set yours" if code is None else "set yours"
        comment = "" if asked.is_answered(found) else f"   # {why}"
    else:
        code, comment = found, "   # as the table says"
    code = code.removesuffix(ONLY).removesuffix(ALL) if code is not None else None
    _check_names(made, code)
    yield f"  currency: {code or 'USD'}{comment}"
    year = fiscal_year(code, made.years, made.money)
    comment = "" if (month := asked.answered(year)) else "   # the month; set yours"
    yield f"  fiscal_year_start: {month or asked.ask(year)}{comment}"


def _check_names(made: MappingDraft, code: str | None) -> None:
    """Refuse a currency that was answered, or that the repository has, where a column names another."""
    for column in made.money:
        try:
            check_currency(column.name, code)
        except BadCell as error:
            raise refuse(
                f"the column `{shown(column.name)}` {error}",
                made.path.as_posix(),
                "Convert its amounts in the table first, or import it into a portfolio of its currency.",
            ) from error
