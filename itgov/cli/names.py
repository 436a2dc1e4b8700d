"""Names that people give on the command line, made fit for files."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path

from itgov.cli.options import Stop
from itgov.report.plain import is_harmless, plain

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


def name_of(root: Path) -> str:
    """Return a name for the organisation of a folder."""
    words = re.sub(r"[-_.\s]+", " ", os.path.basename(os.path.realpath(root))).strip()
    return words[:1].upper() + words[1:] if words and is_harmless(words) else "Our organisation"


def name_given(text: str) -> str:
    """Return the name of `--name`.  Raises `Stop`."""
    if not text.strip():
        raise Stop("--name: the organisation needs a name")
    if len(text) > 200:
        raise Stop("--name: at most 200 characters")
    if not is_harmless(text):
        raise Stop(f"--name: `{plain(text)}` contains characters that are not allowed in a name")
    return " ".join(text.split())


def currency_given(text: str) -> str:
    """Return the code of `--currency`.  Raises `Stop`."""
    code = text.upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise Stop(f"--currency: `{text}` is not a code of three letters, such as EUR")
    return code


def unit_given(text: str) -> str:
    """Return the id of `--unit`.  Raises `Stop`."""
    if not re.fullmatch(r"\w[\w.-]{0,63}", text) or not is_harmless(text) or text.endswith("."):
        raise Stop(
            f"--unit: `{text}` is not an id such as retail: "
            "letters, digits, dashes, dots and underscores"
        )
    if text.lower() in ("organisation", "people"):
        raise Stop(f"--unit: `{text}.yaml` is where the organisation itself is; choose another id")
    return text


def ascii_of(text: str) -> str:
    """Return a text in plain letters."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def slug(text: str) -> str:
    """Return a text as an identifier."""
    return re.sub(r"[^a-z0-9]+", "-", ascii_of(text).lower()).strip("-") or "organisation"
