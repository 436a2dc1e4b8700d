"""Read: from files to typed records with positions, each file on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from itgov.files.convert import convert
from itgov.files.document import Document
from itgov.files.file_names import NOT_SETTINGS, is_read
from itgov.files.kept_positions import Positions
from itgov.files.one_form_ids import use_one_form
from itgov.files.parallel import Progress, share
from itgov.files.problem import Problem, left_out
from itgov.files.reader import MAX_BYTES, read
from itgov.files.repository_roots import CONFIG
from itgov.files.shared_work import Form, Tick
from itgov.files.sources import RawFile
from itgov.model.fields import Kind, named_in
from itgov.model.lazy_patterns import lazy_pattern
from itgov.model.types import OrganisationFile, UnitFile

if TYPE_CHECKING:
    from itgov.files.parallel import Executor
    from itgov.model.minutes import Minutes
    from itgov.model.scenario import Change, ScenarioFile

    Content: TypeAlias = OrganisationFile | UnitFile | Minutes | ScenarioFile

FILE_COST = 200
"""Bytes that take as long to read as opening one more file."""
WORTH_SHARING = 1_500_000
"""Bytes from which a second process pays for its start."""

ORGANISATION_KEYS = ("organisation", "people", "relationship_managers")
_UNIT_KEYS = ("business_unit", "investments", "engagements")


class ReadFile(msgspec.Struct):
    """What one file of a portfolio, of minutes or of a scenario says, and what is wrong with it.

    `content` is None where nothing of the file could be used.
    """

    document: Document
    content: Content | None
    problems: list[Problem]
    mentions: str = ""
    """What a file of which nothing could be used seems to be about: `people`, `unit` or `unit ID`."""
    named: dict[Kind, list[str]] | None = None
    """Every id that the records of a portfolio file name, by what it is an id of."""


def read_file(raw: RawFile) -> ReadFile:
    """Read one portfolio file: a pure function of its path and bytes."""
    if raw.problem is not None:
        return ReadFile(Document(raw.path, b""), None, [raw.problem])
    document, data, problems = read(raw.path, raw.data, cut_blocks=True)
    if data is None:
        if not problems:
            problems = [
                Problem("MOD-006", "the file is empty", fix="Add its content, or delete it.")
            ]
        return ReadFile(document, None, problems, _mentions(document.text))
    told = {document.keys[c] for c in document.children(0)}
    if data == {} and not problems and not told & set(_UNIT_KEYS):
        said = Problem("MOD-006", "the file has no content", fix="Add its content, or delete it.")
        return ReadFile(document, OrganisationFile(), [said])
    kind = kind_of(raw.path, data or dict.fromkeys(told))
    start = "`business_unit:` or `organisation:`"
    unseen = use_one_form(document, data, kind)
    content, unfit = convert(document, data, kind, start)
    found = [*problems, *left_out(document), *unseen, *unfit]
    return ReadFile(document, content, found, named=named_in(content))


def read_minutes(raw: RawFile) -> ReadFile:
    """Read the minutes of one closed review session: a pure function of their path and bytes."""
    from itgov.model.minutes import Minutes  # few repositories have any

    empty = Problem("MOD-006", "the minutes are empty", fix="Restore the minutes from git.")
    return _read_as(Minutes, "`review:`", raw, empty)


def read_scenario(raw: RawFile) -> ReadFile:
    """Read one scenario: a pure function of its path and bytes."""
    from itgov.model.scenario import ScenarioFile, contradiction, unfit  # few repositories have any

    empty = Problem(
        "MOD-006", "the scenario is empty", fix="Start it with `scenario:`, or delete it."
    )
    found = _read_as(ScenarioFile, "`scenario:`", raw, empty)
    if isinstance(found.content, ScenarioFile):
        broken = {p.route[:3] for p in found.problems}
        by_item: dict[str, list[Change]] = {}
        for index, change in enumerate(found.content.scenario.changes):
            route = ("scenario", "changes", index)
            if route in broken:
                continue
            wrong = unfit(change)
            if wrong is None:
                same = by_item.setdefault(change.investment, [])
                same.append(change)
                said = contradiction(same)
                wrong = (said, "Remove one of the two changes.") if said is not None else None
            if wrong is not None:
                found.problems.append(Problem.at(found.document, route, "MOD-004", *wrong))
    return found


def _read_as(
    kind: type[Minutes] | type[ScenarioFile], start: str, raw: RawFile, empty: Problem
) -> ReadFile:
    if raw.problem is not None:
        return ReadFile(Document(raw.path, b""), None, [raw.problem])
    document, data, problems = read(raw.path, raw.data, cut_blocks=True)
    if not data:
        return ReadFile(document, None, problems or [empty])
    content: Minutes | ScenarioFile | None
    content, unfit = convert(document, data, kind, start=start)
    return ReadFile(document, content, [*problems, *left_out(document), *unfit])


def not_read(path: str) -> ReadFile:
    """Return what stands for a file that is not read because of its name or place."""
    name = path.rsplit("/", 1)[-1]
    if path in NOT_SETTINGS:
        why = f"settings are read from `{CONFIG}` alone"
    elif name.startswith("."):
        why = "its name begins with a dot"
    elif is_read(name):
        why = "`paths` in itgov.yaml names other folders"
    else:
        why = "its name does not end in .yaml or .yml"
    said = f"`{name}` is not read: {why}"
    fix = "Rename it to be read, or move it out of the folder."
    return ReadFile(Document(path, b""), None, [Problem("YML-012", said, fix=fix)])


_PEOPLE = lazy_pattern(r"^[ \t]*[\"']?people[\"']?[ \t]*:", re.MULTILINE)
"""Matches within one line: over line ends, a search of blank lines takes the square of their number."""


_UNIT = lazy_pattern(r"^[\"']?(?:business_unit|investments|engagements)[\"']?[ \t]*:", re.MULTILINE)
_UNIT_ID = lazy_pattern(
    r"^business_unit:(?:[ \t]*\{[^}\n]*?\bid:|[ \t]*\n(?:[ \t]+[^\n]*\n)*?[ \t]+id:|)[ \t]*[\"']?([\w.-]+)",
    re.MULTILINE,
)


def _mentions(text: str) -> str:
    """Return what a text that is no YAML seems to be about; empty where that is not plain to see."""
    people, unit = _PEOPLE.search(text), _UNIT.search(text)
    if bool(people) == bool(unit):
        return ""
    if people:
        return "people"
    named = _UNIT_ID.search(text)
    return f"unit {named[1]}" if named else "unit"


def kind_of(path: str, data: Any) -> type[OrganisationFile] | type[UnitFile]:
    """Tell a file about the organisation from a business unit's, by its keys, then its name."""
    if isinstance(data, dict):
        if any(key in data for key in _UNIT_KEYS):
            return UnitFile
        if any(key in data for key in ORGANISATION_KEYS):
            return OrganisationFile
    named = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return OrganisationFile if named in ("organisation", "people") else UnitFile


def read_files(
    files: Sequence[RawFile],
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> list[ReadFile]:
    """Read many portfolio files, on several cores where there is much to read.

    `progress` is told "Reading" and the share that is done; `executor` is as in `share`.
    """

    def tick(done: float) -> None:
        if progress is not None:
            progress("Reading", done)

    weights = [len(f.data) + FILE_COST for f in files]
    slices = share(_read_slice, files, weights, WORTH_SHARING, tick, executor, FILES)
    found = [f for part in slices for f in part]
    for raw, file in zip(files, found, strict=True):
        if not file.document.raw and len(raw.data) <= MAX_BYTES:
            file.document.raw = raw.data  # not sent between processes: both have it
    return found


class ReadOnce:
    """Reads the portfolio files of one version after another, and none twice that is as it was."""

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor
        self._known: dict[tuple[str, bytes], ReadFile] = {}

    def read(self, files: Sequence[RawFile], progress: Progress | None = None) -> list[ReadFile]:
        """Read files, as `read_files` does."""
        known = self._known
        fresh = [f for f in files if f.problem is not None or (f.path, f.data) not in known]
        made = read_files(fresh, progress, self._executor)
        read = dict(zip((f.path for f in fresh), made, strict=True))
        known |= {(f.path, f.data): read[f.path] for f in fresh if f.problem is None}
        return [read.get(f.path) or known[f.path, f.data] for f in files]


def _read_slice(files: Sequence[RawFile], tick: Tick) -> list[ReadFile]:
    found = []
    for index, file in enumerate(files):
        tick(index / len(files))
        found.append(read_file(file))
    return found


# -- from one process to another ------------------------------------------------------------


class Organisational(msgspec.Struct, array_like=True, tag="organisation"):
    """What a file about the organisation says, told apart from a business unit's."""

    content: OrganisationFile


class Unitary(msgspec.Struct, array_like=True, tag="unit"):
    """What a business unit's file says."""

    content: UnitFile


def boxed(content: Content | None) -> Organisational | Unitary | None:
    """Return what a portfolio file says with the kind of file that it is."""
    if isinstance(content, OrganisationFile):
        return Organisational(content)
    return Unitary(content) if isinstance(content, UnitFile) else None


class _Sent(msgspec.Struct, array_like=True):
    """A portfolio file that was read, without its text: minutes are few, and read where they are wanted."""

    path: str
    positions: Positions
    content: Organisational | Unitary | None
    problems: list[Problem]
    mentions: str
    named: dict[Kind, list[str]] | None


def _packed(files: list[ReadFile]) -> bytes:
    return _encoder.encode(
        [
            _Sent(
                f.document.path,
                Positions.of(f.document),
                boxed(f.content),
                f.problems,
                f.mentions,
                f.named,
            )
            for f in files
        ]
    )


def _unpacked(data: bytes) -> list[ReadFile]:
    found = []
    for sent in msgspec.msgpack.decode(data, type=list[_Sent]):
        document = Document(sent.path, b"")
        if not sent.positions.give(document):
            raise ValueError("positions without their keys")
        content = sent.content.content if sent.content is not None else None
        found.append(ReadFile(document, content, sent.problems, sent.mentions, sent.named))
    return found


_encoder = msgspec.msgpack.Encoder()


def _are_of(files: Sequence[RawFile], read: list[ReadFile]) -> bool:
    return [f.path for f in files] == [f.document.path for f in read]


FILES = Form(_packed, _unpacked, _are_of)
"""How portfolio files that were read come from another process: without their texts."""
