"""Answers remembered: the same question on the same files is answered at once.

`check` is a pure function of its arguments, the files it reads, the as-of date and the program
itself.  What it printed is kept in the user's cache folder with a digest of all of these; a later
run reads and hashes the same files, and where nothing changed it prints the same again without
importing a parser.  `ITGOV_CACHE=off` switches it off; the folder can be deleted at any time.

Nothing here may import more than a small part of the standard library.
"""

from __future__ import annotations

import os
import sys

MAGIC = b"itgov-answer-1\n"
_LARGEST = 64 * 1024 * 1024
"""Bytes of files above which hashing costs more than it may save a reader's time."""
_LARGEST_ANSWER = 16 * 1024 * 1024
_KEPT = 200
"""Answers kept; the oldest go."""

_NEVER = ("--since", "--watch", "--output", "-h", "--help")


class Question:
    """One run's arguments and surroundings, and the folders that its answer depends on."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.key: bytes | None = None
        self._cache = _folder()
        if self._cache is None or any(a.split("=")[0] in _NEVER for a in arguments):
            return
        import time

        surroundings = [
            os.path.realpath("."),
            time.strftime("%Y-%m-%d"),
            str(sys.stdout is not None and sys.stdout.isatty()),
            _columns(),
            *(f"{n}={os.environ.get(n)}" for n in ("NO_COLOR", "FORCE_COLOR", "TERM")),
            *_program(),
            *_named(arguments),
        ]
        self.key = _digest("\0".join(surroundings).encode("utf-8", "surrogateescape"))

    def recall(self) -> tuple[int, bytes] | None:
        """Return exit code and output of the same question on the same files, or None."""
        if self.key is None:
            return None
        try:
            with open(self._path(), "rb") as handle:
                stored = handle.read()
        except OSError:
            return None
        head, _, output = stored.partition(b"\n\n")
        lines = head.split(b"\n")
        if lines[0] + b"\n" != MAGIC or len(lines) < 4:
            return None
        digest, code, checksum, *places = lines[1:]
        if checksum != _digest(output) or not code.isdigit():
            return None  # cut short or touched
        current = digest_of([os.fsdecode(p) for p in places])
        return (int(code), output) if current is not None and current == digest else None

    def remember(self, places: list[str], digest: bytes | None, code: int, output: bytes) -> None:
        """Keep an answer.  `digest` is `digest_of(places)` from before the files were read."""
        if self.key is None or digest is None or len(output) > _LARGEST_ANSWER:
            return
        if any("\n" in p for p in places):
            return
        head = [
            MAGIC.strip(),
            digest,
            str(code).encode(),
            _digest(output),
            *map(os.fsencode, places),
        ]
        try:
            os.makedirs(str(self._cache), mode=0o700, exist_ok=True)
            temporary = f"{self._path()}.{os.getpid()}"
            with open(temporary, "wb") as handle:
                handle.write(b"\n".join(head) + b"\n\n" + output)
            os.replace(temporary, self._path())
            self._tidy()
        except OSError:
            return  # a cache that cannot be written is no reason to fail

    def _path(self) -> str:
        assert self.key is not None
        return os.path.join(str(self._cache), self.key.decode())

    def _tidy(self) -> None:
        with os.scandir(str(self._cache)) as entries:
            found = [(e.stat().st_mtime, e.path) for e in entries if e.is_file()]
        for _, path in sorted(found)[:-_KEPT]:
            os.unlink(path)


def digest_of(places: list[str]) -> bytes | None:
    """Return a digest of every YAML file in folders and of single files, or None.

    None where links, unreadable files or too many bytes make it unsafe or slow to say.
    """
    from hashlib import blake2b

    state = blake2b(digest_size=20)
    total = 0
    for place in places:
        for path in _files(place):
            if path is None:
                return None
            try:
                with open(path, "rb") as handle:
                    data = handle.read(_LARGEST)
            except OSError:
                return None
            total += len(data)
            if total >= _LARGEST:
                return None
            state.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
            state.update(data)
        state.update(b"\1")
    return state.hexdigest().encode()


def _files(place: str) -> list[str | None]:
    if os.path.islink(place):
        return [None]
    if os.path.isfile(place):
        return [place]
    found: list[str | None] = []
    if os.path.isdir(place):
        try:
            entries = sorted(os.scandir(place), key=lambda e: e.name)
        except OSError:
            return [None]
        for entry in entries:
            if entry.is_symlink():
                return [None]
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                inner = _files(entry.path)
                if None in inner:
                    return [None]
                found += inner
            elif entry.name.endswith((".yaml", ".yml")):
                if not entry.is_file():  # a pipe would never end
                    return [None]
                found.append(entry.path)
    return found


def _digest(data: bytes) -> bytes:
    from hashlib import blake2b

    return blake2b(data, digest_size=20).hexdigest().encode()


def _folder() -> str | None:
    if os.environ.get("ITGOV_CACHE", "").lower() in ("off", "0", "no"):
        return None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "itgov", "answers") if os.path.isabs(base) else None


def _named(arguments: list[str]) -> list[str]:
    """Return the arguments, each that is a path with what it really is and its repository."""
    found = []
    for argument in [".", *arguments]:
        found.append(argument)
        if not argument.startswith("-") and os.path.lexists(argument):
            root = _root(argument)
            found += [os.path.realpath(argument), root, _commit(root)]
    return found


def _root(path: str) -> str:
    """Return the nearest folder that is a repository, as `find_repository` looks for it."""
    folder = os.path.abspath(path)
    while True:
        if os.path.isfile(os.path.join(folder, "itgov.yaml")) or os.path.isdir(
            os.path.join(folder, "portfolios")
        ):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent


def _commit(root: str) -> str:
    """Return what git knows the history of a repository by: rules may ask for it."""
    from itgov.files.git_dir import find_git_dir

    git = find_git_dir(root) if root else None
    return git.state() if git is not None else ""


def _columns() -> str:
    try:
        return str(os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError, AttributeError):
        return os.environ.get("COLUMNS", "")


def _program() -> list[str]:
    """Return what tells one state of the program from another: version, Python, its own files."""
    import itgov

    here = os.path.dirname(os.path.abspath(itgov.__file__))
    newest = 0
    for folder, folders, names in os.walk(here):
        folders[:] = [f for f in folders if f != "__pycache__"]
        for name in names:
            newest = max(newest, os.stat(os.path.join(folder, name)).st_mtime_ns)
    return [itgov.__version__, sys.version, here, str(newest)]
