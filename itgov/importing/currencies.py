"""The currency that a cell names beside its amount."""

from __future__ import annotations

import re

from itgov.importing.cells import Cell, Priced
from itgov.importing.values import BadCell

_SIGNS = {"£": {"GBP"}, "€": {"EUR"}, "¥": {"JPY", "CNY"}, "₹": {"INR"}}
_NAMED = re.compile("[A-Z£€¥₹$]")
_DOLLARS = {
    "US": "USD",
    "CA": "CAD",
    "C": "CAD",
    "A": "AUD",
    "AU": "AUD",
    "NZ": "NZD",
    "S": "SGD",
    "HK": "HKD",
    "R": "BRL",
    "MX": "MXN",
}
CODES = frozenset(
    [
        "AUD",
        "BRL",
        "CAD",
        "CHF",
        "CNY",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "INR",
        "JPY",
        "MXN",
        "NOK",
        "NZD",
        "PLN",
        "RON",
        "SEK",
        "SGD",
        "USD",
        "ZAR",
    ]
)


def check_currency(cell: Cell, currency: str | None) -> None:
    """Raise BadCell where a cell names another currency than that of the portfolio."""
    if isinstance(cell, Priced):
        cell = cell.sign
    if currency is None or not isinstance(cell, str) or not _NAMED.search(cell):
        return
    named: set[str] = {code for code in re.findall(r"\b[A-Z]{3}\b", cell) if code in CODES}
    for prefix, sign in re.findall(r"([A-Z]{0,3})\s?([£€¥₹$])", cell):
        if sign != "$":
            named |= _SIGNS[sign]
        elif prefix in _DOLLARS:
            named.add(_DOLLARS[prefix])
        elif prefix:
            named.add(f"{prefix}$")
        elif not currency.endswith("D") and currency not in ("MXN", "BRL"):
            named.add("USD")
    if named and currency not in named:
        raise BadCell(
            f"is in {' or '.join(sorted(named))}, not in {currency}, and is not converted"
        )


_IN_FORMAT = re.compile(r"\[\$([^\]-]*)(?:-[0-9A-Fa-f]*)?\]|\"([^\"]*)\"|\\(.)|([£€¥₹$])")
_SHOWN = re.compile(r"([A-Z]{0,3})\s?([£€¥₹$])|([A-Z]{3})")


def sign_in_format(number_format: str) -> str:
    """Return the currency that a spreadsheet shows beside amounts of a format; blank for none."""
    parts = _IN_FORMAT.findall(number_format.split(";", maxsplit=1)[0])
    shown = "".join(next(filter(None, part), "") for part in parts)
    match = _SHOWN.search(shown)
    if match is None or (match[3] and match[3] not in CODES):
        return ""
    return match[0].replace(" ", "")
