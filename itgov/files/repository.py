"""Finding a portfolio repository and what its `itgov.yaml` says."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Struct

from itgov.files.convert import convert
from itgov.files.document import Document, Route
from itgov.files.file_names import walk
from itgov.files.problem import Problem
from itgov.files.reader import read
from itgov.files.repository_roots import CONFIG, is_root, root_above, roots_below, upwards
from itgov.files.sources import AnySource, FileTree, Version, WorkTree, is_inside, plain_folder
from itgov.model.errors import ItgovError
from itgov.model.fields import doc
from itgov.model.nobody import use_own_words
from itgov.model.types import Record

_ORGANISATION = "organisation.yaml"

Theme = Literal["dark", "light", "colour-blind", "colour-blind-light", "terminal", "auto"]
Keys = dict[str, str | list[str]]
KEYS = "Keys of the review room, by action: one, several with commas, a list of them, or `off`."
Clipboard = Literal["auto", "native", "osc52"]
CLIPBOARD = (
    "How the review room copies: with a tool of the system, through the terminal, or either."
)

Filters = dict[str, str]
FILTERS = "Saved filters of the review room: a name, and the filter as it is typed."


class Paths(Record, frozen=True):
    """Where things are, relative to the repository's root."""

    portfolios: Annotated[str, doc("The folder of the portfolio files.")] = "portfolios"
    rules: Annotated[str, doc("The folder of the rule files.")] = "rules"
    reviews: Annotated[str, doc("The folder of the review minutes.")] = "reviews"
    scenarios: Annotated[str, doc("The folder of the scenarios.")] = "scenarios"

    @property
    def all(self) -> tuple[str, ...]:
        """Every folder."""
        return tuple(getattr(self, name) for name in self.__struct_fields__)


class Config(Record, frozen=True):
    """`itgov.yaml`: how a repository wants to be governed."""

    paths: Annotated[Paths, doc("The folders.")] = Paths()
    rule_packs: Annotated[
        list[str], doc("Further folders of rule files inside the repository.")
    ] = []
    placeholders: Annotated[
        list[str], doc("Texts that name nobody, beside those that itgov knows.")
    ] = []
    fail_on: Annotated[
        Literal["error", "warning", "info", "never"], doc("The severity from which `check` fails.")
    ] = "error"
    theme: Annotated[Theme | None, doc("The theme of the review room.")] = None
    keys: Annotated[Keys, doc(KEYS)] = {}
    clipboard: Annotated[Clipboard, doc(CLIPBOARD)] = "auto"
    filters: Annotated[Filters, doc(FILTERS)] = {}


class Repository(Struct, frozen=True):
    """A portfolio repository on disk."""

    root: Path
    config: Config = Config()

    @property
    def rule_folders(self) -> list[str]:
        """The folders of rule files, relative to the root."""
        return [self.config.paths.rules, *self.config.rule_packs]

    @property
    def folders(self) -> list[str]:
        """Every folder that is read, relative to the root."""
        return list(dict.fromkeys([*self.config.paths.all, *self.rule_folders]))

    def is_policy(self, path: str) -> bool:
        """Say whether a file, relative to the root, decides how is judged: rules, health, settings."""
        return path == CONFIG or is_inside(path, map(plain_folder, self.rule_folders))

    def is_portfolio(self, path: str) -> bool:
        """Say whether a file, relative to the root, lies among the portfolio files."""
        folder = plain_folder(self.config.paths.portfolios)
        return not folder or is_inside(path, [folder])

    @property
    def tree(self) -> WorkTree:
        """The files as they are on disk."""
        return WorkTree(self.root)

    def version(self, source: AnySource) -> Version[AnySource]:
        """Return the repository as another source has it, in the folders that it has today."""
        paths = self.config.paths
        return Version(source, paths.portfolios, self.rule_folders, paths.reviews, paths.scenarios)

    @property
    def on_disk(self) -> Version[WorkTree]:
        """The repository as it is on disk."""
        return self.version(self.tree)


class NoRepository(ItgovError):
    """There is nothing to govern at a path; the text says what to do."""


class BrokenConfig(ItgovError):
    """`itgov.yaml` cannot be used; `document` and `problems` say where and why, `root` whose it is."""

    def __init__(self, document: Document, problems: list[Problem], root: Path) -> None:
        super().__init__(problems[0].message)
        self.document = document
        self.problems = problems
        self.root = root

    @property
    def details(self) -> list[str]:
        """Each problem with its place, and how to fix it."""
        told = []
        for problem in self.problems:
            place = problem.place(self.document)
            fix = problem.fix
            told.append(
                f"{place.path}:{place.line}:{place.column}: error[{problem.code}] {problem.message}"
                + (f"\n  fix: {fix}" if fix else "")
            )
        return told

    @property
    def summary(self) -> str:
        """What was not done."""
        return "itgov.yaml cannot be used, so nothing was done"


def find_repository(path: Path) -> Repository:
    """Return the repository that `path` lies in: the nearest folder with portfolios or itgov.yaml.

    Raises `NoRepository`, also where two of them could be meant, and `BrokenConfig`.
    """
    root = find_root(path)
    config = read_config(root)
    refuse_nested(root, config.paths)
    use_own_words(frozenset(config.placeholders))
    return Repository(root, config)


def find_root(path: Path) -> Path:
    """Return the root of the repository that `path` lies in, never above the top of its git repository.

    Raises `NoRepository`.
    """
    if not path.exists():
        raise NoRepository(f"there is no file or folder `{path}`")
    found = root_above(os.fspath(path))
    if found is not None:
        return Path(found)
    below = [] if path.is_file() else _roots_just_below(path)
    raise NoRepository(
        f"no portfolio found: neither `{path}` nor a folder above it has `portfolios/`. "
        + (
            f"There is one below: name {' or '.join(f'`{p}`' for p in below)}"
            if below
            else "Start one with `itgov init`"
        )
    )


def _roots_just_below(folder: Path) -> list[Path]:
    """Return the repositories in a folder or in a folder of it: what somebody above them may mean."""
    inside = [p for p in sorted(folder.glob("*")) if not p.name.startswith(".") and p.is_dir()]
    deeper = [p for outer in inside for p in sorted(outer.glob("*/")) if p.name[:1] != "."]
    return [p for p in (*inside, *deeper) if not p.is_symlink() and is_root(os.fspath(p))][:5]


def refuse_nested(root: Path, paths: Paths) -> None:
    """Raise `NoRepository` where another repository lies in this one's folders, or around it so that
    either could be meant: whoever names one would not know that the other is left out."""
    for name in paths.all:
        for folder in _folders_below(root / name):
            if is_root(folder):
                raise _two_repositories(root, Path(folder))
    whole = (root / paths.portfolios / _ORGANISATION).is_file()
    for above in map(Path, list(upwards(os.fspath(root)))[1:]):
        if not is_root(os.fspath(above)):
            continue
        theirs, inside = _paths_of(above), root.relative_to(above)
        both = whole and (above / theirs.portfolios / _ORGANISATION).is_file()
        if both or any(inside.is_relative_to(name) for name in theirs.all):
            raise _two_repositories(above, root)
    for below in map(Path, roots_below(os.fspath(root)) if whole else ()):
        if (below / _paths_of(below).portfolios / _ORGANISATION).is_file():
            raise _two_repositories(root, below)


def _paths_of(root: Path) -> Paths:
    """Return the folders that a repository names, or the usual ones where its settings cannot be used."""
    try:
        return config_of(WorkTree(root), root)[1].paths
    except BrokenConfig:
        return Paths()


def _two_repositories(outer: Path, inner: Path) -> NoRepository:
    return NoRepository(
        f"`{inner}` is a portfolio repository inside another, `{outer}`, and only one of them would be "
        "judged: move one out of the other, or delete its `portfolios/` or `itgov.yaml`"
    )


def _folders_below(folder: Path) -> Iterator[str]:
    """Yield a folder and every one below it, without following links."""
    for name, inner, _ in walk(folder):
        inner[:] = [n for n in inner if n != ".git"]
        yield name


def read_config(root: Path, *, folders: bool = True) -> Config:
    """Return what `itgov.yaml` at `root` says, or the defaults.  Raises `BrokenConfig`.

    With `folders`, those that it names must be there.
    """
    document, config = config_of(WorkTree(root), root)
    if folders:
        _check_folders(root, document, config)
    return config


def config_of(source: FileTree, root: Path) -> tuple[Document, Config]:
    """Return what `itgov.yaml` of a source says, or the defaults.  Raises `BrokenConfig`."""
    raw = source.file(CONFIG)
    if raw is None:
        return Document(CONFIG, b""), Config()
    if raw.problem is not None:
        raise BrokenConfig(Document(CONFIG, b""), [raw.problem], root)
    document, data, problems = read(CONFIG, raw.data)
    if problems:
        raise BrokenConfig(document, problems, root)
    if data is None:
        return document, Config()
    document.keys = [k.replace("-", "_") if isinstance(k, str) else k for k in document.keys]
    seen: set[str | int] = set()
    for entry in document.children(0):
        if document.keys[entry] in seen:
            said, start = "a key is given twice, with `-` and with `_`", document.starts[entry]
            problem = Problem("YML-003", said, start, start + 1, fix="Keep one.")
            raise BrokenConfig(document, [problem], root)
        seen.add(document.keys[entry])
    config, problems = convert(document, _underscored(data), Config)
    if problems or config is None:
        raise BrokenConfig(document, problems, root)
    for route, name in _named_folders(config):
        why = _why_no_folder(name)
        if why:
            said = f"the path `{name}` {why}"
            problem = Problem.at(document, route, "MOD-004", said, "Write a path inside it.")
            raise BrokenConfig(document, [problem], root)
    return document, config


def _why_no_folder(name: str) -> str:
    """Return why a path cannot be a folder of the repository's; empty where it can."""
    parts = Path(name).parts
    if not plain_folder(name):
        return "is the repository itself, not a folder in it"
    if os.path.isabs(name) or ".." in parts:
        return "leaves the repository"
    return "is hidden" if any(part.startswith(".") and part != "." for part in parts) else ""


def _named_folders(config: Config) -> list[tuple[Route, str]]:
    """Return every folder that a configuration names, with its route."""
    paths: list[tuple[Route, str]] = [
        (("paths", field), name)
        for field, name in zip(Paths.__struct_fields__, config.paths.all, strict=True)
    ]
    return [*paths, *((("rule_packs", i), name) for i, name in enumerate(config.rule_packs))]


def _check_folders(root: Path, document: Document, config: Config) -> None:
    """Refuse a folder of rules that is named but not there: it would enforce nothing."""
    named: list[tuple[Route, str]] = [
        (("rule_packs", index), name) for index, name in enumerate(config.rule_packs)
    ]
    if config.paths.rules != Paths().rules:  # without `rules/` the standard rules hold
        named.append((("paths", "rules"), config.paths.rules))
    for route, name in named:
        if not (root / name).is_dir():
            said = f"there is no folder `{name}` of rules"
            fix = "Correct the path, or add the folder."
            problem = Problem.at(document, route, "MOD-004", said, fix)
            raise BrokenConfig(document, [problem], root)


def _underscored(data: Any) -> Any:
    """Let `fail-on` be written as on the command line."""
    if not isinstance(data, dict):
        return data
    return {key.replace("-", "_"): value for key, value in data.items()}
