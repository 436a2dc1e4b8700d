"""Names that people give on the command line, made fit for files."""

from __future__ import annotations

import json
import re
import unicodedata

from itgov.cli.options import Stop
from itgov.report.start_names import wrong_currency, wrong_name, wrong_unit

_AMBIGUOUS = re.compile(
    r"(null|true|false|yes|no|on|off|y|n|~"
    r"|[-+]?(\.?[0-9][0-9_]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|0[xob][0-9a-f_]+|\.inf|\.nan)"
    r"|[0-9]+(:[0-9]+)+|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)",
    re.IGNORECASE,
)


_PLAIN = re.compile(r"\w([\w .&/'()-]*[\w.()])?")


def quoted(text: str) -> str:
    """Return a text as a YAML scalar that every reader takes for that text, in any place."""
    if _PLAIN.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)


def as_said(identifier: str) -> str:
    """Return an identifier as people say it."""
    return re.sub(r"[-_.]+", " ", identifier).strip().capitalize() or identifier


def name_given(text: str, option: str = "--name") -> str:
    """Return the name of an option such as `--name`.  Raises `Stop`."""
    _refuse(option, wrong_name(text))
    return " ".join(text.split())


def currency_given(text: str) -> str:
    """Return the code of `--currency`.  Raises `Stop`."""
    _refuse("--currency", wrong_currency(text))
    return text.upper()


def unit_given(text: str) -> str:
    """Return the id of `--unit`.  Raises `Stop`."""
    _refuse("--unit", wrong_unit(text))
    return text


def _refuse(option: str, wrong: str | None) -> None:
    if wrong is not None:
        raise Stop(f"{option}: {wrong}")


def ascii_of(text: str) -> str:
    """Return a text in plain letters."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def slug(text: str) -> str:
    """Return a text as an identifier."""
    return re.sub(r"[^a-z0-9]+", "-", ascii_of(text).lower()).strip("-") or "organisation"
