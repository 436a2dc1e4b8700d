"""What is read, parsed, linked and judged is counted: no run does a thing twice, or one that an earlier run kept.

Seconds are for `benchmarks/`; these counts are the same on every machine.
"""

from __future__ import annotations

import functools
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from itgov.cli import terminal
from itgov.cli.main import main
from itgov.files.cache import _program
from itgov.files.linked import Linked
from itgov.files.load import ReadFile
from itgov.insight import flow
from itgov.rules.batch import KindRules
from itgov.rules.cel import Program
from itgov.rules.prepared_rules import PreparedRules

from ..support.git import run_git

TREE = Path(__file__).resolve().parents[2]
DAY = "2026-11-23"
UNITS, DIMENSIONS = 8, 8

_opened: Counter[str] | None = None
"""Files opened and programs started, by name, while somebody counts."""


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _opened is None:
        return
    if event == "open" and isinstance(arguments[0], str | bytes | Path):
        _opened[str(arguments[0])] += 1
    elif event == "subprocess.Popen":
        _opened[PROGRAM] += 1


PROGRAM = "a program"


@functools.cache
def _watch() -> None:
    """Have it noted from now on: no process looks at what it opens that runs none of these tests."""
    sys.addaudithook(_note)


class Work:
    """Counts what itgov does in a repository, one run after another."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.done: Counter[str] = Counter()
        self.opened: Counter[str] = Counter()
        self._count(patch, "itgov.files.load.read", "parsed")
        self._count(patch, "itgov.insight.flow.link", "linked")
        self.linked: set[str] = set()
        """The files of the portfolio that were linked last."""
        link = flow.link

        def noted(files: list[ReadFile], *given: Any) -> Linked:
            self.linked = {Path(file.document.path).name for file in files}
            return link(files, *given)

        patch.setattr(flow, "link", noted)
        for owner, name, said in (
            (PreparedRules, "_unit", "judged"),
            (KindRules, "verdicts", "subjects"),
            (Program, "evaluate", "evaluated"),
            (Program, "evaluate_once", "evaluated"),
        ):
            patch.setattr(owner, name, self._counted(getattr(owner, name), said))

    def _count(self, patch: pytest.MonkeyPatch, place: str, said: str) -> None:
        module, _, name = place.rpartition(".")
        patch.setattr(place, self._counted(getattr(sys.modules[module], name), said))

    def _counted(self, function: Callable[..., Any], said: str) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.done[said] += 1
            return function(*arguments, **named)

        return counted

    def of(self, *command: str) -> Counter[str]:
        """Run a command as if this process had not run anything yet; return what it did."""
        global _opened
        self.done, _opened = Counter(), Counter()
        _program.cache_clear()
        terminal._said.clear()
        try:
            assert main([command[0], str(self.root), *command[1:], "--as-of", DAY]) in {0, 1}
        finally:
            self.opened, _opened = _opened, None
        return self.done

    def reads(self) -> Counter[str]:
        """Return how often the last run opened each portfolio file itself."""
        place = str(self.root / "portfolios")
        return Counter({p: n for p, n in self.opened.items() if p.startswith(place)})

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a text that stands in a portfolio file."""
        path = self.root / "portfolios" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """The sample without git, with a cache of its own, in one process."""
    _watch()
    shutil.copytree(TREE / "portfolios", tmp_path / "sample" / "portfolios")
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("ITGOV_JOBS", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(flow, "WORTH_KEEPING", 0)
    return Work(tmp_path / "sample", monkeypatch)


NOTHING: Counter[str] = Counter()
KINDS = 3
"""Kinds of subjects that one expression each is asked about: in a unit, and beside the units."""


def pairs(text: str) -> Counter[str]:
    """Count the rules that fail in each unit; a message takes one more question at most."""
    found = {(f["business_unit"], f["rule"]) for f in json.loads(text)["findings"]}
    return Counter(unit for unit, _ in found)


def subjects(path: Path | str) -> int:
    """Count what rules are for in a file: things told of here, each of which is a record of its own."""
    told = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    items = told.get("investments", [])
    lists = (told.get(name, []) for name in ("people", "relationship_managers", "engagements"))
    alone = [
        w for w in (told.get("organisation"), told.get("business_unit")) if isinstance(w, dict)
    ]
    return (
        len(alone) + len(items) + sum(map(len, [*lists, *(i.get("outcomes", []) for i in items)]))
    )


def test_a_first_run_does_each_thing_once(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    done = work.of("check", "--format", "json")
    files = {str(p) for p in (work.root / "portfolios").rglob("*.yaml")}
    failing = pairs(capsys.readouterr().out)
    assert done["parsed"] == len(files)
    assert done["linked"] == 1
    assert done["judged"] == UNITS
    assert done["subjects"] == sum(map(subjects, files))
    assert done["evaluated"] <= KINDS * (UNITS + 1) + failing.total()
    # to be read, and before and after it to know that nothing was saved meanwhile
    assert work.reads() == Counter(dict.fromkeys(files, 3))


def test_nothing_is_done_again_where_nothing_changed(work: Work) -> None:
    first = work.of("check")
    assert first["judged"] == UNITS
    for verb in ("check", "health", "value", "managers"):
        work.of(verb)
        assert work.of(verb) == NOTHING, verb
        assert set(work.reads().values()) == {1}, verb


@pytest.mark.parametrize("verb", ["check --format json", "check --all", "health", "value"])
def test_what_was_read_and_judged_serves_every_verb(work: Work, verb: str) -> None:
    work.of("check")
    done = work.of(*verb.split())
    assert (done["parsed"], done["linked"], done["judged"]) == (0, 1, 0)
    # health is scored by expressions of its own, one for each dimension of a unit
    assert done["evaluated"] <= (UNITS * DIMENSIONS if verb == "health" else 0)


def test_one_file_changed_is_parsed_and_its_unit_judged(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    work.of("check", "--format", "json")
    failing = pairs(capsys.readouterr().out)
    work.edit("retail.yaml", "title: ", "title: New ")
    done = work.of("check", "--format", "json")
    assert (done["parsed"], done["linked"], done["judged"]) == (1, 1, 1)
    assert done["subjects"] == subjects(work.root / "portfolios" / "retail.yaml")
    assert done["evaluated"] <= KINDS + failing["retail"]
    assert set(work.reads().values()) == {3}


def loosen(work: Work) -> None:
    """Put in place of the sample five units that share nobody but a relationship manager of two of them."""
    shutil.rmtree(work.root / "portfolios")
    (work.root / "portfolios").mkdir()
    people = [{"id": f"p{n}", "name": f"Person {n}", "side": "business"} for n in range(5)]
    managers = [{"person": "p0", "title": "Manager", "serves": ["u0", "u1"]}]
    whole = {"organisation": {"id": "o", "name": "O"}, "people": people, "relationship_managers": managers}  # fmt: skip
    files = {"organisation": whole}
    for n in range(5):
        items = [
            {"id": f"U{n}-{i}", "title": f"Item {i}", "outcome_owner": f"p{n}", "spend": [{"year": 2026, "budget": 100 * i}]}
            for i in range(4)
        ]  # fmt: skip
        files[f"u{n}"] = {"business_unit": {"id": f"u{n}", "name": f"Unit {n}"}, "investments": items}  # fmt: skip
    for name, data in files.items():
        text = yaml.safe_dump(data, sort_keys=False)
        (work.root / "portfolios" / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("edited", "old", "new", "linked", "judged"),
    [
        ("u3", "Item 1", "Item one", {"u3"}, 1),
        ("u3", "budget: 100", "budget: 900", {"u3"}, 1),
        ("u0", "budget: 100", "budget: 900", {"u0"}, 1),
        ("u3", "outcome_owner: p3", "outcome_owner: p4", {"u3"}, 1),
        ("u3", "- id: U3-1", "- depends_on: [U2-1]\n  id: U3-1", {"u2", "u3"}, 2),
        ("u3", "U3-2", "U4-2", {"u3", "u4"}, 2),
    ],
)
def test_only_what_is_tied_to_a_changed_file_is_linked_again(
    work: Work,
    capsys: pytest.CaptureFixture[str],
    edited: str,
    old: str,
    new: str,
    linked: set[str],
    judged: int,
) -> None:
    loosen(work)
    work.of("check")
    work.edit(f"{edited}.yaml", old, new)
    capsys.readouterr()
    done = work.of("check", "--format", "json")
    assert work.linked == {f"{name}.yaml" for name in (*linked, "organisation")}
    assert (done["parsed"], done["linked"], done["judged"]) == (1, 1, judged)
    told = capsys.readouterr().out
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ITGOV_CACHE", "off")
        work.of("check", "--format", "json")
    assert work.linked == {f"{n}.yaml" for n in ("u0", "u1", "u2", "u3", "u4", "organisation")}
    assert capsys.readouterr().out == told


@pytest.mark.parametrize("new", ["- ident: U1-0", "- id: \u04281-0"])
def test_what_is_odd_in_a_file_that_stays_makes_no_other_linked_again(
    work: Work, capsys: pytest.CaptureFixture[str], new: str
) -> None:
    loosen(work)
    work.edit("u1.yaml", "- id: U1-0", new)
    work.of("check")
    work.edit("u3.yaml", "Item 1", "Item one")
    capsys.readouterr()
    work.of("check", "--format", "json")
    assert work.linked == {"u3.yaml", "organisation.yaml"}
    told = capsys.readouterr().out
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ITGOV_CACHE", "off")
        work.of("check", "--format", "json")
    assert capsys.readouterr().out == told


def test_another_output_of_the_same_files_links_the_organisation_alone(work: Work) -> None:
    loosen(work)
    work.of("check")
    done = work.of("check", "--format", "json")
    assert work.linked == {"organisation.yaml"}
    assert (done["parsed"], done["linked"], done["judged"]) == (0, 1, 0)


def test_people_of_whom_nothing_changed_are_not_judged_again(work: Work) -> None:
    """Nor where they serve nothing that costs anything: a sum of nothing is kept as it was."""
    loosen(work)
    work.edit("u4.yaml", "name: Unit 4", "name: Unit 4\n  relationship_manager: p0")
    work.of("check")
    work.edit("u3.yaml", "Item 1", "Item one")
    done = work.of("check")
    assert work.linked == {"u3.yaml", "organisation.yaml"}
    assert done["subjects"] == subjects(work.root / "portfolios" / "u3.yaml")


def test_a_person_whom_nobody_names_makes_no_unit_judged_again(work: Work) -> None:
    work.of("check")
    person = "{id: nova.quill, name: Nova Quill, email: nova.quill@example.org, side: business}"
    work.edit("organisation.yaml", "people:\n", f"people:\n  - {person}\n")
    done = work.of("check")
    assert (done["parsed"], done["linked"], done["judged"]) == (1, 1, 0)


def test_a_changed_rule_makes_no_file_parsed_again(work: Work) -> None:
    work.of("check")
    (work.root / "rules").mkdir()
    (work.root / "rules" / "own.yaml").write_text(
        "extends: standard\ndisable: [VAL-021]\n", encoding="utf-8"
    )
    done = work.of("check")
    assert (done["parsed"], done["linked"], done["judged"]) == (0, 1, UNITS)


def test_what_git_has_as_it_is_on_disk_is_not_parsed_again(work: Work) -> None:
    files = list((work.root / "portfolios").rglob("*.yaml"))
    run_git(work.root, "init", "-q", "-b", "main")
    run_git(work.root, "add", ".")
    run_git(work.root, "commit", "-q", "-m", "Start", date="2026-11-20")
    assert work.of("check")["parsed"] == len(files)
    assert work.opened[PROGRAM] > 0
    done = work.of("check", "--format", "json")
    assert (done["parsed"], done["judged"], work.opened[PROGRAM]) == (0, 0, 0)
    work.edit("retail.yaml", "title: ", "title: New ")
    done = work.of("check")
    assert (done["parsed"], done["judged"]) == (1, 1)
    assert work.opened[PROGRAM] <= 1, "git is asked for the committed file at most"
