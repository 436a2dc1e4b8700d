"""Which keys carry out which action: the defaults, and what `itgov.yaml` and the user change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from itgov.tui.actions import ACTIONS, BY_ID, Action

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
_NAMED = frozenset(
    ["enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end", "pageup",
     "pagedown", "up", "down", "left", "right", *(f"f{n}" for n in range(1, 13)), *_SIGNS.values()]
)  # fmt: skip
_CLASHING = {
    "ctrl+m": "enter", "ctrl+i": "tab", "ctrl+h": "backspace", "ctrl+left_square_bracket": "escape",
}  # fmt: skip
"""Keys that a terminal sends as another."""
_KEPT = frozenset(["quit", "back", "help"])
"""Nobody can be locked in: these always keep a key."""


class Keymap(Struct, frozen=True):
    """The keys in force, and what was wrong with what was asked for."""

    keys: dict[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()

    def of(self, action: Action | str) -> tuple[str, ...]:
        """Return the keys of an action."""
        return self.keys.get(action if isinstance(action, str) else action.id, ())

    def shown(self, action: Action | str) -> str:
        """Return the first key of an action as people write it, or nothing."""
        keys = self.of(action)
        return show_key(keys[0]) if keys else ""


def show_key(key: str) -> str:
    """Return a key as people write it: `/`, `ctrl+p`, `esc`."""
    *modifiers, name = key.split("+") if key != "+" else ["plus"]
    return "+".join([*modifiers, _SHOWN.get(name, name)])


def read_key(text: str) -> str | None:
    """Return the name of a key as written in a file (`/`, `ctrl+p`, `slash`), or None."""
    text = text.strip() or (" " if text else "")
    if text in _SIGNS:
        return _SIGNS[text]
    if len(text) == 1:
        return text if text.isprintable() else None
    *modifiers, last = text.lower().split("+")
    if not last and modifiers:  # ctrl++
        last, modifiers = "+", modifiers[:-1]
    if any(m not in ("ctrl", "shift", "alt") for m in modifiers):
        return None
    last = {"esc": "escape", "pgdn": "pagedown", "pgup": "pageup", "return": "enter", "del": "delete"}.get(last, last)  # fmt: skip
    name = _SIGNS.get(last, last)
    if name not in _NAMED and (len(name) != 1 or not modifiers):
        return None
    return "+".join([*(m for m in ("alt", "ctrl", "shift") if m in modifiers), name])


def keymap(*layers: tuple[str, Mapping[str, str]], actions: Iterable[Action] = ACTIONS) -> Keymap:
    """Return the keys in force: the defaults, then each layer's, the last one winning.

    A layer is a file's name and its keys by action: `"o, ctrl+o"`, or `off`.  A layer replaces an
    action's keys, it does not add to them.  A key asked for twice in one layer goes to the first;
    a key asked for takes it away from the action that had it by default.
    """
    from itgov.model.text import did_you_mean

    known = {a.id: a for a in actions}
    keys = {a.id: a.keys for a in known.values()}
    asked: dict[str, str] = {}
    problems: list[str] = []
    for name, wanted in layers:
        taken: dict[str, str] = {}
        for action, text in wanted.items():
            if action not in known:
                problems.append(
                    f"{name}: there is no action `{action}`{did_you_mean(action, known, '.')}"
                )
                continue
            if text.strip().lower() == OFF:
                if action in _KEPT:
                    problems.append(f"{name}: `{action}` has to keep a key")
                else:
                    keys[action] = ()
                continue
            found: list[str] = []
            for part in _parts(text):
                key = read_key(part)
                if key is None:
                    problems.append(f"{name}: `{part}` of `{action}` is no key")
                elif key in _CLASHING:
                    problems.append(
                        f"{name}: a terminal sends `{part}` of `{action}` as {_CLASHING[key]}; choose another"
                    )
                elif key in taken:
                    problems.append(
                        f"{name}: `{show_key(key)}` is asked for by `{taken[key]}` and `{action}`; `{taken[key]}` has it"
                    )
                else:
                    taken[key] = action
                    found.append(key)
            if found:
                keys[action] = tuple(found)
        asked.update(taken)
    for key, action in asked.items():
        for other, theirs in keys.items():
            if (
                other != action
                and key in theirs
                and asked.get(key) == action
                and key in keys[action]
            ):
                left = tuple(k for k in theirs if k != key)
                if not left and other in _KEPT:
                    problems.append(f"`{show_key(key)}` is all that `{other}` has; it keeps it")
                    keys[action] = tuple(k for k in keys[action] if k != key)
                    continue
                keys[other] = left
                if not left:
                    problems.append(
                        f"`{show_key(key)}` goes to `{action}`; `{other}` has no key now"
                    )
    return Keymap(keys, tuple(problems))


def _parts(text: str) -> list[str]:
    """Return the keys of a list; a comma alone, or between commas, is the comma itself."""
    if text.strip() == ",":
        return [","]
    parts = [p.strip() or p for p in text.split(",")]
    return [p for p in parts if p]


def action_named(name: str) -> Action | None:
    """Return the action of a name or an alias, as typed on the `:` line."""
    found = BY_ID.get(name)
    if found is not None:
        return found
    return next((a for a in ACTIONS if name in a.aliases), None)
