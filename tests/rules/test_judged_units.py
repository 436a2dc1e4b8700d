"""Judging again: whatever was changed since, the answer is that of judging everything."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.link import link
from itgov.files.linked import Linked
from itgov.files.load import read_files
from itgov.files.sources import FileTree, RawFile
from itgov.rules.book import load_rules
from itgov.rules.caching_judge import CachingJudge
from itgov.rules.catalogue import RuleBook
from itgov.rules.judge import judge

from ..support.examples import many

TODAY = datetime.date(2026, 11, 23)

OWN_RULES = """\
rules:
  - id: ZZZ-001
    name: not-too-much
    summary: The organisation's spend stays within bounds
    severity: warning
    for: investment
    assert: organisation.spend_total < 250.0 || investment.spend_total < 1.0
    message: "{investment.title}: the whole spends {organisation.spend_total}"
  - id: ZZZ-002
    name: manager-serves-few
    summary: A relationship manager does not serve too many
    severity: info
    for: business_unit
    when: business_unit.relationship_manager in relationship_managers
    assert: size(relationship_managers[business_unit.relationship_manager].business_units) < 2
    message: "{people[business_unit.relationship_manager].name} serves several"
  - id: ZZZ-003
    name: somebody-is-there
    summary: Few people
    severity: info
    for: investment
    assert: people.size() < 4
    message: many people
"""


class Memory(FileTree):
    """Files that are nowhere on disk."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = [RawFile(path, text.encode()) for path, text in sorted(files.items())]

    def files(self, folder: str) -> list[RawFile]:
        return [f for f in self._files if f.path.startswith(f"{folder}/")]


STANDARD = load_rules(Memory({}))
OWN = load_rules(Memory({"rules/own.yaml": f"extends: standard\n{OWN_RULES}"}), check=False)
assert not OWN.broken


def linked(files: dict[str, str], today: datetime.date = TODAY) -> Linked:
    return link(read_files(Memory(files).files("portfolios")), today)


PEOPLE = ("ann", "tom", "liz")
names = st.sampled_from([*PEOPLE, "TBD", "nobody.known"])
days = st.sampled_from(["2026-10-01", "2026-12-01", "2027-06-30"])


@st.composite
def organisations(draw: st.DrawFn) -> str:
    lines = ["organisation: {id: o, name: O}", "people:"]
    for person in draw(st.lists(st.sampled_from([*PEOPLE, "max"]), unique=True, min_size=1)):
        side = draw(st.sampled_from(["business", "it"]))
        left = draw(st.sampled_from(["", ", left: 2026-09-30", ", left: 2027-09-30"]))
        lines.append(f"  - {{id: {person}, name: {person.upper()}, side: {side}{left}}}")
    lines.append("relationship_managers:")
    lines.append(f"  - {{person: liz, serves: [{draw(st.sampled_from(['a', 'b', 'a, b']))}]}}")
    return "\n".join(lines) + "\n"


@st.composite
def units(draw: st.DrawFn, name: str) -> str:
    head = "# a line above\n" * draw(st.integers(0, 2))
    lines = [f"{head}business_unit: {{id: {name}, relationship_manager: {draw(names)}}}"]
    lines.append("investments:")
    for number in range(draw(st.integers(1, 3))):
        spend = draw(st.sampled_from([0, 100, 300]))
        waiver = ""
        if draw(st.booleans()):
            waiver = (
                f", waivers: [{{rule: OWN-003, reason: r, until: {draw(days)}, "
                f"approved_by: {draw(names)}}}]"
            )
        lines.append(
            f"  - {{id: {name}-{number}, title: T, outcome_owner: {draw(names)}, "
            f"relationship_manager: {draw(names)}, next_review: {draw(days)}, "
            f"spend: [{{year: 2026, budget: {spend}}}]{waiver}}}"
        )
    return "\n".join(lines) + "\n"


@st.composite
def portfolios(draw: st.DrawFn) -> dict[str, str]:
    return {
        "portfolios/organisation.yaml": draw(organisations()),
        "portfolios/a.yaml": draw(units("a")),
        "portfolios/b.yaml": draw(units("b")),
        "portfolios/c.yaml": draw(st.sampled_from(["a"]).flatmap(lambda _: units("c"))),
    }


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[dict[str, str], datetime.date, RuleBook]]:
    """States of a portfolio, each but the first with one thing changed."""
    files = draw(portfolios())
    today, book = TODAY, draw(st.sampled_from([STANDARD, OWN]))
    found = [(files, today, book)]
    for _ in range(draw(st.integers(1, 3))):
        changed = draw(st.sampled_from([*files, "day", "rules", "renamed"]))
        if changed == "day":
            today += datetime.timedelta(days=draw(st.integers(1, 60)))
        elif changed == "rules":
            book = OWN if book is STANDARD else STANDARD
        elif changed == "renamed":
            files = {path.replace("/c.", "/cc."): text for path, text in files.items()}
        else:
            fresh = draw(organisations() if "organisation" in changed else units(changed[11]))
            files = {**files, changed: fresh}
        found.append((files, today, book))
    return found


@settings(max_examples=many(25))
@given(histories())
def test_every_state_is_judged_as_if_it_were_the_first(history) -> None:
    again = CachingJudge()
    for files, today, book in history:
        state = linked(files, today)
        assert again.judge(state, book) == judge(state, book, workers=False)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ITGOV_CACHE", "on")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "itgov" / "judged"


FILES = {
    "portfolios/organisation.yaml": "organisation: {id: o}\npeople: [{id: ann, name: A, side: it}]\n",
    "portfolios/a.yaml": "business_unit: {id: a}\ninvestments: [{id: A-1, title: T}]\n",
    "portfolios/b.yaml": "business_unit: {id: b}\ninvestments: [{id: B-1, title: T}]\n",
}


def test_only_the_unit_that_changed_is_judged_again() -> None:
    again = CachingJudge()
    again.judge(linked(FILES), STANDARD)
    assert again.judged == 2
    edited = {**FILES, "portfolios/a.yaml": FILES["portfolios/a.yaml"].replace("T}", "U}")}
    again.judge(linked(edited), STANDARD)
    assert again.judged == 3


def test_a_later_run_judges_nothing_that_an_earlier_one_has(cache: Path) -> None:
    first = CachingJudge()
    found = first.judge(linked(FILES), STANDARD)
    first.save()
    second = CachingJudge()
    assert second.judge(linked(FILES), STANDARD) == found
    assert second.judged == 0


JUDGED = """
import datetime, sys
from pathlib import Path
from itgov.tui.background.reading import Loader

loader = Loader(Path(sys.argv[1]), datetime.date(2026, 11, 23))
loader.load(lambda *_: None)
loader.settle()
print(loader._memory.judged.judged)
"""


def test_a_process_that_orders_its_sets_otherwise_finds_it_too(cache: Path, tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "portfolios"
    shutil.copytree(sample, tmp_path / "files" / "portfolios")
    judged = [
        subprocess.run(
            [sys.executable, "-c", JUDGED, str(tmp_path / "files")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1", "2", "3")
    ]  # fmt: skip
    assert int(judged[0]) > 0
    assert judged[1:] == ["0\n"] * 3


def test_what_was_kept_and_then_damaged_is_judged_anew(cache: Path) -> None:
    first = CachingJudge()
    found = first.judge(linked(FILES), STANDARD)
    first.save()
    for kept in cache.iterdir():
        kept.write_bytes(kept.read_bytes()[:-3])
    second = CachingJudge()
    assert second.judge(linked(FILES), STANDARD) == found
    assert second.judged == 2
