"""The user's own configuration: theme, keys and saved filters of the review room, for every repository.

It is a convenience: nothing in it can keep anything from being opened, so what cannot be used is
left out and reported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Struct

from itgov.files.convert import convert
from itgov.files.document import Document
from itgov.files.edit import Remove, Set, apply
from itgov.files.problem import Problem
from itgov.files.reader import read
from itgov.files.repository import CLIPBOARD, FILTERS, KEYS, Clipboard, Filters, Keys, Theme
from itgov.files.save import EditRefused, digest, save
from itgov.files.userpath import user_config_path
from itgov.files.write import document as written
from itgov.model.fields import doc
from itgov.model.types import Record


class UserConfig(Record, frozen=True):
    """The user's `config.yaml`."""

    theme: Annotated[Theme | None, doc("The theme of the review room.")] = None
    keys: Annotated[Keys, doc(KEYS)] = {}
    clipboard: Annotated[Clipboard | None, doc(CLIPBOARD)] = None
    filters: Annotated[Filters, doc(FILTERS)] = {}


class UserSettings(Struct, frozen=True):
    """A user's configuration, where it is kept, and what of it could not be used."""

    path: Path
    config: UserConfig = UserConfig()
    problems: tuple[str, ...] = ()


def read_user_config(path: Path | None = None) -> UserSettings:
    """Return what the user's configuration says, as far as it can be used; never raises."""
    path = path or user_config_path()
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return UserSettings(path)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        return UserSettings(path, problems=(f"{path}: cannot be read: {why}",))
    document, data, problems = read(str(path), raw)
    if problems or data is None:
        return UserSettings(path, problems=tuple(_in_one_line(document, p) for p in problems))
    config, problems = convert(document, data, UserConfig)
    lines = tuple(_in_one_line(document, p) for p in problems)
    return UserSettings(path, config or UserConfig(), lines)


def keep_filter(name: str, text: str | None, path: Path | None = None) -> Path:
    """Save a filter under a name in the user's configuration, or delete that of the name with None.

    What else stands in the file stays as it is.  Return the file; raise `EditRefused` where it has
    problems of its own or cannot be written.
    """
    path = (path or user_config_path()).resolve()  # it may be a link into a folder of settings
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raw = None
    except OSError as error:
        raise EditRefused(f"{path}: cannot be read: {error.strerror}") from error
    _, data, problems = read(str(path), raw or b"")
    known = data.get("filters") if isinstance(data, dict) else None
    if raw is None or (data is None and not problems):  # nothing but comments, at most
        break_ = b"\n" if raw and not raw.endswith(b"\n") else b""
        after = (raw or b"") + break_ + written({"filters": {name: text}}).encode()
    elif known is not None and not isinstance(known, dict):
        raise EditRefused(f"{path}: `filters` is not a mapping of names to filters; fix it first")
    elif text is None and isinstance(known, dict) and list(known) != [name]:
        after = apply(raw, [Remove(("filters", name))], str(path))
    elif text is None:
        after = apply(raw, [Set(("filters",), {})], str(path))
    elif isinstance(known, dict):
        after = apply(raw, [Set(("filters", name), text)], str(path))
    else:
        after = apply(raw, [Set(("filters",), {name: text})], str(path))
    save(path.parent, path, after, digest(raw) if raw is not None else None)
    return path


def _in_one_line(document: Document, problem: Problem) -> str:
    """Return a problem on one line, with its place."""
    place = problem.place(document)
    fix = f" {problem.fix}" if problem.fix else ""
    return f"{place.path}:{place.line}:{place.column}: {problem.message}.{fix}"


def places_of_keys(path: Path, name: str) -> dict[str, str]:
    """Return where each action under `keys:` of a configuration stands: `name:line:column`."""
    try:
        document, _, _ = read(name, path.read_bytes())
    except (OSError, ValueError):
        return {}
    top = document.find(("keys",))
    if top is None:
        return {}
    places = {}
    for entry in document.children(top):
        line, column = document.position(document.starts[entry])
        places[str(document.keys[entry])] = f"{name}:{line}:{column}"
    return places
