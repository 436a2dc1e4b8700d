"""The table of keys written down: as text, JSON, and the page of the docs."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from itgov.files.repository import Repository
from itgov.files.repository_roots import CONFIG
from itgov.files.userconfig import UserSettings, places_of_keys
from itgov.report.json_text import json_text
from itgov.report.markdown_escape import table
from itgov.report.plain import plain
from itgov.tui.actions import ACTIONS, GROUPS, Argument, RoomAction
from itgov.tui.keymap import Keymap, Layer, keymap, show_key

_ARGUMENTS: dict[Argument, str] = {
    "": "", "theme": "NAME", "filter": "TEXT", "target": "ID or NAME", "person": "PERSON",
    "stage": "STAGE", "confidence": "CONFIDENCE", "date": "DATE", "text": "TEXT",
}  # fmt: skip

PAGE = """\
# Keys of the review room

<!-- Made by `itgov keys --format markdown --defaults --output docs/keys.md`; not to be edited. -->

These are the keys as they come. `itgov keys` prints those in force, yours and the repository's
among them; in the room, `?` lists and finds them, and greys what cannot work at the moment, with
the reason. Two keys, as in `enter` `a`: the second is a letter of the dialog that the first opens on an
item of the agenda, and means nothing outside it. How to change them: [the review room](room.md#keys-of-your-own).

A command is typed after `:` by its name or one of the other names.
"""


class KeyRow(Struct, frozen=True):
    """An action as `itgov keys --format json` has it."""

    action: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    views: tuple[str, ...]
    commands: tuple[str, ...]
    letter: str
    """Its key in the dialog of decisions that `open` shows on an item of the agenda."""
    changed_by: str | None


class KeyList(Struct, frozen=True):
    """What `itgov keys --format json` prints."""

    keys: tuple[KeyRow, ...]
    problems: tuple[str, ...]
    schema: int = 1


def in_force(repository: Repository | None, user: UserSettings) -> Keymap:
    """Return the keymap of a repository, if there is one, and of the user."""
    layers = []
    if repository is not None and repository.config.keys:
        places = places_of_keys(repository.root / CONFIG, CONFIG)
        layers.append(Layer(CONFIG, repository.config.keys, places))
    if user.config.keys:
        name = str(user.path)
        layers.append(Layer(name, user.config.keys, places_of_keys(user.path, name)))
    return keymap(*layers)


def text(keys: Keymap) -> str:
    """Return the table for a terminal."""
    lines: list[str] = []
    broad = max(len(keys.all_shown(a)) for a in ACTIONS)
    named = max(len(a.id) for a in ACTIONS)
    for group in GROUPS:
        lines += ["", group] if lines else [group]
        for action in _of(group):
            origin = keys.origin.get(action.id)
            by = f"  [{origin}]" if origin else ""
            shown = keys.all_shown(action) or "-"
            lines.append(plain(f"  {shown:<{broad}}  {action.id:<{named}}  {action.help}{by}"))
    return "\n".join(lines) + "\n"


def json(keys: Keymap, problems: Sequence[str]) -> str:
    """Return the table for a program."""
    rows = tuple(
        KeyRow(
            a.id,
            tuple(show_key(k) for k in keys.of(a)),
            a.label,
            a.help,
            a.group,
            a.views,
            (a.id, *a.aliases),
            show_key(a.letter) if a.letter else "",
            keys.origin.get(a.id),
        )
        for a in ACTIONS
    )
    return json_text(KeyList(rows, tuple(problems)))


def markdown(keys: Keymap) -> str:
    """Return the page of the docs."""
    parts = [PAGE]
    for group in GROUPS:
        rows = []
        for action in _of(group):
            shown = " ".join(_code(k) for k in keys.all_shown(action).split()) or "none"
            also = "".join(f", {_code(':' + name)}" for name in action.aliases)
            argument = f" {_ARGUMENTS[action.argument]}" if action.argument else ""
            where = f" In {' and '.join(action.views)} only." if action.views else ""
            command = f"{_code(':' + action.id + argument)}{also}"
            rows.append((shown, command, f"{_cell(action.help)}{where}"))
        lines = table(("Keys", "Command", "What it does"), rows)
        parts.append(f"\n## {group}\n\n" + "\n".join(lines) + "\n")
    return "".join(parts)


def _of(group: str) -> list[RoomAction]:
    return [a for a in ACTIONS if a.group == group]


def _code(text: str) -> str:
    text = text.replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _cell(text: str) -> str:
    """Return text of ours, which may hold Markdown, as a cell of a table."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
