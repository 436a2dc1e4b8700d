"""The chain of seals: whether closed minutes are still what was closed, and where not.

A seal is made over the meaning of minutes, not over their bytes: over their fields in a canonical
JSON, without what is blank or a default.  Another indentation, quotes, the order of keys or a
comment change nothing; any changed, added, removed or reordered value does.  A seal names the
seals of the minutes that it follows, so that earlier ones cannot be changed, sealed anew, or taken
away without the later ones telling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct, structs

from itgov.files.document import Document, Route
from itgov.files.git_history import FileVersion
from itgov.files.linked import Linked
from itgov.files.load import read_minutes
from itgov.files.sources import RawFile, plain_folder
from itgov.files.write import plain
from itgov.model.finding import Place
from itgov.model.minutes import Minutes, Seal
from itgov.model.portfolio import MinutesEntry
from itgov.model.text import plural
from itgov.review.types import Fault, Verified


def canonical(record: Struct) -> bytes:
    """Return a record's meaning as bytes: JSON with sorted keys, without blanks and defaults."""
    return msgspec.json.encode(_settled(plain(record)), order="deterministic")


def _settled(value: Any) -> Any:
    """Return data in which a number has one form: 3 and 3.0 are the same."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [_settled(v) for v in value]
    if isinstance(value, dict):
        return {k: _settled(v) for k, v in value.items()}
    return value


def seal(minutes: Minutes, follows: Iterable[str], told: str | None = None) -> Minutes:
    """Return minutes with the seal that they are closed with; `told` is their text for people."""
    earlier = sorted(set(follows))
    beside = told_hash(told) if told is not None else None
    return structs.replace(
        minutes,
        seal=Seal(
            hash=_hash(minutes, earlier, beside),
            parts=" ".join(_parts(minutes)),
            follows=earlier,
            told=beside,
        ),
    )


def told_hash(text: str) -> str:
    """Return the hash of a text for people: without its seal, and the ends of lines do not count."""
    lines = [line.rstrip() for line in text.splitlines() if not line.startswith("Seal: `")]
    return hashlib.sha256("\n".join(lines).strip().encode()).hexdigest()


def _hash(minutes: Minutes, follows: Sequence[str], told: str | None) -> str:
    content = canonical(structs.replace(minutes, seal=None))
    chain = "\n".join(sorted(follows)).encode()
    beside = b"\n" + told.encode() if told is not None else b""
    return hashlib.sha256(b"itgov minutes 1\n" + content + b"\n" + chain + beside).hexdigest()


def _parts(minutes: Minutes) -> list[str]:
    records: list[bytes] = [canonical(minutes.review), *(canonical(i) for i in minutes.items)]
    records.append(b"\n".join(canonical(f) for f in minutes.findings))
    return [hashlib.sha256(raw).hexdigest()[:12] for raw in records]


def is_whole(minutes: Minutes) -> bool:
    """Say whether minutes are still what was sealed."""
    own = minutes.seal
    return own is not None and _hash(minutes, own.follows, own.told) == own.hash


def heads(entries: Iterable[MinutesEntry]) -> list[str]:
    """Return the seals that none follow yet: what the next minutes will follow."""
    seals = [m.record.seal for m in entries if m.record.seal is not None]
    followed = {name for own in seals for name in own.follows}
    return sorted({own.hash for own in seals if own.hash not in followed})


def verify(
    linked: Linked,
    folder: str,
    known: Iterable[tuple[str, str, str]] = (),
    told: Callable[[str], str | None] | None = None,
    ever: Iterable[FileVersion] = (),
) -> Verified:
    """Return what is wrong with the chain of a portfolio's minutes, which are kept in `folder`.

    `known` are id, path and hash of sessions that were closed on this machine, `ever` the records
    as git's history has them: by both the last minutes, that none follow yet, are held to what was
    closed.  `told` gives the text for people at a path, where those are to be held to it too.
    """
    entries = sorted(
        linked.portfolio.minutes, key=lambda m: (m.record.review.date, m.record.review.id)
    )
    by_hash = {m.record.seal.hash: m for m in entries if m.record.seal is not None}
    inside = f"{plain_folder(folder)}/"
    unread = "these minutes cannot be read; see `itgov check`"
    faults = [Fault(unread, Place(p)) for p in linked.unread if p.startswith(inside)]
    for entry in entries:
        faults += _own(linked, entry)
        faults += _earlier(linked, entry, by_hash)
        if told is not None:
            faults += _beside(entry, told)
    by_id = {m.record.review.id: m for m in entries}
    for name, path, digest in known:
        found = by_id.get(name)
        if found is None:
            said = f"the minutes of {name}, closed on this machine, are missing"
            faults.append(Fault(said, Place(path)))
        elif found.record.seal is not None and found.record.seal.hash != digest:
            said = f"{name} has a different seal from the one it was closed with on this machine"
            faults.append(Fault(said, _place(linked, found, ("seal", "hash"))))
    here = {f.place.path for f in faults}
    faults += [f for f in _gone(entries, ever) if f.place.path not in here]
    ends = heads(entries)
    names = [m.record.review.id for m in entries if m.record.seal and m.record.seal.hash in ends]
    notes = [
        f"{entry.record.review.id} follows {by_hash[name].record.review.id}, which is dated later: "
        "it was closed after it"
        for entry in entries
        for name in (entry.record.seal.follows if entry.record.seal is not None else ())
        if name in by_hash and by_hash[name].record.review.date > entry.record.review.date
    ]
    if len(names) > 1:
        notes.append(
            f"{' and '.join(names)} both end the chain, as after a merge of two branches; the next "
            "session that is closed will follow both"
        )
    return Verified(len(entries), faults, notes, names)


def _own(linked: Linked, entry: MinutesEntry) -> list[Fault]:
    """Return what is wrong with minutes by themselves."""
    record, path = entry.record, entry.source.path
    found = []
    name = path.rpartition("/")[2].rpartition(".")[0]
    if record.review.id != name:
        said = f"the minutes of {record.review.id} are in a file of another name"
        found.append(Fault(said, _place(linked, entry, ("review", "id"))))
    if record.seal is None:
        return [*found, Fault("these minutes have no seal", _place(linked, entry, ("review",)))]
    problems = [f for f in linked.findings if f.path == path and f.rule[:3] in ("YML", "MOD")]
    if problems:  # what does not fit is left out of the record, so the seal cannot vouch for it
        first = problems[0]
        return [*found, Fault(f"changed since it was closed: {first.message}", first.place)]
    if is_whole(record):
        if record.seal.parts.split() != _parts(record):
            said = "changed since it was closed: the parts of the seal differ"
            found.append(Fault(said, _place(linked, entry, ("seal", "parts"))))
        return found
    before, now = record.seal.parts.split(), _parts(record)
    routes: list[Route] = [("review",), *(("items", i) for i in range(len(record.items)))]
    routes.append(("findings",))
    if len(before) != len(now):
        said = (
            f"it was closed with {plural(max(len(before) - 2, 0), 'item')} and has {len(now) - 2}"
        )
        first_apart = next(
            (i for i, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), 0
        )
        routes = [routes[min(first_apart, len(routes) - 1)]]
        return [
            *found,
            Fault(f"changed since it was closed: {said}", _place(linked, entry, routes[0])),
        ]
    changed = [r for r, a, b in zip(routes, before, now, strict=True) if a != b]
    for route in changed:
        said = f"changed since it was closed: {_what(record, route)} differs from what was sealed"
        found.append(Fault(said, _place(linked, entry, route)))
    if not changed:
        said = "changed since it was closed: the seal itself differs"
        found.append(Fault(said, _place(linked, entry, ("seal",))))
    return found


def _what(record: Minutes, route: Route) -> str:
    if route[0] == "items" and isinstance(route[-1], int):
        return f"item {route[-1] + 1}, {record.items[route[-1]].subject.id},"
    return {"review": "who took part, or when,", "findings": "what was looked at"}[str(route[0])]


def _earlier(linked: Linked, entry: MinutesEntry, by_hash: dict[str, MinutesEntry]) -> list[Fault]:
    """Return what is wrong with what minutes say they follow."""
    own = entry.record.seal
    found = []
    for index, name in enumerate(own.follows if own is not None else []):
        at = _place(linked, entry, ("seal", "follows", index))
        earlier = by_hash.get(name)
        if earlier is None:
            said = (
                f"{entry.record.review.id} follows minutes that are not here ({name[:12]}…): "
                "they were deleted, or changed and sealed again"
            )
            found.append(Fault(said, at))
    return found


def _beside(entry: MinutesEntry, told: Callable[[str], str | None]) -> list[Fault]:
    """Return what is wrong with the text for people beside a record."""
    own, path = entry.record.seal, entry.source.path.rpartition(".")[0] + ".md"
    if own is None or own.told is None:
        return []
    text = told(path)
    if text is None:
        return [Fault(f"the Markdown version of {entry.record.review.id} is missing", Place(path))]
    if told_hash(text) != own.told:
        return [
            Fault("changed since it was closed: this differs from what was written", Place(path))
        ]
    return []


def _gone(entries: Iterable[MinutesEntry], ever: Iterable[FileVersion]) -> list[Fault]:
    """Return which records git knows with a seal that no minutes carry any more."""
    seals = {m.record.seal.hash for m in entries if m.record.seal is not None}
    found = []
    for version in ever:
        record = read_minutes(RawFile(version.path, version.raw)).content
        if not isinstance(record, Minutes) or record.seal is None or not is_whole(record):
            continue
        if record.seal.hash not in seals:
            seals.add(record.seal.hash)
            said = (
                f"the minutes of {record.review.id}, committed on {version.day} by "
                f"{version.author} in {version.commit[:10]}, are not here as they were closed: "
                "deleted, or changed and sealed again"
            )
            found.append(Fault(said, Place(version.path)))
    return found


def _place(linked: Linked, entry: MinutesEntry, route: Route) -> Place:
    document: Document = linked.documents[entry.source.path]
    at = document.find(route)
    return document.key_place(at) if at else Place(entry.source.path)
