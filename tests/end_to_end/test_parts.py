"""A portfolio that is checked part by part says what one says that is linked whole, byte for byte."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

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
from ..support.part_cases import APART, AT_ONCE, FROM_UNITS, Files
from ..support.random_repository import RandomRepository
from .test_kept_links import DAY, RULES, organisation, units
from .test_kept_results import answer

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


def written(root: Path, change: Callable[[Files], None]) -> Path:
    files: Files = units()
    files["organisation"] = organisation(
        {"person": "m0", "serves": ["u0", "u5"]}, {"person": "m1", "serves": ["u3"]}
    )
    files["rules"] = {**RULES, "rules": [*RULES["rules"], *FROM_UNITS]}
    change(files)
    (root / "portfolios").mkdir()
    (root / "rules").mkdir()
    (root / "docs").mkdir()
    (root / "docs" / "a.pdf").write_bytes(b"evidence")
    files["rules/own"] = files.pop("rules")
    for name, data in files.items():
        path = root / (f"{name}.yaml" if "/" in name else f"portfolios/{name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        path.write_text(data if isinstance(data, str) else text, encoding="utf-8")
    return root


@pytest.mark.parametrize("change", [*APART, *AT_ONCE], ids=lambda change: change.__name__)
def test_what_ties_units_of_several_parts(change: Callable[[Files], None], tmp_path: Path) -> None:
    root = written(tmp_path, change)
    for verb, size in ((VERBS[0], 0), (VERBS[1], 0), (VERBS[1], 600), (VERBS[3], 600)):
        code, out, error = answer(verb, root, DAY)
        found = in_parts(verb, root, DAY, size)
        assert (found[0], found[1], told(found[2])) == (code, out, error)
        assert (WHOLE in found[2]) is (change in AT_ONCE)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_the_sample_in_parts(verb: tuple[str, ...], tmp_path: Path) -> None:
    shutil.copytree(Path(itgov.__file__).parents[1] / "portfolios", tmp_path / "portfolios")
    assert in_parts(verb, tmp_path, DAY, 1_000) == answer(verb, tmp_path, DAY)
