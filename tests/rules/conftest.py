"""A small repository in a folder of its own, and the command line run on it in this process."""

from __future__ import annotations

import datetime
import json
import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from itgov.cli.main import main
from itgov.files.link import link
from itgov.files.load import read_files
from itgov.files.repository import find_repository
from itgov.insight.flow import Flow
from itgov.rules.cel import Runtime
from itgov.rules.compiled import CompiledRule
from itgov.rules.judge import judge
from itgov.rules.language import SUBJECTS
from itgov.rules.verdicts import FAIL, UNEVALUATED, WAIVED, subject_of
from itgov.rules.vocabulary import record_of

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


class Ran(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote to stdout, as JSON."""
        return json.loads(self.out)

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of `--format json`."""
        return list(self.json["findings"])


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
        self._capsys.readouterr()
        code = main([str(a) for a in arguments])
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)

    def check(self, *arguments: object) -> Ran:
        """Run `itgov check` on the repository as of the day that all tests use."""
        return self.run("check", self.root, "--as-of", AS_OF, *arguments)

    def judge(self, *arguments: object) -> list[dict[str, Any]]:
        """Return the findings of `itgov check`."""
        ran = self.check("--format", "json", *arguments)
        assert ran.code in (0, 1), ran.err
        return ran.findings

    def rules_check(self, *arguments: object) -> list[dict[str, Any]]:
        """Return the findings of `itgov rules check`, but for rules without examples."""
        ran = self.run("rules", "check", self.root, "--format", "json", *arguments)
        assert ran.code in (0, 1), ran.err
        return [f for f in ran.findings if f["rule"] != "RUL-011"]

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


def view(entry):
    found = record_of(entry)
    if hasattr(entry, "outcomes"):
        found["outcomes"] = [record_of(o) for o in entry.outcomes]
    return found


def one_by_one(portfolio, book):
    """Return verdict, message and reason of every rule on every subject, each asked by itself."""
    runtime = Runtime(portfolio.today, [*SUBJECTS, "people", "relationship_managers", "today"])
    around = {
        "organisation": record_of(portfolio.organisation),
        "people": {k: record_of(p) for k, p in portfolio.people.items()},
        "relationship_managers": {k: record_of(m) for k, m in portfolio.managers.items()},
        "today": portfolio.today.isoformat(),
    }
    subjects = {kind: [] for kind in SUBJECTS}
    for unit in portfolio.units.values():
        here = {"business_unit": view(unit)}
        subjects["business_unit"].append((unit, here))
        for investment in unit.investments:
            inside = {**here, "investment": view(investment)}
            subjects["investment"].append((investment, inside))
            subjects["outcome"] += [
                (o, {**inside, "outcome": view(o)}) for o in investment.outcomes
            ]
        subjects["engagement"] += [(e, {**here, "engagement": view(e)}) for e in unit.engagements]
    subjects["organisation"] = [(portfolio.organisation, {})]
    subjects["person"] = [(p, {"person": view(p)}) for p in portfolio.people.values()]
    subjects["relationship_manager"] = [
        (m, {"relationship_manager": view(m)}) for m in portfolio.managers.values()
    ]
    found = {}
    for loaded in book.rules:
        program = CompiledRule(loaded.rule, runtime)
        for entry, variables in subjects[loaded.rule.for_]:
            answer = program.judge(runtime.scope({**around, **variables}), entry, portfolio.people)
            found[loaded.rule.id, subject_of(entry, loaded.rule.for_)] = (
                answer.verdict, answer.message, answer.reason,
            )  # fmt: skip
    return found


def all_differences(root: Path):
    """Return what judging says otherwise than asking each rule by itself, given everything."""
    repository = find_repository(root)
    book = Flow(repository).rules(check=False)
    linked = link(
        read_files(repository.tree.files("portfolios")), datetime.date.fromisoformat(AS_OF)
    )
    judged = judge(linked, book)
    batches = {}
    for table in judged.verdicts:
        names = judged.order[table.kind]
        for row, subject in enumerate(table.subjects):
            for column, rule in enumerate(names):
                batches[rule, subject] = table.table[row * len(names) + column]
    findings = {(f.rule, f.subject.id): f for f in judged.findings}
    alone = one_by_one(linked.portfolio, book)
    assert set(batches) == set(alone)
    found = []
    for key, (verdict, message, reason) in alone.items():
        said = findings[key].message if key in findings else None
        if (FAIL if batches[key] == WAIVED else batches[key]) != verdict:
            found.append((key, batches[key], verdict, said, reason))
        elif verdict == FAIL and said != message:
            found.append((key, said, message))
        elif verdict == UNEVALUATED and not str(said).endswith(str(reason)):
            found.append((key, said, reason))
    return found, len(alone)


@pytest.fixture(scope="session")
def differences() -> Callable[[Path], Any]:
    """Return `all_differences`."""
    return all_differences
