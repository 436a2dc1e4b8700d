"""Which files of a portfolio's folders are read, and which are named because they are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_ENDINGS = (".yaml", ".yml")
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
    """Say whether a file that is not read could be taken for one that is.

    Markdown is for people, and git and file managers keep files of their own.
    """
    plain = name.casefold()
    if is_read(name) or plain in _OF_OTHER_TOOLS:
        return False
    stem = plain.removesuffix(".md").removesuffix(".markdown")
    return stem == plain or stem.endswith((*_ENDINGS, ".json"))


def is_of_an_editor(name: str) -> bool:
    """Say whether an editor keeps such a file beside one that it has open, or has saved."""
    return name.endswith(("~", "#")) or name.startswith((".#", "#")) or name[-4:-1] == ".sw"


def is_open_in_an_editor(path: str) -> bool:
    """Say whether a file is what Vim or Emacs keeps for as long as it has another one open."""
    if os.path.islink(path):  # of Emacs, which leads nowhere
        return os.path.basename(path).startswith(".#") and not os.path.exists(path)
    if os.path.basename(path)[-4:-1] != ".sw" or not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as handle:
            return handle.read(5) == b"b0VIM"
    except OSError:
        return False


NOT_SETTINGS = ("itgov.yml", ".itgov.yaml", ".itgov.yml")
"""Names that could be taken for the file of a repository's settings."""


MAX_FOLDERS = 100
"""How deep folders may be nested below one that is read."""


def walk(top: str | Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk as `os.walk` does, which recurses before Python 3.12, and no deeper than `MAX_FOLDERS`."""
    above = os.fspath(top).rstrip(os.sep).count(os.sep)
    for folder, inner, names in os.walk(top):
        if folder.count(os.sep) - above >= MAX_FOLDERS:
            inner.clear()
        yield folder, inner, names
