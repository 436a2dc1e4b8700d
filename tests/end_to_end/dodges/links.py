"""Dodges by a link through which a command would write elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ...support.git import GitRepo
from . import Dodge, write


def _link(name: str, to: str) -> Callable[[GitRepo], None]:
    def change(repo: GitRepo) -> None:
        (repo.root / name).symlink_to(to)

    return change


def _through(name: str, to: str, *command: str) -> Dodge:
    said = ["a link leads out of the repository"]
    return Dodge(f"{command[0]} through {name} -> {to}", _link(name, to), command, 2, said)


_OLD = "Found nothing\n"


def _left_green(*command: str) -> Dodge:
    """A result of an earlier run is not left by a command that cannot be understood."""
    spoilt = ("j.xml", "nothing was enforced")
    return Dodge(" ".join(command), write({"j.xml": _OLD}), command, 2, leaves=spoilt)


def _over(path: str, words: str) -> Dodge:
    """What is judged is never written over by a result."""
    command = ["check", "--format", "markdown", "--output", path]
    return Dodge(
        f"a result over {path}",
        _link("x", "y"),
        command,
        2,
        ["what is judged"],
        leaves=(path, words),
    )


_JSON = ("check", "--format", "json", "--output")

DODGES = [
    _left_green("check", "--output", "j.xml", "portfolio/"),
    _left_green("check", "--output", "j.xml", "--bogus"),
    _left_green("check", "--bogus", "--output=j.xml"),
    _left_green("check", "--output", "j.xml", "--format", "nonsense"),
    _left_green("check", "--output", "j.xml", "--as-of", "yesterday"),
    _left_green("check", "--output", "j.xml", "--output"),
    _left_green("chekc", "--output", "j.xml"),
    _left_green("health", "--format", "json", "--output", "j.xml", "--unti", "claims"),
    _left_green("report", "--html", "j.xml", "--bogus"),
    _over("portfolios/claims.yaml", "outcome_owner: nadia.rahman"),
    _over("rules/organisation.yaml", "ORG-001"),
    _over("itgov.yaml", "fail_on"),
    _over(".github/workflows/itgov.yml", "itgov check"),
    Dodge(
        "an option that is unknown, and a result over the portfolio",
        _link("x", "y"),
        ["check", "--output", "portfolios/claims.yaml", "--bogus"],
        2,
        leaves=("portfolios/claims.yaml", "nadia.rahman"),
    ),
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
