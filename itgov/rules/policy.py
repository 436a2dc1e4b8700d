"""What differs between the policy that was agreed and the one that a change brings.

Policy is what decides how strictly a portfolio is judged: `itgov.yaml`, the rules in force, and how
health is scored.  Only what can be proved to judge no less is told as stricter; every other
difference is weaker until somebody agrees to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, structs, to_builtins

from itgov.files.document import Document, Route
from itgov.files.repository import Config
from itgov.files.repository_roots import CONFIG
from itgov.files.write import scalar
from itgov.model.builtins import BUILT_IN
from itgov.model.finding import SEVERITIES, Finding, Place, Subject
from itgov.rules.catalogue import LoadedRule, RuleBook, is_waivable
from itgov.rules.language import Health

_STRICTNESS: dict[str, int] = {"never": -1, **{s: SEVERITIES.index(s) for s in SEVERITIES}}
"""How much fails from a severity on: `info` fails most."""
_OF_THE_ROOM = ("theme", "keys", "clipboard", "filters")
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
    for route, was, value in _differing(agreed.config, now.config):
        key = str(route[0])
        if key in _OF_THE_ROOM:
            continue
        place = now.config_document.place(route) if now.config_document.raw else Place(CONFIG)
        stricter = (key == "fail_on" and _STRICTNESS[value] > _STRICTNESS[was]) or (
            key == "placeholders" and set(was) <= set(value)
        )
        yield _change(stricter, _is_and_was(_dotted(route), value, was), place)


def rule_changes(agreed: Policy, now: Policy) -> Iterator[Finding]:
    """Yield every way in which the rules in force differ from what was agreed."""
    old = {r.rule.id: r for r in agreed.book.rules}
    new = {r.rule.id: r for r in now.book.rules}
    for identifier, loaded in old.items():
        if identifier not in new:
            said = f"the rule {identifier} is no longer in force"
            yield _change(False, said, _gone(loaded, agreed, now), _rule(identifier))
    for identifier, loaded in new.items():
        before = old.get(identifier)
        if before is None:
            place = _come(loaded, agreed, now)
            yield _change(True, f"the rule {identifier} is new", place, _rule(identifier))
        else:
            yield from _of_rule(before, loaded)


def _of_rule(old: LoadedRule, new: LoadedRule) -> Iterator[Finding]:
    identifier = new.rule.id
    for route, before, value in _differing(old.rule, new.rule):
        key = route[0]
        stricter = False
        if key == "severity":
            stricter = SEVERITIES.index(value) < SEVERITIES.index(before)
        elif key == "waivable":
            stricter = not is_waivable(new.rule)
            if is_waivable(old.rule) == is_waivable(new.rule):
                continue  # the default, written out
        said = _is_and_was(f"{_dotted(route)} of the rule {identifier}", value, before)
        yield _change(stricter, said, _changed_at(old, new, route), _rule(identifier))


def health_changes(agreed: Policy, now: Policy) -> Iterator[Finding]:
    """Yield every way in which how health is scored differs from what was agreed."""
    old, new = _parts(agreed.book.health), _parts(now.book.health)
    for route in dict.fromkeys([*old, *new]):
        if old.get(route) != new.get(route):
            said = _is_and_was(f"{_dotted(route)} of health", new.get(route), old.get(route))
            yield _change(False, said, _of_health_at(route, agreed, now))


def _parts(health: Health) -> dict[Route, Any]:
    """Return what is said of how health is scored, as small as it can be told apart."""
    found: dict[Route, Any] = {}
    for key, value in structs.asdict(health).items():
        if key == "dimensions":
            found |= {(key, d.id): d for d in health.dimensions}
        elif isinstance(value, dict):
            found |= {(key, name): each for name, each in value.items()}
        else:
            found[(key,)] = value
    return found


def _of_health_at(route: Route, agreed: Policy, now: Policy) -> Place:
    if route[0] == "unscored":
        if (here := now.book.unscored_at.get(str(route[1]))) is not None:
            return here[0].place(here[1])
        if (there := agreed.book.unscored_at.get(str(route[1]))) is not None:
            return Place(there[0].path)
    document = now.book.health_document
    if document is None or now.book.health_shipped:  # its file is gone
        return Place(agreed.book.health_path)
    if route[0] == "dimensions":
        ids = [d.id for d in now.book.health.dimensions]
        route = ("dimensions", ids.index(str(route[1]))) if route[1] in ids else ("dimensions",)
    return document.place(("health", *route))


# -- where a difference stands -----------------------------------------------------------------


def _changed_at(old: LoadedRule, new: LoadedRule, route: Route) -> Place:
    """Return where the rule's file, or what adjusts the rule, says what is another now."""
    if not new.shipped:
        at = (*new.route, *route)
        found = new.document.find(at) is not None
        return new.document.place(at if found else (*new.route, "id"))
    if new.adjusted is not None:
        document, adjusted = new.adjusted
        return document.place((*adjusted, *route))
    return Place((old.adjusted[0] if old.adjusted is not None else old.document).path)


def _gone(loaded: LoadedRule, agreed: Policy, now: Policy) -> Place:
    """Return where to look for a rule that is gone: what disables it, its old file, or what no longer
    names the pack."""
    if loaded.rule.id in now.book.disabled_at:
        document, route = now.book.disabled_at[loaded.rule.id]
        return document.place(route)
    if not loaded.shipped:
        return Place(loaded.document.path)
    extended = agreed.book.extends_at
    if extended is not None:
        return Place(extended[0].path)
    return Place(min(now.book.own, default=CONFIG))


def _come(loaded: LoadedRule, agreed: Policy, now: Policy) -> Place:
    """Return where a rule comes from: its file, what no longer disables it, or what names the pack."""
    if not loaded.shipped:
        return loaded.document.place((*loaded.route, "id"))
    if loaded.rule.id in agreed.book.disabled_at:
        return Place(agreed.book.disabled_at[loaded.rule.id][0].path)
    if now.book.extends_at is not None:
        document, route = now.book.extends_at
        return document.place(route)
    return Place(min(agreed.book.own, default=CONFIG))  # the pack holds, for that file is gone


def _rule(identifier: str) -> Subject:
    return Subject("rule", identifier)


def _differing(was: Struct, now: Struct, at: Route = ()) -> Iterator[tuple[Route, Any, Any]]:
    """Yield where two records of a type differ, and both values, as deep as both have records."""
    for field in structs.fields(type(was)):
        before, value = getattr(was, field.name), getattr(now, field.name)
        if before == value:
            continue
        route = (*at, field.encode_name)
        if isinstance(before, Struct) and isinstance(value, Struct):
            yield from _differing(before, value, route)
        else:
            yield route, before, value


def _dotted(route: Route) -> str:
    return f"`{'.'.join(map(str, route))}`"


def _is_and_was(what: str, value: Any, was: Any) -> str:
    return f"{what} is {_said(value)}, and was {_said(was)}"


def _said(value: Any) -> str:
    """Return a value as a file says it."""
    if value is None or value in ("", [], {}, ()):
        return "nothing"
    told = value if isinstance(value, str) else scalar(_stated(to_builtins(value)), flow=True)
    text = " ".join(told.split())
    return f"`{text if len(text) <= 120 else text[:119] + '…'}`"


def _stated(value: Any) -> Any:
    """Return plain data without keys that say nothing."""
    if isinstance(value, dict):
        return {k: _stated(v) for k, v in value.items() if v is not None and v not in ("", [], {})}
    return [_stated(v) for v in value] if isinstance(value, list) else value
