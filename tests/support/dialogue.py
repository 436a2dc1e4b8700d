"""A command in a terminal of its own, and somebody who answers what it asks."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from .interrupts import interruptible

MOST_PROMPTS = 40
"""Prompts after which somebody who answers is asked the same for ever."""

PROMPT = re.compile(r"(?:^|\n)> $")


class Talk(Struct):
    """What was seen on the terminal: each question with its answer, and all of it."""

    questions: list[str]
    text: str
    code: int

    @property
    def last(self) -> str:
        """What was seen after the last answer."""
        return self.text[max(self.text.rfind("\n> "), 0) :]


def talk(
    arguments: Sequence[str | Path], answer: Callable[[str], str | None], cwd: Path | None = None
) -> Talk:
    """Run `itgov` in a terminal, and answer each prompt; None is ctrl-c."""
    terminal, theirs = pty.openpty()
    mode = termios.tcgetattr(theirs)
    mode[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, mode)
    command = [sys.executable, "-m", "itgov", *map(str, arguments)]
    with interruptible():
        process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, start_new_session=True
        )
    os.close(theirs)
    seen, asked = "", 0
    questions: list[str] = []
    is_interrupted = False
    while True:
        if is_interrupted and not select.select([terminal], [], [], 0.5)[0]:
            process.send_signal(signal.SIGINT)  # the one before came just before it began to wait
            continue
        try:
            read = os.read(terminal, 65536)
        except OSError:  # the command has ended
            break
        if not read:
            break
        seen += read.decode("utf-8", "replace").replace("\r\n", "\n")
        if PROMPT.search(seen[asked:]):
            questions.append(seen[asked:].strip())
            if len(questions) > MOST_PROMPTS:
                process.kill()
                process.wait()
                os.close(terminal)
                raise AssertionError(f"asked for ever: {questions[-1]}")
            reply = answer(questions[-1])
            seen += "" if reply is None else f"{reply}\n"
            asked = len(seen)
            if reply is None:
                is_interrupted = True
                process.send_signal(signal.SIGINT)
            else:
                os.write(terminal, f"{reply}\n".encode())
    os.close(terminal)
    return Talk(questions, seen, process.wait())
