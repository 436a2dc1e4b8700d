"""Processes that inherit nothing, as macOS and Windows start them, do what forked ones do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import itgov
from itgov.files import parallel, worker_processes
from itgov.files.parallel import share
from itgov.files.shared_work import Form, take_notes
from itgov.model.nobody import is_named, use_own_words

METHODS = ["spawn", "forkserver"]

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="the one method of Windows is spawn"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


@pytest.fixture(params=METHODS)
def method(request, monkeypatch):
    monkeypatch.setattr(parallel, "may_fork", lambda: False)
    monkeypatch.setattr(worker_processes, "_start_method", lambda: request.param)
    monkeypatch.setenv("ITGOV_JOBS", "2")
    monkeypatch.setattr(worker_processes, "_afresh", afresh := [])
    take_notes()
    yield request.param
    take_notes()
    for pool in afresh:
        pool.kill()


def names(part, tick):
    return [(os.getpid(), is_named(name)) for name in part]


def dying(part, tick):
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return [(0, name == "Amara") for name in part]


def encode(found):
    return repr(found).encode()


FORM = Form(encode, eval)


def shared(work):
    names = ["Amara", "Zu vergeben"] * 5
    return [one for part in share(work, names, [1] * 10, 1, form=FORM) for one in part]


def interrupted(part, tick):
    if multiprocessing.parent_process() is None:
        raise KeyboardInterrupt
    time.sleep(60)


def test_an_interrupt_leaves_no_process_and_no_thread_that_python_would_trip_over(method):
    before = {*multiprocessing.active_children(), *threading.enumerate()}
    with pytest.raises(KeyboardInterrupt):
        shared(interrupted)
    assert {*multiprocessing.active_children(), *threading.enumerate()} <= before


def test_they_know_the_words_of_this_process_and_serve_twice(method):
    use_own_words(frozenset(["zu vergeben"]))
    try:
        first, second = shared(names), shared(names)
    finally:
        use_own_words(frozenset())
    assert [named for _, named in first] == [named for _, named in second] == [True, False] * 5
    assert len({pid for pid, _ in [*first, *second]}) == 2, "the same process did both"
    assert take_notes() == []


def test_the_rest_is_done_in_this_process_and_comes_last(method):
    *parts, rest = share(names, ["Amara"] * 9, [1] * 9, 1, form=FORM, rest=lambda: [os.getpid()])
    assert os.getpid() in {pid for pid, _ in parts[0]}
    assert os.getpid() not in {pid for pid, _ in parts[1]}
    assert rest == [os.getpid()]


def test_the_work_of_one_that_dies_is_done_here_and_told(method):
    assert [yes for _, yes in shared(dying)] == [True, False] * 5
    assert take_notes() == [
        "A worker process ended before its work was done: the work was done again."
    ]
    assert not worker_processes._afresh


PROGRAM = """
import os, signal, sys, time
from itgov.files import parallel, worker_processes
from itgov.files.shared_work import Form
def work(part, tick):
    time.sleep(float(sys.argv[2]) if part[0] == 0 else 60)
    os.killpg(0, signal.SIGINT)
    time.sleep(60)
def encode(found):
    return b""
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parallel.may_fork = lambda: False
    worker_processes._start_method = lambda: sys.argv[1]
    try:
        parallel.share(work, [0, 1, 2], [1, 1, 1], 0.1, form=Form(encode, bytes))
    except KeyboardInterrupt:
        print("interrupted")
"""


@pytest.mark.parametrize("after", ["0", "0.7"], ids=["while they start", "at work"])
@pytest.mark.parametrize("kind", METHODS)
def test_an_interrupt_ends_them_without_a_word(tmp_path: Path, kind: str, after: str) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py", kind, after],
        env={**os.environ, "ITGOV_JOBS": "3", "PYTHONPATH": str(Path(itgov.__file__).parents[1])},
        capture_output=True,
        start_new_session=True,
        timeout=50,
        check=False,
    )
    # the pipes end once every process that could write to them has
    assert (done.returncode, done.stdout, done.stderr) == (0, b"interrupted\n", b"")


ON_A_SCREEN = """
import os, sys
from itgov.files import worker_processes
from itgov.files.parallel import share
from itgov.files.shared_work import Form

class Captured:  # as what stands for standard error while a screen is shown
    def fileno(self):
        return -1
    def write(self, text):
        pass
    def flush(self):
        pass

def processes(part, tick):
    return [os.getpid() for _ in part]

def encode(found):
    return repr(found).encode()

if __name__ == "__main__":
    sys.stderr = captured = Captured()
    from itgov.files import parallel
    parallel.may_fork = lambda: False
    worker_processes._start_method = lambda: sys.argv[1]
    form = Form(encode, eval)
    done = [p for some in share(processes, [1, 2], [9, 9], 1, form=form) for p in some]
    assert sys.stderr is captured
    print(len(set(done)), flush=True)
"""


@pytest.mark.parametrize("kind", METHODS)
def test_they_start_while_a_screen_is_shown(tmp_path: Path, kind: str) -> None:
    (tmp_path / "program.py").write_text(ON_A_SCREEN, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py", kind],
        env={**os.environ, "ITGOV_JOBS": "2", "PYTHONPATH": str(Path(itgov.__file__).parents[1])},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"2\n", b"")


@pytest.mark.parametrize("kind", METHODS)
def test_check_prints_the_same_bytes(tmp_path: Path, kind: str) -> None:
    portfolios = tmp_path / "portfolios"
    portfolios.mkdir()
    (tmp_path / "itgov.yaml").write_text("placeholders: [Zu vergeben]\n", encoding="utf-8")
    (portfolios / "organisation.yaml").write_text(
        "organisation: {id: o, name: O}\npeople:\n  - {id: zu vergeben, name: Zu vergeben, side: business}\n",
        encoding="utf-8",
    )
    for unit in "abc":
        items = "".join(
            f"  - {{id: {unit}{n}, title: T, outcome_owner: zu vergeben}}\n" for n in range(3)
        )
        text = f"business_unit: {{id: {unit}, name: U}}\ninvestments:\n{items}"
        (portfolios / f"{unit}.yaml").write_text(text, encoding="utf-8")
    program = f"""
import sys
from itgov.files import load, parallel, worker_processes
from itgov.rules import judge
from itgov.cli.main import main
kind, *arguments = sys.argv[1:]
load.WORTH_SHARING = judge.WORTH_SHARING = parallel._AFRESH = 1
parallel.may_fork = lambda: False
worker_processes._start_method = lambda: kind
code = main(arguments)
assert len(worker_processes._afresh) == (kind in {METHODS})
sys.exit(code)
"""

    def checked(*jobs: str) -> tuple[int, bytes, bytes]:
        done = subprocess.run(
            [sys.executable, "-c", program, kind if jobs else "none", "check", str(tmp_path),
             "--format", "json", "--as-of", "2026-11-23", *(jobs or ("--jobs", "1"))],
            env={**os.environ, "ITGOV_CACHE": "off", "PYTHONPATH": str(Path(itgov.__file__).parents[1])},
            capture_output=True,
            check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    alone = checked()
    assert alone[0] == 1
    assert b"OWN-001" in alone[1]
    assert checked("--jobs", "3") == alone
