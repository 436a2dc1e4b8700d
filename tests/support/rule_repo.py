"""A small repository of its own rules, and what the command line says of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from .cli import Ran, run_cli

AS_OF = "2026-11-23"

ORGANISATION = """\
organisation: {id: o, name: Org}
people:
  - {id: ann, name: Ann, side: business}
  - {id: tom, name: Tom, side: it}
  - {id: bea, name: Bea, side: business}
relationship_managers:
  - {person: tom, serves: [u]}
"""

UNIT = """\
business_unit: {id: u, name: Unit}
investments:
  - id: A-1
    title: Alpha
    outcome_owner: ann
    relationship_manager: tom
"""

ONLY_MANDATORY = "rules: []\n"
"""A rule file that adds nothing: the two mandatory rules are all that is in force."""


class Repo:
    """A repository on disk."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file; text is dedented."""
        full = self.root / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        return full

    def run(self, *arguments: object) -> Ran:
        """Run `itgov` with these arguments."""
        return run_cli(self._capsys, *arguments)

    def check(self, *arguments: object) -> Ran:
        """Run `itgov check` on the repository as of the day that all tests use."""
        return self.run("check", self.root, "--as-of", AS_OF, *arguments)

    def judge(self, *arguments: object) -> list[dict[str, Any]]:
        """Return the findings of `itgov check`."""
        ran = self.check("--format", "json", *arguments)
        assert ran.code in (0, 1), ran.err
        return ran.findings

    def rules_check(self, *arguments: object, scored: bool = False) -> list[dict[str, Any]]:
        """Return the findings of `itgov rules check`, but for rules without examples.

        Those on rules that count in no dimension of health are among them on request.
        """
        ran = self.run("rules", "check", self.root, "--format", "json", *arguments)
        assert ran.code in (0, 1), ran.err
        without = ["RUL-011"] if scored else ["RUL-011", "RUL-015"]
        return [f for f in ran.findings if f["rule"] not in without]

    def broken(self) -> list[tuple[str, str, int, int]]:
        """Return rule, path, line and column of what keeps `itgov check` from enforcing."""
        ran = self.check()
        assert (ran.code, ran.out) == (2, "")
        lines = re.findall(r"^(.+):(\d+):(\d+): error\[([A-Z]+-\d+)\]", ran.err, re.MULTILINE)
        return [(rule, path, int(line), int(column)) for path, line, column, rule in lines]

    def rules_test(self, *arguments: object) -> Ran:
        """Run the examples of the rules."""
        return self.run("rules", "test", self.root, "--format", "json", *arguments)


Rules = str | bytes | Mapping[str, str | bytes]
MakeRepo = Callable[..., Repo]


@pytest.fixture
def repo(tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]) -> MakeRepo:
    """Return a function that makes a repository from its rules, its unit and its organisation."""

    def make(
        rules: Rules | None = ONLY_MANDATORY,
        unit: str | bytes | None = UNIT,
        organisation: str | bytes | None = ORGANISATION,
        **more: str | bytes,
    ) -> Repo:
        found = Repo(tmp_path_factory.mktemp("repo"), capsys)
        files: dict[str, str | bytes] = {}
        if organisation is not None:
            files["portfolios/organisation.yaml"] = organisation
        if unit is not None:
            files["portfolios/unit.yaml"] = unit
        if isinstance(rules, Mapping):
            files.update(rules)
        elif rules is not None:
            files["rules/own.yaml"] = rules
        files.update(more)
        for path, text in files.items():
            found.write(path, text)
        return found

    return make


def a_rule(
    condition: str,
    *,
    form: str = "assert",
    kind: str = "investment",
    identifier: str = "X-001",
    **more: str,
) -> str:
    """Return the text of one rule, as an item of `rules:`; `condition` stands in a block."""
    lines = [f"  - id: {identifier}", f"    name: {identifier.lower()}", f"    for: {kind}"]
    lines += [f"    {form}: |-", textwrap.indent(condition, "      ")]
    lines += [f"    {key.rstrip('_')}: {value}" for key, value in more.items()]
    return "\n".join(lines) + "\n"


def rule_file(*rules: str) -> str:
    """Return the text of a rule file of these rules."""
    return "rules:\n" + "".join(rules)


@pytest.fixture
def rule() -> Callable[..., str]:
    """Return `a_rule`."""
    return a_rule


@pytest.fixture
def rules() -> Callable[..., str]:
    """Return `rule_file`."""
    return rule_file
