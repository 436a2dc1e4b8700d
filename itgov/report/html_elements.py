"""Building HTML from data: what is not marked as HTML already is escaped, without exception."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TypeAlias
from urllib.parse import urlsplit

from itgov.report.plain import cut, is_harmless, plain

LONGEST = 600
"""Characters of one text of data that are shown; a board pack is not the place for more."""

_VOID = frozenset({"meta", "link", "br", "hr", "img", "wbr"})
_NAME = re.compile(r"[a-z][a-zA-Z0-9-]*")


class Html(str):
    """Text that is HTML already.  Only this module and `write_html.py` make it."""

    __slots__ = ()


Child: TypeAlias = "str | Html | Iterable[str | Html | None] | None"


def text(value: object) -> Html:
    """Return a value as HTML text: one line, no markup, nothing hidden, not endless."""
    return Html(escape(cut(plain(str(value)), LONGEST), quote=True))


def h(tag: str, *children: Child, **attributes: str | int | bool | None) -> Html:
    """Return an element.  A child that is not `Html` is escaped; None is left out.

    Attributes are named as in Python (`class_`, `aria_label`); True stands without a value, None
    and False are left out.
    """
    said = []
    for key, value in attributes.items():
        name = key.rstrip("_").replace("_", "-")
        if not _NAME.fullmatch(name):
            raise ValueError(f"no attribute: {name!r}")
        if value is True:
            said.append(f" {name}")
        elif value is not None and value is not False:
            said.append(f' {name}="{text(value)}"')
    opened = f"<{tag}{''.join(said)}>"
    return Html(opened if tag in _VOID else f"{opened}{join(children)}</{tag}>")


def join(children: Iterable[Child]) -> Html:
    """Return children one after another, escaped where they are not HTML already."""
    return Html("".join(_flat(children)))


def _flat(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Html):
            yield child
        elif isinstance(child, str):
            yield text(child)
        else:
            yield from _flat(child)


def is_web(url: str) -> bool:
    """Say whether a text of data may be a link: a plain http or https address of a host."""
    if not is_harmless(url) or re.search(r"[\s\\<>\"'`{}|^]", url):
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False


def link(url: str, words: str | None = None) -> Html:
    """Return an address from data as a link where it is one of the web's, as text otherwise."""
    if not is_web(url) or len(url) > LONGEST:
        return text(url)
    return Html(
        f'<a href="{escape(url, quote=True)}" rel="noopener noreferrer">{text(words or url)}</a>'
    )


class Anchors:
    """Ids for places inside the page, made of numbers only: data never become an id."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def of(self, kind: str, identifier: str) -> str:
        """Return the id of a place, the same each time that it is asked for."""
        return self._known.setdefault((kind, identifier), f"{kind}-{len(self._known) + 1}")
