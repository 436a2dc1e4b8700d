"""The lines of a draft about money: which columns are a year's budget, actual and forecast."""

from __future__ import annotations

from msgspec import Struct, structs

from itgov.importing import dates
from itgov.importing import values as v
from itgov.importing.column_choice import ColumnChoice
from itgov.importing.kind_rows import KindRows, kind_rows
from itgov.importing.looks import (
    ColumnLook,
    decimal_of,
    fiscal_year_spec,
    money_reader,
    money_spec,
    name_of,
)
from itgov.importing.money_columns import (
    KINDS,
    Money,
    by_year,
    is_same,
    may_be_money,
    money_of,
    named_by_years,
    total_of,
)
from itgov.importing.money_questions import (
    NONE,
    YEARS,
    called_alike,
    spent_until,
    what_is,
    which_holds,
    which_is_money,
)
from itgov.importing.periods import period_of
from itgov.importing.questions import ADD, Question
from itgov.importing.table_questions import MONTH_FIRST, are_codes, currency_of
from itgov.importing.trouble import shown
from itgov.importing.unit_questions import SaidUnit, money_unit, unsure_of_unit, which_decimal
from itgov.importing.year_questions import BY_END, WHOLE, fiscal_year, year_named, year_of

_ASKED = 3
"""Most columns of money about which it is asked what they are."""

_WHY_KEPT = {
    "whole_life": "money, but of the whole life and not of one year",
    "benefit": "money that is gained, not spent",
}


class Spend(Struct):
    """The rows of `spend` of a draft."""

    rows: list[str]
    comment: str
    is_sum: bool
    """Whether several columns are added up, which the mapping has to say."""


class SpendDraft:
    """Chooses the columns of money."""

    def __init__(
        self, choice: ColumnChoice, year: int, said: SaidUnit | None = None, stated: int = 0
    ) -> None:
        self.choice = choice
        self.year = year
        self.stated = stated
        """The year that the texts above the table say; 0 for none."""
        self.said = said
        """What a text beside the table says that amounts count."""
        self.money: list[ColumnLook] = []
        """The columns that are read as spend."""
        self.years: ColumnLook | None = None
        """The column that says each row's year."""
        self.currencies: ColumnLook | None = None
        """The column that says each row's currency."""
        self.dated: ColumnLook | None = None
        """The column that says of which day each row is."""
        self.scale = ""
        """What all amounts are multiplied by, where that was asked."""
        self.has_outcome = False
        """Whether rows state an outcome, which money that is gained may be the value of."""
        self.value: ColumnLook | None = None
        """The column of that value, where it was answered."""
        self.unsure: list[ColumnLook] = []
        """The columns of which alone it was asked what their amounts count."""
        self.is_annual = False
        """Whether its columns say that they are for each year."""
        self.kinds: KindRows | None = None
        """The column that says of each row whether its amount is budget, actual or forecast."""
        self.kept: dict[str, str] = {}
        """Why a column of money is not read as spend."""
        self.left: set[str] = set()
        """Columns of money that are not read, though no answer says so: named as not imported."""

    def find_kinds(self) -> None:
        """Take the column that says of each row what its amount is, where it has only one."""
        found = kind_rows(self.choice.columns)
        if found is None:
            return
        money = [m for c in self._candidates() if (m := money_of(c)) is not None]
        if len([m for m in money if m.kind in ("year", "unknown", *KINDS)]) == 1:
            self.kinds = found
            found.column.taken = True

    def lines(self) -> Spend | None:
        """Choose the columns and return their rows; None where there is no money."""
        named = self.choice.ranked("currency")
        self.currencies = next((c for c in [*named, *self.choice.columns] if are_codes(c)), None)
        self.years = self.years or self.choice.find("year", dates.year)
        found = [m for c in self._candidates() if (m := money_of(c)) is not None]
        if not any(m.kind for m in found):
            found = named_by_years(found)
        found = self._asked(found)
        self._on_days(found)
        self._in_fiscal_years(found)
        spend = [m for m in found if m.kind in KINDS and not m.is_perhaps]
        likely = [m for m in found if m.kind in KINDS and m.is_perhaps]
        whole = [m for m in found if m.kind == "whole_life"]
        if not spend:
            spend = likely or whole[:1] or self._called_nothing(found)
            for money in spend:
                money.kind = "budget" if money.kind == "whole_life" else money.kind
            likely = []
        if not any(m.kind == "actual" for m in spend):  # beside a budget, `Spend` is what was spent
            spend += [m for m in likely if m.kind == "actual"]
        self.kept |= {m.column.name: _WHY_KEPT[m.kind] for m in found if m.kind in _WHY_KEPT}
        self._ask_value([m for m in found if m.kind == "benefit"])
        self._join_years(spend)
        spend = self._of_known_years(spend)
        chosen = [(key, m) for key, group in by_year(spend) for m in self._of_one_year(key, group)]
        if not chosen:
            return None
        for _, money in chosen:
            self._take(money.column)
        self.is_annual = all(m.is_annual for _, m in chosen)
        self.left |= {m.column.name for m in (*spend, *likely) if m.column not in self.money}
        self.left -= self.kept.keys()
        return self._rows(chosen)

    def _candidates(self) -> list[ColumnLook]:
        return [c for c in self.choice.columns if not c.taken]

    def _take(self, column: ColumnLook) -> None:
        column.taken = True
        self.money.append(column)
        if column.cells:
            self.choice.note_odd(column, money_reader(decimal_of(column) or "."), is_money=True)

    # -- what is asked -----------------------------------------------------------------------

    def _asked(self, found: list[Money]) -> list[Money]:
        """Ask what columns are that are named by a year alone, or by nothing but a currency."""
        if self.kinds is None and (years := [m for m in found if m.kind == "year"]):
            answer = self._ask("spend", years, "only years name them", "budget")
            for money in years:
                money.kind = answer
        if self.kinds is not None:
            for money in (m for m in found if m.kind in ("year", "unknown")):
                money.kind = "budget"
        unknown = called_alike([m for m in found if m.kind == "unknown"])
        proposal = NONE if any(m.kind == "budget" for m in found) else "budget"
        for at, alike in enumerate(unknown):
            why = "it holds money, and its name does not say of what"
            if alike[0].is_perhaps:
                why = "its name does not say whether it was spent or is planned"
            field = f"spend-{v.slug(alike[0].column.name, 40)}"
            answer = self._ask(field, alike, why, proposal) if at < _ASKED else NONE
            for money in alike:
                money.kind, money.is_perhaps = answer, False
                if answer == NONE:
                    is_meant = at < _ASKED and field not in self.choice.asked.proposed
                    self._keep([money], [], why, is_meant)
        return found

    def _called_nothing(self, found: list[Money]) -> list[Money]:
        """Ask for the budget among columns of numbers, where no name says that one is money."""
        likely = [m for m in found if not m.kind and not m.is_never and may_be_money(m)]
        if not likely:
            return []
        answer = self.choice.asked.ask(which_is_money(likely))
        chosen = [m for m in likely if m.column.name == answer]
        for money in chosen:
            money.kind = "budget"
        return chosen

    def _ask(self, field: str, columns: list[Money], why: str, proposal: str) -> str:
        question = what_is(field, [m.column for m in columns], why, proposal)
        return self.choice.asked.ask(question) or proposal

    def _on_days(self, found: list[Money]) -> None:
        """Let a day in a name say the year of what was spent until it, once its month is known.

        Beside another kind it is the day of an approval, say, and no year of the amount.
        """
        for money in found:
            if money.kind != "actual" and money.period is not None and money.period.is_until:
                money.period = period_of(money.period.bare)
        either = [m for m in found if m.kind in KINDS and m.period and m.period.other_month]
        if either and self.choice.day_order([m.column.name for m in either]) == MONTH_FIRST:
            for money in either:
                if (day := money.period) is not None:
                    money.period = structs.replace(day, month=day.other_month)

    def _in_fiscal_years(self, found: list[Money]) -> None:
        """Let a month be of the fiscal year that it lies in."""
        spend = [m for m in found if m.kind in KINDS]
        monthly = [m for m in spend if m.period is not None and m.period.month and m.period.year]
        if not monthly:
            return
        columns = [m.column for m in spend]
        code = currency_of(columns, columns[0], self.currencies)
        if isinstance(code, Question):
            code = self.choice.asked.answers.get("currency", "")
        usual = fiscal_year(code, self.years, columns).proposal
        month = self.choice.asked.answers.get("fiscal_year_start") or (usual and usual.answer)
        for money in monthly:
            if money.period is not None and money.period.month < int(month or 1):
                money.period = structs.replace(money.period, year=money.period.year - 1)

    # -- one year's money --------------------------------------------------------------------

    def _join_years(self, spend: list[Money]) -> None:
        """Let what was spent or is forecast, of no year, be of the one year that a budget is of."""
        budgets = [m.period for m in spend if m.kind == "budget"]
        whole = [p for p in budgets if p is not None and not p.is_part]
        if self.years is not None or len({p.year if p else 0 for p in budgets}) != 1 or not whole:
            return
        for money in spend:
            taken = any(m.kind == money.kind and m.period is not None for m in spend)
            if money.period is None and not taken:
                money.period = whole[0]

    def _of_known_years(self, spend: list[Money]) -> list[Money]:
        """Leave out an amount of no year where its kind has years: it is the whole, or their sum."""
        spend = self._until_days(spend)
        dated = {m.kind for m in spend if m.period is not None}
        if len({m.period.year for m in spend if m.period is not None}) > 1:
            dated |= {"actual", "forecast"}  # to date, or at the end: no year's, beside years'
        read = [m for m in spend if m.period is not None or m.kind not in dated]
        self._keep(spend, read, "of no one year, while other columns are")
        return read

    def _until_days(self, spend: list[Money]) -> list[Money]:
        """Ask whether what was spent until a day is a year's, where others are of several years."""
        until = [m for m in spend if m.kind == "actual" and m.period and m.period.is_until]
        others = {m.period.year for m in spend if m.period is not None and m not in until}
        if not until or len(until) + len(others) < 3:
            return spend
        if self.choice.asked.ask(spent_until(until)) == YEARS:
            return spend
        read = [m for m in spend if m not in until]
        self._keep(spend, read, "until a day, and of no one year")
        return read

    def _of_one_year(self, key: tuple[int, str], group: list[Money]) -> list[Money]:
        """Return which columns of one year and kind are read: one, or parts that add up."""
        if len(group) == 1:
            return group
        if (total := total_of(group)) is not None:
            self._keep(group, [total], f"a part of `{shown(total.column.name)}`")
            return [total]
        newer = [m for m in group if not m.is_older] or group
        self._keep(group, newer, f"`{shown(newer[0].column.name)}` has replaced it")
        whole = [m for m in newer if m.period is None or not m.period.is_part]
        if whole and len(whole) < len(newer):
            self._keep(newer, whole, f"`{shown(whole[0].column.name)}` is of the whole year")
            newer = whole
        totals = [m for m in newer if m.is_total]
        if len(totals) == 1 and len(newer) > 1:
            self._keep(newer, totals, f"not added to `{shown(totals[0].column.name)}`")
            return totals
        if len(newer) == 1 or all(m.is_part for m in newer):
            return newer
        if all(is_same(newer[0], m) for m in newer[1:]):
            self._keep(newer, newer[:1], f"the same amounts as `{shown(newer[0].column.name)}`")
            return newer[:1]
        return self._which(key, newer)

    def _keep(self, group: list[Money], read: list[Money], why: str, is_meant: bool = True) -> None:
        for name in (m.column.name for m in group if m not in read):
            if is_meant:
                self.kept[name] = f"not spent: {why}"
            else:
                self.left.add(name)

    def _which(self, key: tuple[int, str], group: list[Money]) -> list[Money]:
        """Ask which of several amounts of one year and kind holds, or whether they add up."""
        question = which_holds(*key, group)
        answer = self.choice.asked.ask(question)
        if answer == ADD:
            return group
        chosen = [m for m in group if m.column.name == answer]
        read = f"`{shown(chosen[0].column.name)}` is read" if chosen else "no column is read"
        self._keep(group, chosen, read, question.field not in self.choice.asked.proposed)
        return chosen

    # -- rows --------------------------------------------------------------------------------

    def _rows(self, chosen: list[tuple[tuple[int, str], Money]]) -> Spend:
        self._ask_unit()
        rows: dict[tuple[int, int], dict[str, str]] = {}
        for (year, kind), money in chosen:
            part = 0
            while kind in rows.setdefault((year, part), {}):
                part += 1
            if self.kinds is None:
                rows[year, part][kind] = money_spec(money.column)
                continue
            for said_kind in self.kinds.words:
                rows[year, part][said_kind] = money_spec(money.column, self.kinds.where(said_kind))
        said: list[str] = []
        lines: list[str] = []
        for (year, _), parts in rows.items():
            names = [
                m.column.name
                for (of, _), m in chosen
                if of == year and not (m.period is not None and m.period.month)
            ]
            start, total = self._year(year, said, names)
            fields = ", ".join(
                f"{k}: {parts[k]}" for k in ("budget", "actual", "forecast") if k in parts
            )
            lines.append(f"\n      - {{year: {start}, {fields}{total}}}")
        is_sum = any(part for _, part in rows)
        said += ["columns of one year are added up"] if is_sum else []
        said += [m.why for _, m in chosen if m.why]
        return Spend(lines, "; ".join(dict.fromkeys(said)), is_sum)

    def _ask_value(self, gained: list[Money]) -> None:
        """Ask whether money that is gained is the value a year of the outcome that rows state."""
        if not gained or not self.has_outcome:
            return
        gained = sorted(gained, key=lambda m: not m.is_annual)
        columns = [m.column for m in gained]
        name = shown(columns[0].name)
        why = f"`{name}` is money that is gained, and does not say whether each year or in all"
        if gained[0].is_annual:
            why = f"`{name}` is money that is gained each year"
        self.value = self.choice.if_answered("value", columns, why)
        if self.value is not None:
            self.kept.pop(self.value.name, None)

    def _ask_unit(self) -> None:
        """Ask what amounts count that do not say it: of the whole table, or of some columns only."""
        kept = [c for c in self.choice.columns if c.name in self.kept and c.cells]
        columns = [*self.money, *kept, *([self.value] if self.value is not None else [])]
        if (open_sign := which_decimal(columns)) is not None:
            self.choice.asked.ask(open_sign)
        unsure = unsure_of_unit(columns)
        if not unsure:
            return
        others = [c for c in columns if c not in unsure and decimal_of(c) is not None]
        question = money_unit(unsure, others, self.said)
        answer = self.choice.asked.ask(question)
        if others:
            self.unsure = unsure
            for column in unsure:
                column.scale = int(answer) if answer is not None else None
        else:
            self.scale = answer or "1"

    def _year(self, year: int, said: list[str], names: list[str]) -> tuple[str, str]:
        if year:
            return f"{{value: {year - self._named_by_end(names)}}}", ""
        if self.years is not None:
            name = name_of(self.years, True)
            by_end = self._named_by_end(self.years.words)
            return f"{{column: {name}, plus: -1}}" if by_end else name, ""
        if self.dated is None and (booked := self.choice.dated("booked")[0]) is not None:
            said.append(f"recorded in the fiscal year of `{shown(booked.name)}`")
            return fiscal_year_spec(booked), ""
        if (day := self.dated) is not None:
            said.append(f"recorded in the year of `{shown(day.name)}`, as the whole budget")
            return fiscal_year_spec(day), ", total: true"
        answer = (
            self.choice.asked.ask(year_of(self.money, self.year, self.stated, self.is_annual))
            or WHOLE
        )
        if answer != WHOLE:
            return f"{{value: {answer}}}", ""
        said.append("this year is used for the whole budget")
        return f"{{value: {self.year}}}", ", total: true"

    def _named_by_end(self, words: list[str]) -> bool:
        """Say whether a fiscal year is called by the year in which it ends.

        Asked once it is answered that it begins in another month than January, where no word spans
        two years.
        """
        month = self.choice.asked.answers.get("fiscal_year_start", "1")
        if month == "1" or (question := year_named(words, int(month))) is None:
            return False
        return self.choice.asked.ask(question) == BY_END
