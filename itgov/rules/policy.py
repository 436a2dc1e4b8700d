"""What differs between the policy that was agreed and the one that a change brings.

Policy is what decides how strictly a portfolio is judged: `itgov.yaml`, the rules in force, and how
health is scored.  Only what can be proved to judge no less is told as stricter; every other
difference is weaker until somebody agrees to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, structs

from itgov.files.document import Document
from itgov.files.repository import Config
from itgov.files.repository_roots import CONFIG
from itgov.model.builtins import BUILT_IN
from itgov.model.finding import SEVERITIES, Finding, Place, Subject
from itgov.rules.catalogue import LoadedRule, RuleBook, is_waivable
from itgov.rules.language import Health

_STRICTNESS: dict[str, int] = {"never": -1, **{s: SEVERITIES.index(s) for s in SEVERITIES}}
"""How much fails from a severity on: `info` fails most."""
_OF_THE_ROOM = ("theme", "keys", "clipboard")
"""Keys of `itgov.yaml` that decide nothing about how strictly is judged."""


class Policy(Struct):
    """What decides how strictly a portfolio is judged, at one state of its repository."""

    config: Config
    config_document: Document
    book: RuleBook


def policy_finding(
    identifier: str, message: str, place: Place, subject: Subject | None = None
) -> Finding:
    """Return a finding on a difference; its message tells it from others at the same place."""
    return Finding.of(
        BUILT_IN[identifier], subject or Subject("file", place.path), place, message, names=message
    )


def _change(stricter: bool, message: str, place: Place, subject: Subject | None = None) -> Finding:
    return policy_finding("POL-002" if stricter else "POL-001", message, place, subject)


def config_changes(agreed: Policy, now: Policy) -> Iterator[Finding]:
    """Yield every way in which `itgov.yaml` differs from what was agreed."""
    old, new = structs.asdict(agreed.config), structs.asdict(now.config)
    for key, was in old.items():
        value = new[key]
        if was == value or key in _OF_THE_ROOM:
            continue
        place = now.config_document.place((key,)) if now.config_document.raw else Place(CONFIG)
        if isinstance(was, Struct):
            earlier, later = structs.asdict(was), structs.asdict(value)
            for part, before in earlier.items():
                if before != later[part]:
                    said = f"`{key}.{part}` is {_said(later[part])}, and was {_said(before)}"
                    yield _change(False, said, place)
            continue
        stricter = (key == "fail_on" and _STRICTNESS[value] > _STRICTNESS[was]) or (
            key == "placeholders" and set(was) <= set(value)
        )
        yield _change(stricter, f"`{key}` is {_said(value)}, and was {_said(was)}", place)


def rule_changes(agreed: Policy, now: Policy) -> Iterator[Finding]:
    """Yield every way in which the rules in force differ from what was agreed."""
    old = {r.rule.id: r for r in agreed.book.rules}
    new = {r.rule.id: r for r in now.book.rules}
    for identifier, loaded in old.items():
        if identifier not in new:
            here = loaded.document.path in now.book.documents
            at = _place(loaded) if here and not loaded.shipped else _first_line(now, loaded)
            yield _change(
                False, f"the rule {identifier} is no longer in force", at, _rule(identifier)
            )
    for identifier, loaded in new.items():
        before = old.get(identifier)
        if before is None:
            yield _change(True, f"the rule {identifier} is new", _place(loaded), _rule(identifier))
        else:
            yield from _of_rule(before, loaded)


def _of_rule(old: LoadedRule, new: LoadedRule) -> Iterator[Finding]:
    was, now = structs.asdict(old.rule), structs.asdict(new.rule)
    identifier = new.rule.id
    for key, before in was.items():
        value = now[key]
        if before == value:
            continue
        stricter = False
        if key == "severity":
            stricter = SEVERITIES.index(value) < SEVERITIES.index(before)
        elif key == "waivable":
            stricter = not is_waivable(new.rule)
            if is_waivable(old.rule) == is_waivable(new.rule):
                continue  # the default, written out
        name = key.rstrip("_")
        said = f"`{name}` of the rule {identifier} is {_said(value)}, and was {_said(before)}"
        yield _change(stricter, said, _place(new), _rule(identifier))


def health_changes(agreed: Policy, now: Policy) -> Iterator[Finding]:
    """Yield every way in which how health is scored differs from what was agreed."""
    document = now.book.health_document
    place = Place(now.book.health_path)
    if document is not None and not now.book.health_shipped:
        place = document.place(("health",))
    old, new = _parts(agreed.book.health), _parts(now.book.health)
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            said = f"{key} of health is {_said(new.get(key))}, and was {_said(old.get(key))}"
            yield _change(False, said, place)


def _parts(health: Health) -> dict[str, Any]:
    """Return the parts of how health is scored that are told one by one."""
    fields = structs.asdict(health).items()
    found = {f"`{k}`": v for k, v in fields if k not in ("dimensions", "caps", "unscored")}
    found |= {f"the dimension `{d.id}`": d for d in health.dimensions}
    found |= {f"the cap `{' '.join(c.when.split())}`": c for c in health.caps}
    return found | {f"`unscored` {rule}": why for rule, why in health.unscored.items()}


def _place(loaded: LoadedRule) -> Place:
    if loaded.shipped and loaded.adjusted is not None:
        document, route = loaded.adjusted
        return document.place(route)
    if loaded.shipped:
        return Place("rules")
    return loaded.document.place((*loaded.route, "id"))


def _first_line(now: Policy, loaded: LoadedRule) -> Place:
    """Return where to look for a rule that is gone: its old file, or what no longer names the pack."""
    if not loaded.shipped:
        return Place(loaded.document.path)
    return Place(min((p for p in now.book.documents if not p.startswith("/")), default="rules"))


def _rule(identifier: str) -> Subject:
    return Subject("rule", identifier)


def _said(value: Any) -> str:
    if value is None or value in ("", [], {}, ()):
        return "nothing"
    text = " ".join(str(value).split())
    return f"`{text if len(text) <= 120 else text[:119] + '…'}`"
