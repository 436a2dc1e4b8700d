"""Which files of a portfolio's folders are read, and which are named because they are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_ENDINGS = (".yaml", ".yml")
_NOT_YAML = (".md", ".markdown")
_OF_OTHER_TOOLS = frozenset(
    (
        *(".git", ".gitkeep", ".keep", ".gitignore", ".gitattributes", ".editorconfig"),
        *(".ds_store", "thumbs.db", "desktop.ini", "license", "readme", "codeowners"),
    )
)


def is_read(name: str) -> bool:
    """Say whether a file is read, by its name: it ends in `.yaml` or `.yml`, and is not hidden."""
    return name.casefold().endswith(_ENDINGS) and not name.startswith(".")


def is_passed_over(name: str) -> bool:
    """Say whether a file or hidden folder that is not read could be taken for one that is.

    Markdown is for people, and git, file managers and editors keep files of their own.
    """
    plain = name.casefold()
    if is_read(name) or plain.endswith(_NOT_YAML) or plain in _OF_OTHER_TOOLS:
        return False
    of_an_editor = plain.endswith("~") or plain.startswith((".#", "#")) or plain[-4:-1] == ".sw"
    return not of_an_editor


MAX_FOLDERS = 100
"""How deep folders may be nested below one that is read."""


def walk(top: str | Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk as `os.walk` does, which recurses before Python 3.12, and no deeper than `MAX_FOLDERS`."""
    above = os.fspath(top).rstrip(os.sep).count(os.sep)
    for folder, inner, names in os.walk(top):
        if folder.count(os.sep) - above >= MAX_FOLDERS:
            inner.clear()
        yield folder, inner, names
