"""Dodges by what git is told to do, or is made to take for the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from ...support.git import GitRepo
from . import NO_OWNER, Dodge, both, write

JUDGING = ("check", "--policy", "{base}", "--ignore", "POL")
POLICY = ("check", "--policy", "{base}", "--select", "POL")
_UNIT = "portfolios/claims.yaml"


def _git(*commands: str) -> Callable[[GitRepo], None]:
    def change(repo: GitRepo) -> None:
        for command in commands:
            repo.git(*command.split(" "))

    return change


def _committed(repo: GitRepo) -> None:
    repo.commit("2026-11-21")


def _replaced(path: str, by: str) -> Callable[[GitRepo], None]:
    """Have git show the content of a file in place of another's (`refs/replace`)."""

    def change(repo: GitRepo) -> None:
        repo.git("replace", repo.git("rev-parse", f"HEAD:{path}"), repo.git("rev-parse", by))

    return change


def _owner_is_back_in_git(repo: GitRepo) -> None:
    """The committed file has no owner, and git is told to show the one that has."""
    agreed = repo.git("rev-parse", f"HEAD:{_UNIT}")
    NO_OWNER(repo)
    repo.commit("2026-11-21")
    repo.git("replace", repo.git("rev-parse", f"HEAD:{_UNIT}"), agreed)


def _bare_beside(repo: GitRepo) -> None:
    """Plain files that git takes for a repository of its own, in the portfolio's folder."""
    for name in ("HEAD", "config"):
        shutil.copyfile(repo.root / ".git" / name, repo.root / "portfolios" / name)
    for name in ("objects", "refs"):
        shutil.copytree(repo.root / ".git" / name, repo.root / "portfolios" / name)


def _grafted(repo: GitRepo) -> None:
    info = repo.root / ".git/info"
    info.mkdir(exist_ok=True)
    (info / "grafts").write_text(repo.git("rev-parse", "HEAD") + "\n", encoding="utf-8")


def _moved_git(repo: GitRepo) -> None:
    """`.git` is a file that names a folder elsewhere."""
    os.rename(repo.root / ".git", repo.root.parent / "elsewhere")
    (repo.root / ".git").write_text("gitdir: ../elsewhere\n", encoding="utf-8")


def _named_as_the_base(repo: GitRepo) -> None:
    """A tag and a branch are called what the base commit's id is."""
    base = repo.git("rev-parse", "HEAD")
    NO_OWNER(repo)
    write({"itgov.yaml": "fail_on: never\n"})(repo)
    repo.commit("2026-11-21")
    repo.git("tag", base)
    repo.git("update-ref", f"refs/heads/{base}", "HEAD")


def _seen(
    what: str,
    change: Callable[[GitRepo], None],
    command: tuple[str, ...] = JUDGING,
    *says: str,
) -> Dodge:
    return Dodge(what, both(NO_OWNER, change), command, 1, ["OWN-001", *says])


_ATTRIBUTES = "*.yaml filter=hostile working-tree-encoding=UTF-16 ident export-ignore -diff\n"

DODGES = [
    _seen("a filter and an encoding by .gitattributes", write({".gitattributes": _ATTRIBUTES})),
    _seen("the portfolio is ignored by git", write({".gitignore": "portfolios/\n"})),
    _seen("the portfolio is no longer tracked", _git("rm -q -r --cached portfolios")),
    _seen("a file is assumed unchanged", _git(f"update-index --assume-unchanged {_UNIT}")),
    _seen("a file is skipped by git", _git(f"update-index --skip-worktree {_UNIT}")),
    _seen("an empty .git folder in the portfolio", lambda repo: (repo.root / "portfolios/.git").mkdir()),
    _seen("a .git file in the portfolio that leads elsewhere", write({"portfolios/.git": "gitdir: /nowhere\n"})),
    _seen("a git repository of plain files in the portfolio", _bare_beside),
    _seen("a graft", both(_committed, _grafted)),
    _seen("a folder of the same name in other letters", write({"Portfolios/organisation.yaml": "organisation: {id: y, name: Y}\n"})),
    Dodge("git is told to show the file that has an owner", _owner_is_back_in_git, JUDGING, 1, ["OWN-001"]),
    Dodge("git is told to show other rules for the agreed ones", both(NO_OWNER, _replaced("rules/organisation.yaml", f"HEAD:{_UNIT}")), JUDGING, 1, ["OWN-001"]),
    Dodge("a tag and a branch called as the base commit", _named_as_the_base, JUDGING, 1, ["OWN-001"]),
    Dodge("a tag and a branch called as the base commit: the policy", _named_as_the_base, POLICY, 1, ["`fail_on` is `never`"]),
    Dodge("only what a branch adds, where HEAD is moved to what it adds", both(NO_OWNER, _committed), ("check", "--since", "{base}"), 1, ["OWN-001"]),
    Dodge("the folder is called in other letters", both(NO_OWNER, lambda repo: os.rename(repo.root / "portfolios", repo.root / "PORTFOLIO")), JUDGING, 2, ["no portfolio file found"]),
    Dodge("the .git folder lies elsewhere", both(NO_OWNER, _moved_git), JUDGING, 1, ["OWN-001"]),
]  # fmt: skip
