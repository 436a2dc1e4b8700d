"""What is kept from run to run changes no answer: over random edits, a kept run equals a cold one.

`HYPOTHESIS_PROFILE=search` looks for a difference among thousands of repositories instead of a few.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.cli.main import main
from itgov.files.cache import _program
from itgov.insight import flow

from ..support.examples import many
from ..support.loose_repository import LooseRepository
from ..support.random_repository import RandomRepository

VERBS = (
    ("check", "--format", "json"),
    ("check", "--all"),
    ("check", "--since", "HEAD", "--format", "json"),
    ("health", "--format", "json"),
    ("value", "--format", "json"),
    ("managers", "--format", "json"),
)


def run_check(root: Path, day: str) -> tuple[int, str, str]:
    """Run a check as if this process had not run anything yet."""
    return answer(VERBS[0], root, day)


def answer(verb: tuple[str, ...], root: Path, day: str) -> tuple[int, str, str]:
    """Run a verb as if this process had not run anything yet."""
    out, err = io.StringIO(), io.StringIO()
    _program.cache_clear()
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(out):
        patched.setattr("itgov.cli.terminal._said", [])
        with contextlib.redirect_stderr(err):
            code = main([verb[0], str(root), *verb[1:], "--as-of", day])
    return code, out.getvalue(), err.getvalue()


@contextlib.contextmanager
def cache_in(folder: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ITGOV_CACHE", "on")
        patched.setenv("XDG_CACHE_HOME", folder)
        patched.setattr(flow, "WORTH_KEEPING", 0)
        yield


@settings(max_examples=many(30))
@given(st.integers(0, 2**32))
def test_a_kept_run_equals_a_cold_one(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = RandomRepository(Path(folder) / "repository", seed)
        done = []
        for _ in range(6):
            for verb in repo.random.sample(VERBS, 3):
                cold = answer(verb, repo.root, repo.day)
                with cache_in(f"{folder}/cache"):
                    kept = [answer(verb, repo.root, repo.day) for _ in range(2)]
                assert kept == [cold, cold], (seed, done, verb)
            done.append(repo.edit())
    assert os.environ["ITGOV_CACHE"] == "off"


@settings(max_examples=many(15))
@given(st.integers(0, 2**32))
def test_what_is_not_linked_again_is_as_it_was(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = LooseRepository(Path(folder) / "repository", seed)
        done = []
        for _ in range(8):
            verb = repo.random.choice(VERBS[:2])
            cold = answer(verb, repo.root, repo.day)
            with cache_in(f"{folder}/cache"):
                kept = answer(verb, repo.root, repo.day)
            assert kept == cold, (seed, done, verb)
            done.append(repo.edit())
