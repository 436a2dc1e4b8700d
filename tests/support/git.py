"""Git repositories made for a test, with nobody's own configuration and dates that never change."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_CONFIG = Path(__file__).with_name("gitconfig")


def run_git(root: Path, *arguments: str, date: str = "2026-01-01", check: bool = True) -> str:
    """Run git in a folder as of noon of a day, and return what it says."""
    moment = date if "T" in date else f"{date}T12:00:00+00:00"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")} | {
        "GIT_CONFIG_GLOBAL": str(_CONFIG),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_DATE": moment,
    }
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], env=environment, capture_output=True, check=check
    )
    return os.fsdecode(done.stdout).removesuffix("\n")


class GitRepo:
    """A git repository to be written to and committed, made where there is none.

    `who` is written into its configuration, for commits that itgov makes.
    """

    def __init__(self, root: Path, who: tuple[str, str] | None = None) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        if not (root / ".git").exists():
            self.git("init", "-q")
        if who is not None:
            with (root / ".git/config").open("a", encoding="utf-8") as config:
                config.write(f"[user]\n\tname = {who[0]}\n\temail = {who[1]}\n")
                config.write("[commit]\n\tgpgsign = false\n")

    def git(self, *arguments: str, date: str = "2026-01-01", check: bool = True) -> str:
        return run_git(self.root, *arguments, date=date, check=check)

    def write(self, files: dict[str, str | None]) -> None:
        """Write files by path; one without text is deleted."""
        for name, text in files.items():
            path = self.root / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())

    def edit(self, old: str, new: str, name: str = "portfolios/retail.yaml") -> None:
        """Write something else into a file, as an editor does: a new file in its place."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        fresh = path.with_suffix(".new")
        fresh.write_text(text.replace(old, new, 1), encoding="utf-8")
        fresh.replace(path)

    def commit(
        self,
        date: str = "2026-01-01",
        files: dict[str, str | None] | None = None,
        title: str = "Edit",
    ) -> str:
        """Write files, commit everything as of a day, and return the commit's id."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", title, date=date)
        head = (self.root / ".git/HEAD").read_text(encoding="utf-8").strip()
        if head.startswith("ref: "):  # a process less than asking git
            head = (self.root / ".git" / head[5:]).read_text(encoding="utf-8").strip()
        return head
