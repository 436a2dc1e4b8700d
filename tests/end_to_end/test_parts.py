"""A portfolio that is checked part by part says what one says that is linked whole, byte for byte."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import itgov
from itgov.cli import check
from itgov.insight import flow_parts

from ..support.examples import many
from ..support.inline_executor import shared_inline
from ..support.loose_repository import LooseRepository
from ..support.random_repository import RandomRepository
from .test_kept_links import DAY, RULES, organisation, units
from .test_kept_results import answer

Data = dict[str, Any]
Files = dict[str, Data]
VERBS = (
    ("check", "--all"),
    ("check", "--format", "json"),
    ("check", "--format", "sarif"),
    ("check", "--statistics"),
)
WHOLE = "All was linked on this machine at once"


def in_parts(verb: tuple[str, ...], root: Path, day: str, size: int) -> tuple[int, str, str]:
    """Run a verb with an executor, files linked so many bytes at a time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(check, "shared", shared_inline)
        patched.setattr(flow_parts, "PART_BYTES", size)
        return answer(verb, root, day)


def told(error: str) -> str:
    """Return what a run said beside its answer, but why it linked all at once."""
    return "".join(line for line in error.splitlines(keepends=True) if WHOLE not in line)


@pytest.mark.parametrize("kind", [RandomRepository, LooseRepository])
def test_parts_say_what_the_whole_says(kind: type[RandomRepository]) -> None:
    parted: list[bool] = []

    @settings(max_examples=many(25))
    @given(st.integers(0, 2**32), st.sampled_from([0, 300, 2000]))
    def run(seed: int, size: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            repo = kind(Path(folder) / "repository", seed)
            done = []
            for number in range(4):
                bare = Path(folder) / f"bare{number}"  # with git only the whole tells
                shutil.copytree(repo.root, bare, ignore=shutil.ignore_patterns(".git"))
                verb = repo.random.choice(VERBS)
                code, out, error = answer(verb, bare, repo.day)
                code_of_parts, out_of_parts, error_of_parts = in_parts(verb, bare, repo.day, size)
                found = code_of_parts, out_of_parts, told(error_of_parts)
                assert found == (code, out, error), (seed, done, verb)
                parted.append(WHOLE not in error_of_parts and "broken" not in error)
                done.append(repo.edit())

    run()
    assert any(parted)


def nothing(files: Files) -> None:
    pass


def depends(files: Files) -> None:
    files["u0"]["investments"][0]["depends_on"] = ["U5-1"]
    files["u5"]["investments"][1]["stage"] = "stopped"


def circle(files: Files) -> None:
    for one, other in (("0", "2"), ("2", "4"), ("4", "0")):
        files[f"u{one}"]["investments"][0]["depends_on"] = [f"U{other}-0"]


def same_id(files: Files) -> None:
    files["u4"]["investments"][2]["id"] = "U1-0"


def same_unit(files: Files) -> None:
    files["u4"]["business_unit"] = "u0"


def earlier_id(files: Files) -> None:
    files["u3"]["investments"][0]["formerly"] = ["U1-1"]


def same_benefit(files: Files) -> None:
    for name in ("u0", "u3"):
        files[name]["investments"][0]["outcomes"] = [
            {"id": "o", "statement": "Better", "measure": "Days", "unit": "days", "value": 1000,
             "baseline": 5, "target": 1, "due": "2026-05-01"}
        ]  # fmt: skip


def evidence(files: Files) -> None:
    files["u2"]["investments"][0]["outcomes"] = [
        {"id": "o", "statement": "Better", "measure": "Days", "baseline": 5, "target": 1, "due": "2026-05-01",
         "results": [{"date": "2026-04-01", "actual": 2, "evidence": path} for path in
                     ("docs/a.pdf", "docs/none.pdf", "portfolios/u1.yaml")]}
    ]  # fmt: skip


def unknown_person(files: Files) -> None:
    files["u1"]["investments"][0]["outcome_owner"] = "p11"


def left(files: Files) -> None:
    files["organisation"]["people"][2]["left"] = "2026-01-31"
    for name in ("u1", "u4"):
        files[name]["engagements"] = [
            {"date": "2026-03-01", "by": "m0", "with": ["p2"], "kind": "review"}
        ]


def measured(files: Files) -> None:
    files["organisation"]["relationship_managers"][0]["measured_by"] = ["U3-0/o", "U4-0/o"]
    for name in ("u3", "u4"):
        files[name]["investments"][0]["outcomes"] = [{"id": "o", "statement": "Better " + name}]
        files[name]["investments"][0]["delivery_lead"] = "m0"
        files[name]["business_unit"]["relationship_manager"] = "m0"


def two_about_the_organisation(files: Files) -> None:
    files["u2-people"] = {"people": files["organisation"]["people"][3:]}
    del files["organisation"]["people"][3:]


def unknown_item(files: Files) -> None:
    files["u0"]["investments"][0]["depends_on"] = ["U5-9"]


def reads_sums(files: Files) -> None:
    files["rules"]["rules"].append(
        {"id": "ZZZ-002", "name": "sums", "summary": "Sums", "severity": "info", "for": "investment",
         "assert": "organisation.spend_total < 10.0", "message": "{organisation.spend_total}"}
    )  # fmt: skip


def letters(files: Files) -> None:
    files["u3"]["investments"][0]["id"] = "Ü3-0"


def no_organisation(files: Files) -> None:
    del files["organisation"]


def broken_value(files: Files) -> None:
    files["u3"]["investments"][0]["spend"] = [{"year": 2026, "budget": "a lot"}]


def lost_item(files: Files) -> None:
    files["u3"]["investments"].append("none")


def odd_name(files: Files) -> None:
    files["caf\udce9"] = files.pop("u3")
    del files["caf\udce9"]["investments"][0]["outcome_owner"]


def many_unknown(files: Files) -> None:
    """No name of the organisation or of a unit is so many that it alone is past the limit."""
    for person in files["organisation"]["relationship_managers"]:
        person["steps"] = [
            {
                "what": f"Step {n}",
                "due": "2026-01-01",
                "done": "2026-01-01",
                "confirmed_by": f"p{n}x",
            }
            for n in range(26)
        ]
    for n in range(6):
        for i in range(10):
            files[f"u{n}"]["investments"].append(
                {"id": f"V{n}-{i}", "title": f"More {n} {i}", "outcome_owner": f"p{i}y"}
            )


def across(files: Files) -> None:
    """Names across parts are many, and all of them somebody's."""
    for n in range(6):
        for i in range(20):
            files[f"u{n}"]["investments"].append(
                {"id": f"V{n}-{i}", "title": f"More {n} {i}", "outcome_owner": f"p{n}",
                 "depends_on": [f"U{(n + 3) % 6}-0"]}
            )  # fmt: skip


def kinds_come_late(files: Files) -> None:
    files["u0"]["engagements"] = [
        {"date": "2026-03-01", "by": "m0", "with": ["p2"], "kind": "review"}
    ]
    files["u2"]["engagements"] = [
        {"date": "2026-03-01", "by": "m0", "with": ["p2"], "kind": "review",
         "satisfaction": {"score": 4, "by": "p2"}}
    ]  # fmt: skip
    same_benefit(files)


APART = [nothing, depends, circle, same_id, same_unit, earlier_id, same_benefit, evidence, unknown_person,
         left, measured, two_about_the_organisation, broken_value,
         across, kinds_come_late]  # fmt: skip
AT_ONCE = [unknown_item, reads_sums, letters, no_organisation, lost_item, odd_name, many_unknown]


def written(root: Path, change: Callable[[Files], None]) -> Path:
    files: Files = units()
    files["organisation"] = organisation(
        {"person": "m0", "serves": ["u0", "u5"]}, {"person": "m1", "serves": ["u3"]}
    )
    files["rules"] = {**RULES, "rules": list(RULES["rules"])}
    change(files)
    (root / "portfolios").mkdir()
    (root / "rules").mkdir()
    (root / "docs").mkdir()
    (root / "docs" / "a.pdf").write_bytes(b"evidence")
    for name, data in files.items():
        path = root / ("rules/own.yaml" if name == "rules" else f"portfolios/{name}.yaml")
        path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return root


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize("change", [*APART, *AT_ONCE], ids=lambda change: change.__name__)
def test_what_ties_units_of_several_parts(
    change: Callable[[Files], None], verb: tuple[str, ...], tmp_path: Path
) -> None:
    root = written(tmp_path, change)
    code, out, error = answer(verb, root, DAY)
    for size in (0, 600):
        found = in_parts(verb, root, DAY, size)
        assert (found[0], found[1], told(found[2])) == (code, out, error)
        assert (WHOLE in found[2]) is (change in AT_ONCE)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_the_sample_in_parts(verb: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(Path(itgov.__file__).parents[1] / "portfolios", tmp_path / "portfolios")
    assert in_parts(verb, tmp_path, DAY, 1_000) == answer(verb, tmp_path, DAY)
