"""The user's own editor, opened at a line of a file of the repository.

The program is started with a list of arguments and never by a shell, and only on files that lie in
the repository, whatever a link or a path in the data says.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from itgov.model.finding import Place

if TYPE_CHECKING:
    from itgov.tui.widgets.bars import Tone

VARIABLES = ("VISUAL", "EDITOR")
"""Where the editor is named, the first that says something."""

_PLUS = ("+{line}", "{path}")
_CURSOR = ("+call cursor({line},{column})", "{path}")
_COLON = ("{path}:{line}:{column}",)
_PLUS_COLON = ("+{line}:{column}", "{path}")
_GOTO = ("--wait", "--goto", "{path}:{line}:{column}")
_WAIT_COLON = ("--wait", "{path}:{line}:{column}")
_WAIT_LINE = ("--wait", "--line", "{line}", "{path}")
_SYNTAX: dict[str, tuple[str, ...]] = {
    "vim": _CURSOR, "nvim": _CURSOR, "view": _PLUS, "vi": _PLUS, "nvi": _PLUS, "elvis": _PLUS,
    "gvim": ("--nofork", *_CURSOR), "mvim": ("--nofork", *_CURSOR),
    "nvr": ("--remote-wait", "+{line}", "{path}"), "neovide": ("--no-fork", "{path}", "--", "+{line}"),
    "nano": ("+{line},{column}", "{path}"), "rnano": ("+{line},{column}", "{path}"),
    "pico": _PLUS, "ne": ("+{line},{column}", "{path}"), "joe": _PLUS, "jmacs": _PLUS,
    "jed": ("{path}", "-g", "{line}"), "mg": _PLUS, "mcedit": ("{path}:{line}",), "ed": ("{path}",),
    "emacs": _PLUS_COLON, "emacsclient": _PLUS_COLON, "xemacs": _PLUS, "zile": _PLUS,
    "micro": _PLUS_COLON, "kak": _PLUS_COLON, "hx": _COLON, "helix": _COLON, "amp": _COLON,
    "dte": _PLUS, "tilde": ("{path}:{line}",), "turbo": ("{path}",), "edit": ("{path}",),
    "code": _GOTO, "code-insiders": _GOTO, "codium": _GOTO, "vscodium": _GOTO, "cursor": _GOTO,
    "windsurf": _GOTO, "code-oss": _GOTO, "code-server": ("--wait", "{path}"),
    "subl": _WAIT_COLON, "sublime_text": _WAIT_COLON, "zed": _WAIT_COLON, "zeditor": _WAIT_COLON,
    "zedit": _WAIT_COLON, "atom": _WAIT_COLON, "pulsar": _WAIT_COLON,
    "mate": _WAIT_LINE, "bbedit": _WAIT_LINE, "xed": ("--wait", "+{line}", "{path}"),
    "gedit": ("--wait", "+{line}:{column}", "{path}"),
    "gnome-text-editor": ("--standalone", "{path}"),
    "kate": ("--block", "--line", "{line}", "--column", "{column}", "{path}"),
    "kwrite": ("--line", "{line}", "--column", "{column}", "{path}"),
    "geany": ("--new-instance", "--line", "{line}", "--column", "{column}", "{path}"),
    "idea": ("--wait", "--line", "{line}", "{path}"), "pycharm": ("--wait", "--line", "{line}", "{path}"),
    "notepad": ("{path}",), "notepad++": ("-multiInst", "-nosession", "-n{line}", "-c{column}", "{path}"),
}  # fmt: skip
"""How an editor is told the line; `+LINE` for one that is not here."""
_WAITS = {"--wait": ("-w", "--wait"), "--nofork": ("-f", "--nofork"), "--block": ("-b", "--block")}
"""Options that the user may have written already, in the long form or the short one."""


class _OnTerminal(Protocol):
    def say(self, text: str, tone: Tone = "") -> None:
        """Say something on the last line."""

    def suspend(self) -> AbstractContextManager[None]:
        """Leave the terminal to another program."""

    def refresh(self, *, layout: bool = False) -> Any:
        """Draw everything again."""


class NoEditor(Exception):
    """The editor cannot be opened; the text says why, and what to do."""


def editor_argv(environ: Mapping[str, str], path: Path, line: int, column: int = 1) -> list[str]:
    """Return what starts the editor of `environ` on a file, at a line; raises `NoEditor`."""
    for name in VARIABLES:
        text = environ.get(name, "").strip()
        if not text:
            continue
        try:
            words = shlex.split(text, posix=os.name == "posix")
        except ValueError:
            raise NoEditor(
                f"${name} has a quote that is never closed: {text}; correct it and start again"
            ) from None
        if os.name != "posix":  # there quotes are left on
            words = [word.strip('"') for word in words]
        if words:
            return [*words, *_arguments(words, path, line, column)]
    raise NoEditor(
        "no editor is set: quit, run for example `export EDITOR=nano` in your shell, and start again"
    )


def _arguments(words: list[str], path: Path, line: int, column: int) -> Iterator[str]:
    program = Path(words[0]).name.lower().removesuffix(".exe").removesuffix(".cmd")
    for part in _SYNTAX.get(program, _PLUS):
        if part in _WAITS and any(said in words[1:] for said in _WAITS[part]):
            continue
        # One of the numbers, then the path: what a path holds is never filled in again.
        numbered = part.replace("{line}", str(line)).replace("{column}", str(column))
        yield numbered.replace("{path}", str(path))


def file_of(root: Path, place: Place) -> Path:
    """Return the file of a place, which lies in the repository; raises `NoEditor`."""
    inside = root.resolve()
    try:
        path = (inside / place.path).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise NoEditor(f"{place.path} no longer exists; R reads the files again") from None
    if not path.is_relative_to(inside):
        raise NoEditor(f"{place.path} is outside the repository, so it is not opened")
    if not path.is_file():
        raise NoEditor(f"{place.path} is not a file")
    return path


def run_editor(argv: list[str], folder: Path) -> int:
    """Run the editor until it ends, and return its code; raises `NoEditor` where it cannot start."""
    try:
        return run_program(argv, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise NoEditor(
            f"`{Path(argv[0]).name}` cannot be started: {reason}; $VISUAL or $EDITOR names it"
        ) from None
    except ValueError:  # a zero byte
        raise NoEditor("$VISUAL or $EDITOR contains a character that is not allowed") from None


def run_program(argv: list[str], folder: Path | None = None) -> int:
    """Run a program that has the terminal until it ends, and return its code.  Raises `OSError`."""
    with _interrupts_for_the_program():
        return subprocess.run(argv, cwd=folder, check=False).returncode


@contextmanager
def _interrupts_for_the_program() -> Iterator[None]:
    """Keep ctrl+c, which the terminal sends to both programs, from ending the room behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # A handler, not SIG_IGN: that the editor would inherit.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)


def edit(app: _OnTerminal, root: Path, place: Place) -> bool:
    """Leave the screen to the editor at a place; return whether the files may have changed."""
    from textual.app import SuspendNotSupported

    try:
        path = file_of(root, place)
        argv = editor_argv(os.environ, path, place.line, place.column)
    except NoEditor as stop:
        app.say(str(stop), "warning")
        return False
    trouble, code = "", 0
    try:
        with app.suspend():
            try:
                code = run_editor(argv, root.resolve())
            except NoEditor as stop:  # an exception would leave the room suspended
                trouble = str(stop)
    except SuspendNotSupported:
        app.say(
            f"no editor can be opened here; the place is {place.path}:{place.line}",
            "warning",
        )
        return False
    app.refresh(layout=True)
    if trouble:
        app.say(trouble, "error")
        return False
    if code:
        app.say(
            f"`{Path(argv[0]).name}` ended with code {code}; the files were read again", "warning"
        )
    return True
