"""Which keys carry out which action: the defaults, and what `itgov.yaml` and the user change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from itgov.tui.actions import ACTIONS, BY_ID, RoomAction

OFF = "off"
"""Written for an action that is to have no key."""

_SIGNS = {
    "/": "slash", "?": "question_mark", ":": "colon", "-": "minus", "_": "underscore",
    "=": "equals_sign", "+": "plus", "*": "asterisk", "[": "left_square_bracket",
    "]": "right_square_bracket", "<": "less_than_sign", ">": "greater_than_sign",
    ".": "full_stop", ",": "comma", ";": "semicolon", "!": "exclamation_mark", "@": "at",
    "#": "number_sign", "$": "dollar_sign", "%": "percent_sign", "^": "circumflex_accent",
    "&": "ampersand", "(": "left_parenthesis", ")": "right_parenthesis", "'": "apostrophe",
    '"': "quotation_mark", "\\": "backslash", "|": "vertical_line", "~": "tilde",
    "`": "grave_accent", "{": "left_curly_bracket", "}": "right_curly_bracket", " ": "space",
}  # fmt: skip
_SHOWN = {name: sign for sign, name in _SIGNS.items() if sign != " "} | {
    "escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "up": "↑", "down": "↓", "left": "←",
    "right": "→",
}  # fmt: skip
_ALSO = {
    "esc": "escape", "pgdn": "pagedown", "pgup": "pageup", "return": "enter", "del": "delete",
    "↑": "up", "↓": "down", "←": "left", "→": "right",
}  # fmt: skip
_NAMED = frozenset(
    ["enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup",
     "pagedown", "up", "down", "left", "right", *(f"f{n}" for n in range(1, 13)), *_SIGNS.values()]
)  # fmt: skip
_CLASHING = {
    "ctrl+m": "enter", "ctrl+i": "tab", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape",
}  # fmt: skip
"""Keys that a terminal sends as another."""
_KEPT = ("quit", "back", "help")
"""Nobody can be locked in: these always keep a key."""
_PART = re.compile(r"\s*((?:[A-Za-z]+\+)*(?:,|[^,]+?))\s*(?:,|$)")

Wanted = str | Sequence[str]
"""The keys of an action as a file says them: `"o, ctrl+o"`, `[o, ctrl+o]` or `off`."""


class Layer(Struct, frozen=True):
    """What one file asks for: its name, keys by action, and where each action stands in it."""

    name: str
    keys: Mapping[str, Wanted]
    places: Mapping[str, str] = {}

    def where(self, action: str) -> str:
        """Return the place of an action, or the file where that is not known."""
        return self.places.get(action, self.name)


class Keymap(Struct, frozen=True):
    """The keys in force, and what was wrong with what was asked for."""

    keys: dict[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()
    origin: dict[str, str] = {}
    """The file that last changed an action's keys; none where they are the defaults."""

    def of(self, action: RoomAction | str) -> tuple[str, ...]:
        """Return the keys of an action."""
        return self.keys.get(action if isinstance(action, str) else action.id, ())

    def action_of(self, key: str, character: str | None) -> str | None:
        """Return the action of a key by its name, else by what it types."""
        return next(
            (a for k in (key, character) for a, some in self.keys.items() if k in some), None
        )

    def shown(self, action: RoomAction | str) -> str:
        """Return the first key of an action as people write it, or nothing."""
        keys = self.of(action)
        return show_key(keys[0]) if keys else ""

    def all_shown(self, action: RoomAction | str) -> str:
        """Return every key of an action as people write them, with blanks between.

        One that has a letter in the dialog of decisions, and no key, has the key that opens that first.
        """
        known = BY_ID.get(action) if isinstance(action, str) else action
        keys = self.of(action)
        if not keys and known is not None and known.letter:
            return f"{self.shown('open')} {show_key(known.letter)}".strip()
        return " ".join(show_key(key) for key in keys)


def show_key(key: str) -> str:
    """Return a key as people write it: `/`, `ctrl+p`, `esc`.  `read_key` reads that again."""
    *modifiers, name = key.split("+")
    return "+".join([*modifiers, _SHOWN.get(name, name)])


def read_key(text: str) -> str | None:
    """Return the name of a key as written in a file (`/`, `ctrl+p`, `slash`), or None."""
    text = text.strip() or (" " if text else "")
    if text in _SIGNS:
        return _SIGNS[text]
    if text in _ALSO:
        return _ALSO[text]
    if len(text) == 1:
        return text if text.isprintable() else None
    *modifiers, last = text.split("+")
    if not last and modifiers and not modifiers[-1]:  # ctrl++
        last, modifiers = "+", modifiers[:-1]
    modifiers = [m.lower() for m in modifiers]
    if len(set(modifiers)) != len(modifiers) or not {"ctrl", "shift", "alt"}.issuperset(modifiers):
        return None
    name = _SIGNS.get(last) or _ALSO.get(last.lower()) or (last if len(last) == 1 else last.lower())
    if name not in _NAMED and not (len(name) == 1 and modifiers and name.isprintable()):
        return None
    if len(name) == 1:  # a letter with shift is the capital, and ctrl knows no capitals
        if "ctrl" in modifiers:
            name = name.lower()
        elif "shift" in modifiers:
            name, modifiers = name.upper(), [m for m in modifiers if m != "shift"]
            if len(name) != 1:
                return None
    elif "shift" in modifiers and name in _SIGNS.values() and name != "space":
        return None  # which sign that is depends on the keyboard: the sign itself is to be written
    return "+".join([*(m for m in ("alt", "ctrl", "shift") if m in modifiers), name])


def keymap(*layers: Layer, actions: Iterable[RoomAction] = ACTIONS) -> Keymap:
    """Return the keys in force: the defaults, then each layer's, the last one winning.

    A layer replaces an action's keys, it does not add to them.  A key asked for twice in one layer
    goes to the first; a key asked for takes it away from the action that had it before.  What
    leaves the room, goes back and helps always keeps a key.
    """
    from itgov.model.text import did_you_mean

    known = {a.id: a for a in actions}
    keys: dict[str, list[str]] = {a.id: list(a.keys) for a in known.values()}
    origin: dict[str, str] = {}
    problems: list[str] = []
    for layer in layers:
        taken: dict[str, str] = {}
        for action, wanted in layer.keys.items():
            where = layer.where(action)
            if action not in known:
                called = action_named(action)
                meant = (
                    f"; here it is called `{called.id}`"
                    if called is not None
                    else did_you_mean(action, known, ".")
                )
                problems.append(f"{where}: there is no action `{action}`{meant}")
                continue
            if _is_off(wanted):
                if action in _KEPT:
                    problems.append(f"{where}: `{action}` must have a key")
                else:
                    keys[action], origin[action] = [], layer.name
                continue
            found = _read(wanted, action, where, taken, problems)
            if found:
                keys[action], origin[action] = found, layer.name
        _give(taken, layer, keys, problems)
    _keep(known, keys, problems)
    return Keymap({a: tuple(some) for a, some in keys.items()}, tuple(problems), origin)


def _is_off(wanted: Wanted) -> bool:
    parts = [wanted] if isinstance(wanted, str) else list(wanted)
    return not parts or (len(parts) == 1 and parts[0].strip().lower() == OFF)


def _read(
    wanted: Wanted, action: str, where: str, taken: dict[str, str], problems: list[str]
) -> list[str]:
    """Return the keys that an action asks for and can have, noting them as taken."""
    found: list[str] = []
    parts = _parts(wanted) if isinstance(wanted, str) else list(wanted)
    if not parts:
        problems.append(f"{where}: `{action}` has no key; use `off` for none")
    for part in parts:
        key = read_key(part)
        if key is None:
            hint = "; write the sign itself" if part.lower().startswith("shift+") else ""
            problems.append(f"{where}: `{part}` of `{action}` is not a key{hint}")
        elif key in _CLASHING:
            problems.append(
                f"{where}: a terminal sends `{part}` of `{action}` as {_CLASHING[key]}; choose another"
            )
        elif key in taken:
            if taken[key] != action:
                problems.append(
                    f"{where}: `{show_key(key)}` is set for `{taken[key]}` and `{action}`; `{taken[key]}` has it"
                )
        else:
            taken[key] = action
            found.append(key)
    return found


def _give(
    taken: dict[str, str], layer: Layer, keys: dict[str, list[str]], problems: list[str]
) -> None:
    """Take the keys that a layer asked for away from the actions that had them."""
    for key, action in taken.items():
        for other, theirs in keys.items():
            if other != action and key in theirs:
                theirs.remove(key)
                if not theirs and other not in _KEPT:
                    problems.append(
                        f"{layer.where(action)}: `{show_key(key)}` goes to `{action}`; `{other}` has no key now"
                    )


def _keep(known: dict[str, RoomAction], keys: dict[str, list[str]], problems: list[str]) -> None:
    """Give what nobody may be without its first default key back, whoever has it."""
    while bare := next((a for a in _KEPT if a in known and not keys[a]), None):
        key = known[bare].keys[0]
        for other, theirs in keys.items():
            if key in theirs:
                theirs.remove(key)
                lost = " and has no key now" if not theirs and other not in _KEPT else ""
                problems.append(
                    f"`{show_key(key)}` stays with `{bare}`, which must have a key: "
                    f"`{other}` cannot have it{lost}"
                )
        keys[bare] = [key]


def _parts(text: str) -> list[str]:
    """Return the keys of a list with commas; a comma between commas is the key itself."""
    if not text.strip():
        return [text] if text else []
    parts: list[str] = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            rest = text[at:].strip()
            return [*parts, rest] if rest else parts
        parts.append(match[1])
        at = match.end()
    return parts


def action_named(name: str) -> RoomAction | None:
    """Return the action of a name or an alias, as typed on the `:` line."""
    found = BY_ID.get(name)
    if found is not None:
        return found
    return next((a for a in ACTIONS if name in a.aliases), None)
