"""Dodges by a link through which a command would write elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ...support.git import GitRepo
from . import Dodge


def _link(name: str, to: str) -> Callable[[GitRepo], None]:
    def change(repo: GitRepo) -> None:
        (repo.root / name).symlink_to(to)

    return change


def _through(name: str, to: str, *command: str) -> Dodge:
    said = ["a link leads out of the repository"]
    return Dodge(f"{command[0]} through {name} -> {to}", _link(name, to), command, 2, said)


_JSON = ("check", "--format", "json", "--output")

DODGES = [
    _through("out.json", "../elsewhere.json", *_JSON, "out.json"),
    _through("out.json", "/dev/null", *_JSON, "out.json"),
    _through("reports", "..", *_JSON, "reports/out.json"),
    _through("pack.html", "../pack.html", "report", "--html", "pack.html"),
    _through("health.md", "../h.md", "health", "--format", "markdown", "--output", "health.md"),
    _through("sheets", "..", "sheet", "out", "sheets/claims.csv"),
    _through("claims.csv", "../claims.csv", "sheet", "out", "claims.csv", "--force"),
    Dodge(
        "a link that stays in the repository",
        _link("out.json", "portfolio.json"),
        [*_JSON, "out.json", "--fail-on", "never"],
        0,
        never=["a link leads out"],
    ),
    Dodge(
        "a name outside the repository on the command line",
        _link("out.json", "../elsewhere.json"),
        [*_JSON, "../named.json", "--fail-on", "never"],
        0,
        never=["a link leads out"],
    ),
]
