"""Git histories to measure on, written straight into git: the sample's, and the big portfolio's."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from portfolio import AS_OF, Size, write_portfolio
from results import TREE


def write_history(folder: Path, commits: int) -> None:
    """Write a git history: the sample, then one budget raised a day, in one file after another."""
    texts = {
        path.relative_to(TREE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((TREE / "portfolios").rglob("*.yaml"))
    }
    edited = [name for name, text in texts.items() if _BUDGET.search(text)]
    steps = [texts]
    for step in range(1, commits):
        name = edited[step % len(edited)]
        texts = {**texts, name: _raised(texts[name], step // len(edited))}
        steps.append({name: texts[name]})
    _commit_all(folder, steps, {})


def write_revisions(folder: Path, size: Size) -> None:
    """Write a git history of the big portfolio: as it is, five files edited, every file edited."""
    write_portfolio(folder, size)
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((folder / "portfolios").glob("*.yaml"))
    }
    edited = {name: _raised(text, 7) for name, text in texts.items() if _BUDGET.search(text)}
    few = dict(list(edited.items())[:5])
    _commit_all(folder, [texts, few, edited], {0: "start", 1: "few", 2: "every"})


_BUDGET = re.compile(r"(?<=budget: )\d+")


def _raised(text: str, which: int) -> str:
    """Raise one of the budgets of a file by a thousand."""
    found = list(_BUDGET.finditer(text))
    at = found[which % len(found)]
    return f"{text[: at.start()]}{int(at[0]) + 1000}{text[at.end() :]}"


def _commit_all(folder: Path, steps: Sequence[dict[str, str]], tags: dict[int, str]) -> None:
    """Make a repository of one commit a day, each with the files that it changes."""
    folder.mkdir(parents=True, exist_ok=True)
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    day = int(datetime.datetime.fromisoformat(f"{AS_OF}T12:00:00+00:00").timestamp())
    stream = []
    for step, files in enumerate(steps):
        moment = day - 86_400 * (len(steps) - 1 - step)
        who = f"Bench <bench@example.org> {moment} +0000"
        stream.append(f"commit refs/heads/main\ncommitter {who}\ndata 4\nEdit\n".encode())
        for name, text in files.items():
            data = text.encode()
            stream.append(f"M 100644 inline {name}\ndata {len(data)}\n".encode() + data + b"\n")
        if step in tags:
            stream.append(f"reset refs/tags/{tags[step]}\nfrom refs/heads/main\n\n".encode())
    for command, data in (
        (["git", "init", "-q", "-b", "main"], b""),
        (["git", "fast-import", "--quiet"], b"".join(stream)),
        (["git", "reset", "-q", "--hard"], b""),
    ):
        subprocess.run(command, cwd=folder, env=quiet, input=data, check=True)
