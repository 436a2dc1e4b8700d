"""Dodges by what a file holds, or what it is called."""

from __future__ import annotations

from . import NO_OWNER, Dodge, write

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
]
