"""Dodges by what a file holds, or what it is called."""

from __future__ import annotations

from . import NO_OWNER, Dodge, both, write

_MORE = """\
business_unit: claims
investments:
  - {id: CLA-009, title: Hidden, stage: delivering, spend: [{year: 2026, budget: 9000000}]}
"""


def _named(path: str) -> Dodge:
    """A file that is not read is named, and fails where warnings do."""
    command = ["check", "--fail-on", "warning"]
    return Dodge(
        f"a file called {path}",
        write({path: _MORE}),
        command,
        1,
        ["YML-012", path.split("/x", maxsplit=1)[0]],
    )


def _read(path: str) -> Dodge:
    return Dodge(f"a file called {path}", write({path: _MORE}), ["check"], 1, [path, "OWN-001"])


def _broken(what: str, text: str, *says: str) -> Dodge:
    """A file that takes long to refuse hides nothing: what is wrong elsewhere is found."""
    change = both(NO_OWNER, write({"portfolios/x.yaml": text}))
    return Dodge(what, change, ["check"], 1, ["portfolios/x.yaml:", "OWN-001", *says])


DODGES = [
    Dodge("an investment loses its outcome owner", NO_OWNER, ["check"], 1, ["OWN-001"]),
    *map(_read, ["portfolios/x.YAML", "portfolios/claims/x.Yml"]),
    *map(
        _named,
        [
            "portfolios/x.json",
            "portfolios/.x.yaml",
            "portfolios/claims/x.yaml.txt",
            "portfolios/.claims/x.yaml",
            "rules/x.toml",
            "reviews/.x.yaml",
        ],
    ),
    _broken("a million blank lines after an error", "x: [\n" + "\n" * 1_000_000, "YML-001"),
    _broken(
        "a million control characters",
        "\0" * 1_000_000,
        "YML-006",
        "999,980 more control characters in this file are not listed",
    ),
]
