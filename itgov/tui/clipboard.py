"""Copying: through the terminal (OSC 52), which works over ssh, or with a tool of the system.

Nothing here touches a terminal or starts a program but `run_tool`: what is to be written, and
which tool is to be run, are functions of the text and the environment.
"""

from __future__ import annotations

import base64
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping

from msgspec import Struct

from itgov.files.repository import Clipboard

OSC52_LIMIT = 74_994
"""Bytes that the smallest of the common limits lets through: 100,000 with the encoding."""
TOOL_LIMIT = 4_000_000
_SCREEN_CHUNK = 700
"""GNU screen cuts a sequence that is longer than 768 bytes."""


class Tool(Struct, frozen=True):
    """A program that takes text from its standard input to the clipboard."""

    command: tuple[str, ...]
    encoding: str = "utf-8"


class CopyFailed(Exception):
    """The text could not be copied; says why and what to do."""


def osc52(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return what makes the terminal copy `text`, wrapped as tmux and GNU screen want it.

    Raises `CopyFailed` where the text is longer than terminals take.
    """
    raw = text.encode("utf-8", "replace")
    if len(raw) > OSC52_LIMIT:
        raise CopyFailed(
            f"{len(raw):,} bytes are more than a terminal takes ({OSC52_LIMIT:,}); "
            "`clipboard: native` copies with a tool of the system"
        )
    plain = f"\x1b]52;c;{base64.b64encode(raw).decode('ascii')}\x07"
    if environment.get("TMUX"):
        # tmux takes the plain form with `set-clipboard on`, and hands the wrapped one through
        # with `allow-passthrough on`: with either set, one of the two arrives.
        escaped = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{escaped}\x1b\\"
    if environment.get("STY"):
        parts = [plain[at : at + _SCREEN_CHUNK] for at in range(0, len(plain), _SCREEN_CHUNK)]
        return "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return plain


def native_tool(
    environment: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    system: str = sys.platform,
    release: str | None = None,
) -> Tool | None:
    """Return the tool that copies on this system, or None."""
    release = platform.release() if release is None else release
    if system == "darwin":
        known = [Tool(("pbcopy",))]
    elif system == "win32" or "microsoft" in release.lower():
        known = [Tool(("clip.exe",), "utf-16-le")]
    else:
        known = []
        if environment.get("WAYLAND_DISPLAY"):
            known.append(Tool(("wl-copy",)))
        if environment.get("DISPLAY"):
            known.append(Tool(("xclip", "-selection", "clipboard")))
            known.append(Tool(("xsel", "--clipboard", "--input")))
    return next((tool for tool in known if which(tool.command[0])), None)


TMUX = Tool(("tmux", "load-buffer", "-w", "-"))
"""Into tmux's own buffer, and from there to the terminal around it: what tmux drops when it comes
as OSC 52, unless it is told to let it through.  Since tmux 3.2."""


def is_remote(environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether the terminal is on another machine, whose clipboard is the one that is meant."""
    return bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))


def choose(
    how: Clipboard,
    environment: Mapping[str, str] = os.environ,
    tool: Tool | None = None,
    which: Callable[[str], str | None] = shutil.which,
) -> Tool | None:
    """Return the tool to copy with, or None for the terminal.  Raises `CopyFailed`."""
    if how == "osc52":
        return None
    if how == "native":
        if tool is None:
            raise CopyFailed(
                "no clipboard tool found (pbcopy, wl-copy, xclip, xsel, clip.exe); "
                "install one, or set `clipboard: osc52`"
            )
        return tool
    if tool is not None and not is_remote(environment):
        return tool
    return TMUX if environment.get("TMUX") and which("tmux") else None


def run_tool(tool: Tool, text: str) -> None:
    """Copy with a tool.  Raises `CopyFailed`."""
    raw = text.encode(tool.encoding, "replace")
    if len(raw) > TOOL_LIMIT:
        raise CopyFailed(f"{len(raw):,} bytes are too many to copy; the limit is {TOOL_LIMIT:,}")
    name = tool.command[0]
    try:
        done = subprocess.run(
            tool.command, input=raw, check=False, timeout=5,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise CopyFailed(f"`{name}` did not end; set `clipboard: osc52`") from None
    except OSError as error:
        raise CopyFailed(f"`{name}` cannot be run: {error.strerror}") from None
    if done.returncode:
        raise CopyFailed(f"`{name}` ended with {done.returncode}; set `clipboard: osc52`")
