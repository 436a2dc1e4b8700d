"""A portfolio whose every text would do harm if it were shown as it is."""

from __future__ import annotations

from pathlib import Path

HOSTILE = (
    "[/foo] [bold red]x[/] $(id) `id` {{x}} \\u202Eevil\\u202C "
    "\\u200bhidden 漢字かな 👩‍👩‍👧 é" + "w" * 90
)
"""Text as it stands between double quotes in YAML: markup, overrides, wide letters."""


def hostile_portfolio(root: Path) -> Path:
    """Write a portfolio whose every text would do harm if it were shown as it is."""
    folder = root / "portfolios"
    folder.mkdir(parents=True)
    text = f'"{HOSTILE}"'
    (folder / "organisation.yaml").write_text(
        f"""organisation: {{id: "o {HOSTILE}", name: {text}, currency: {text}}}
people:
  - {{id: "p {HOSTILE}", name: {text}, email: {text}, side: business, left: 2020-01-01}}
relationship_managers:
  - {{person: "p {HOSTILE}", title: {text}, serves: ["u {HOSTILE}"], represents: middle}}
""",
        encoding="utf-8",
    )
    (folder / "unit.yaml").write_text(
        f"""business_unit: {{id: "u {HOSTILE}", name: {text}, head: "p {HOSTILE}"}}
investments:
  - id: "i {HOSTILE}"
    title: {text}
    summary: {text}
    stage: live
    outcome_owner: "p {HOSTILE}"
    relationship_manager: "nobody {HOSTILE}"
    sponsor: "p {HOSTILE}"
    spend: [{{year: 2026, budget: 5000000, actual: 9000000}}]
    outcomes: [{{id: "o {HOSTILE}", statement: {text}, measure: {text}}}]
    waivers: [{{rule: VAL-001, reason: {text}, until: 2026-01-01, approved_by: "p {HOSTILE}"}}]
engagements:
  - date: 2026-10-01
    by: "p {HOSTILE}"
    summary: {text}
    actions: [{{what: {text}, owner: "p {HOSTILE}", due: 2026-10-02}}]
""",
        encoding="utf-8",
    )
    (folder / "broken.yaml").write_bytes(b"business_unit: b\ninvestments: \x1b[2J red\n")
    return root
