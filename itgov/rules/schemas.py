"""JSON Schema of every kind of file, generated from the types, for editors and other tools."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from itgov.files.repository import Config
from itgov.model.minutes import Minutes
from itgov.model.scenario import ScenarioFile
from itgov.model.types import OrganisationFile, UnitFile
from itgov.rules.language import HealthFile, RuleFile

KINDS: dict[str, tuple[Any, str]] = {
    "portfolio": (UnitFile, "A business unit of an itgov portfolio"),
    "organisation": (OrganisationFile, "The organisation of an itgov portfolio"),
    "review": (Minutes, "Minutes of a closed itgov review session"),
    "scenario": (
        ScenarioFile,
        "A scenario: decisions of an itgov portfolio that are being weighed",
    ),
    "rules": (RuleFile, "itgov rules"),
    "health": (HealthFile, "How itgov scores engagement health"),
    "config": (Config, "itgov.yaml"),
}
"""The kinds of file by name, with the type of each and its title."""


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind of file; `kind` is one of `KINDS`."""
    record, title = KINDS[kind]
    found = _cleaned(msgspec.json.schema(record))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **found,
    }


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind of file as text."""
    return msgspec.json.format(msgspec.json.encode(schema(kind)), indent=2).decode() + "\n"


def _cleaned(node: Any) -> Any:
    """Take the indentation out of descriptions: from Python 3.13 on docstrings have none."""
    if isinstance(node, dict):
        return {
            key: inspect.cleandoc(value)
            if key == "description" and isinstance(value, str)
            else _cleaned(value)
            for key, value in node.items()
        }
    return [_cleaned(item) for item in node] if isinstance(node, list) else node
