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
    *(
        Dodge(
            f"check through out.txt -> {to}",
            _link("out.txt", to),
            ["check", "--output", "out.txt"],
            2,
            [says],
        )
        for to, says in [
            (".git/config", "git's own"),
            (".git/hooks/post-checkout", "git's own"),
            ("portfolios/claims.yaml", "delete the link"),
            ("rules/new.yaml", "delete the link"),
        ]
    ),
    Dodge(
        "a result in git's own folder",
        _link("x", "y"),
        ["check", "--output", ".git/config.txt"],
        2,
        ["git's own"],
    ),
    Dodge(
        "two results in one file by a link",
        _link("a.json", "b.json"),
        [*_JSON, "a.json", "--format", "text", "--output", "b.json"],
        2,
        ["two formats"],
    ),
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
