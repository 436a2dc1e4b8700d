"""What a verb printed, kept: the same command on the same files is answered at once.

`check`, `health`, `value` and `managers` are pure functions of their arguments, the files they read,
what git knows, the as-of date and the program itself.  What they printed is kept in the user's cache
with a digest of all of these; a later run reads and hashes the same files, and where nothing changed it
prints the same again without importing a parser.  Of what lies outside the folders that are read, an answer depends on whether evidence is
there, which is looked up again, and on other repositories above or below, beside which nothing is kept.

Nothing here may import more than a small part of the standard library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from itgov.files.cache import Cache
from itgov.files.file_names import MAX_FOLDERS, is_read
from itgov.files.regular_files import RegularFiles
from itgov.files.repository_roots import is_root, root_above, roots_below, upwards

TYPE_CHECKING = False  # type checkers take it for true; `typing` would cost time
if TYPE_CHECKING:
    from itgov.files.repository import Repository

_LARGEST = 64 * 1024 * 1024
"""Bytes of one file from which it is not hashed: it is in memory whole meanwhile."""
_MOST = 2 * 1024 * 1024 * 1024
"""Bytes of all files from which they are not hashed, which a first run does twice."""
LARGEST_ANSWER = 64 * 1024 * 1024
_LARGEST_HEAD = 1024 * 1024
"""Bytes of what an answer depends on: paths of evidence, most of all."""
_MOST_ANSWERS = 200

NO_CACHE = "--no-cache"
_NEVER = (NO_CACHE, "--since", "--policy", "--watch", "--trend", "--output", "-h", "--help")
"""Options whose answer is not kept: most depend on more than is looked at here, as a branch may move."""


class RememberedAnswer:
    """One run's verb, arguments and surroundings, and the folders that its answer depends on."""

    def __init__(self, verb: str, arguments: list[str]) -> None:
        self._verb = verb
        self._arguments = arguments
        self._repository: Repository | None = None
        self._places: list[str] = []
        self._files: str | None = None
        self.looked_up: Mapping[str, bool] = {}
        """Paths that were only looked up, and whether a file was there: evidence of results."""
        self._cache = Cache("answers", _MOST_ANSWERS)
        self.key = self._key()

    def _key(self) -> str | None:
        """Return what an answer is kept under now; None where none can be."""
        arguments = self._arguments
        if self._cache.folder is None or any(a.split("=")[0] in _NEVER for a in arguments):
            return None
        roots = {root for a in [".", *arguments] if (root := _root_of(a)) is not None}
        if any(map(_beside_another, roots)):
            return None
        import time

        return self._cache.key(
            os.path.realpath("."),
            time.strftime("%Y-%m-%d"),
            str(sys.stdout is not None and sys.stdout.isatty()),
            _columns(),
            self._verb,
            *(f"{n}={os.environ.get(n)}" for n in ("NO_COLOR", "FORCE_COLOR", "TERM")),
            *_named(arguments),
        )

    def recall(self) -> tuple[int, bytes] | None:
        """Return exit code and output of the same command on the same files, or None."""
        if self.key is None:
            return None
        head = self._cache.start_of(self.key, _LARGEST_HEAD).partition(b"\n\n")[0]
        code = self._current_code(head)
        if code is None:  # as after every edit: an answer of megabytes is not read for that
            return None
        stored = self._cache.get(self.key)
        if stored is None or not stored.startswith(head + b"\n\n"):
            return None
        return code, stored[len(head) + 2 :]

    def _current_code(self, head: bytes) -> int | None:
        """Return the exit code of an answer if all that its head names is as it was, else None."""
        try:
            files, code, root, there, missing, *named = head.split(b"\n")
            looked_up = [os.fsdecode(p) for p in named[: int(there) + int(missing)]]
            found, exit_code = int(there), int(code)
        except ValueError:  # nothing there, or cut short
            return None
        if b"\0" in head:  # damaged: no path has one
            return None
        regular = RegularFiles(os.fsdecode(root))
        if any(regular.has(path) is (n >= found) for n, path in enumerate(looked_up)):
            return None
        self._places = [os.fsdecode(p) for p in named[len(looked_up) :]]
        self._files = digest_of(self._places)
        same = self._files is not None and os.fsencode(self._files) == files
        return exit_code if same else None

    def watch(self, repository: Repository) -> None:
        """Note what an answer on a repository will depend on, before its files are read."""
        if self.key is None:
            return
        self._repository = repository
        places = places_of(repository)
        if self._files is None or places != self._places:  # else `recall` has just looked
            self._places, self._files = places, digest_of(places)

    def keep(self, code: int, output: bytes) -> None:
        """Keep an answer that was nothing but written to stdout."""
        from itgov.cli.terminal import has_said

        repository, files = self._repository, self._files
        if self.key is None or repository is None or files is None or has_said():
            return
        if len(output) > LARGEST_ANSWER:
            return
        if digest_of(self._places) != files or self._key() != self.key:
            return  # a file was saved, or a commit made, while the answer was worked out
        there = [path for path, found in self.looked_up.items() if found]
        missing = [path for path, found in self.looked_up.items() if not found]
        named = [os.path.realpath(repository.root), str(len(there)), str(len(missing))]
        lines = [files, str(code), *named, *there, *missing, *self._places]
        if not all(lines) or any("\n" in line for line in lines):
            return
        try:
            head = b"\n".join(map(os.fsencode, lines))
        except UnicodeEncodeError:  # a path that no file can have
            return
        if len(head) < _LARGEST_HEAD - 2:
            self._cache.put(self.key, head + b"\n\n" + output)
            self._cache.tidy()


def places_of(repository: Repository) -> list[str]:
    """Return every file and folder that an answer on a repository depends on."""
    from itgov.files.file_names import NOT_SETTINGS
    from itgov.files.repository import Paths
    from itgov.files.repository_roots import CONFIG
    from itgov.files.shipped import standard_root

    root = os.path.realpath(repository.root)
    names = dict.fromkeys([CONFIG, *NOT_SETTINGS, *repository.folders, *Paths().all])
    return [*(os.path.join(root, name) for name in names), str(standard_root() / "rules")]


def digest_of(places: list[str]) -> str | None:
    """Return a digest of every YAML file in folders and of single files, or None.

    None where links, unreadable files or too many bytes make it unsafe or slow to say.
    """
    from itgov.files.blake2 import blake2b

    state = blake2b(digest_size=20)
    total = 0
    for place in places:
        for path, is_content in _files(place):
            if not path:
                return None
            state.update(f"{path}\0".encode("utf-8", "surrogateescape"))
            if not is_content:
                continue
            try:
                with open(path, "rb") as handle:
                    data = handle.read(_LARGEST)
            except OSError:
                return None
            total += len(data)
            if len(data) >= _LARGEST or total >= _MOST:
                return None
            state.update(b"%d\0" % len(data))
            state.update(data)
        state.update(b"\1")
    return state.hexdigest()


_UNSURE = ("", False)


def _files(place: str, depth: int = 0) -> list[tuple[str, bool]]:
    """Return each path that an answer depends on, and whether its content matters, not only its name.

    Without a path for what is not safe to remember.
    """
    if os.path.islink(place) or depth > MAX_FOLDERS:
        return [_UNSURE]
    if os.path.isfile(place):
        return [(place, True)]
    found: list[tuple[str, bool]] = []
    if os.path.isdir(place):
        try:
            entries = sorted(os.scandir(place), key=lambda e: e.name)
        except OSError:
            return [_UNSURE]
        for entry in entries:
            if entry.is_symlink():
                return [_UNSURE]
            if entry.name.startswith("."):
                if entry.is_dir():
                    return [_UNSURE]
                found.append((entry.path, False))
            elif entry.is_dir():
                found.append((entry.path, False))
                found += _files(entry.path, depth + 1)
            elif is_read(entry.name) and not entry.is_file():  # a pipe would never end
                return [_UNSURE]
            else:
                found.append((entry.path, is_read(entry.name)))
    elif os.path.lexists(place):
        return [_UNSURE]
    return found


def _root_of(argument: str) -> str | None:
    """Return the repository that an argument lies in, or None where it is no path or lies in none."""
    is_path = not argument.startswith("-") and os.path.lexists(argument)
    return root_above(argument) if is_path else None


def _beside_another(root: str) -> bool:
    """Say whether other repositories, which an answer could depend on, lie around a root or below."""
    around = any(is_root(folder) for folder in list(upwards(root))[1:])
    return around or next(roots_below(root), None) is not None


def _named(arguments: list[str]) -> list[str]:
    """Return the arguments, each that is a path with what it really is and its repository."""
    found = []
    for argument in [".", *arguments]:
        # a word that names a person or a rule is a path once there is a file of that name
        found += [argument, str(os.path.exists(argument))]
        if (root := _root_of(argument)) is not None:
            found += [os.path.realpath(argument), root, _commit(root)]
    return found


def _commit(root: str) -> str:
    """Return what git knows the history of a repository by: rules may ask for it."""
    from itgov.files.git_dir import find_git_dir

    git = find_git_dir(root)
    return git.state() if git is not None else ""


def _columns() -> str:
    """Return what the width of the output follows from: the variable wins over the terminal."""
    try:
        terminal = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError, AttributeError):
        terminal = 0
    return f"{os.environ.get('COLUMNS', '')} {terminal}"
