"""Work shared among processes gives what it gives in one."""

from __future__ import annotations

import contextlib
import datetime
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import resource_tracker
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files import load
from itgov.files.parallel import cores, share
from itgov.files.shared_work import Form, silent, take_notes
from itgov.files.sources import RawFile
from itgov.files.worker_processes import in_forks

from ..support.examples import many

AS_OF = datetime.date(2026, 11, 23)

pytestmark = [
    pytest.mark.skipif(
        not hasattr(os, "fork"), reason="there is no fork here: all work is done in one process"
    ),
    # pytest-xdist runs threads; the children here only compute
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


def double(part, tick):
    tick(0.5)
    return [2 * n for n in part]


def shared(monkeypatch, jobs, work=double, items=tuple(range(20)), weights=None, worth=1):
    monkeypatch.setenv("ITGOV_JOBS", str(jobs))
    parts = share(work, list(items), list(weights or [1] * len(items)), worth)
    return [r for part in parts for r in part]


@pytest.mark.parametrize("jobs", [1, 2, 3, 5, 64])
def test_any_number_of_workers_gives_the_same(monkeypatch, jobs):
    assert shared(monkeypatch, jobs) == [2 * n for n in range(20)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_rest_is_done_in_this_process_and_comes_last(monkeypatch, jobs):
    monkeypatch.setenv("ITGOV_JOBS", str(jobs))
    *parts, rest = share(double, list(range(6)), [1] * 6, 1, rest=lambda: [os.getpid()])
    assert [r for part in parts for r in part] == [2 * n for n in range(6)]
    assert rest == [os.getpid()]


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("items", [(), (1,), (1, 2)])
def test_fewer_items_than_workers(monkeypatch, jobs, items):
    assert shared(monkeypatch, jobs, items=items) == [2 * n for n in items]


@settings(max_examples=many(50))
@given(st.lists(st.integers(0, 1000), max_size=12), st.integers(1, 5))
def test_any_weights_cut_into_slices_that_lose_nothing(weights, jobs):
    with pytest.MonkeyPatch.context() as patch:
        items = tuple(range(len(weights)))
        assert shared(patch, jobs, items=items, weights=weights, worth=1) == [2 * n for n in items]


def test_little_work_is_done_here(monkeypatch):
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    assert shared(monkeypatch, 5, worth=21) == [2 * n for n in range(20)]


def test_without_fork_the_work_is_done_here(monkeypatch):
    monkeypatch.delattr(os, "fork")
    assert shared(monkeypatch, 5) == [2 * n for n in range(20)]


def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch):
    def refuse():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    assert shared(monkeypatch, 3) == [2 * n for n in range(20)]


def test_where_only_some_processes_can_be_started_the_work_is_done_here(monkeypatch):
    real, started = os.fork, []

    def refuse_the_second():
        started.append(1)
        if len(started) > 1:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return real()

    monkeypatch.setattr(os, "fork", refuse_the_second)
    assert shared(monkeypatch, 4) == [2 * n for n in range(20)]
    assert not multiprocessing.active_children()


def test_where_the_system_has_no_semaphores_the_work_is_done_here(monkeypatch):
    def refuse(*_, **__):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("multiprocessing.synchronize.SemLock.__init__", refuse)
    assert shared(monkeypatch, 3) == [2 * n for n in range(20)]


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_that_is_handed_in_does_the_work_in_order(kind):
    items, told = range(50), []
    context = (
        {"mp_context": multiprocessing.get_context("fork")} if kind != ThreadPoolExecutor else {}
    )
    with kind(2, **context) as executor:
        files = [RawFile(f"portfolios/u{n}.yaml", b"business_unit: {id: u%d}" % n) for n in items]
        parts = share(load._read_slice, files, [1] * 50, 10, told.append, executor, load.FILES)
    assert len(parts) > 1
    assert [f.content for part in parts for f in part] == [load.read_file(f).content for f in files]
    assert told == sorted(told)


def test_what_an_executor_cannot_do_is_done_here():
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    form = Form(msgspec.msgpack.encode, msgspec.msgpack.decode)
    parts = share(double, list(range(20)), [1] * 20, 1, lambda done: None, executor, form)
    assert [n for part in parts for n in part] == [2 * n for n in range(20)]


@pytest.mark.parametrize("after", [0, 0.005, 0.02, 0.5], ids=lambda s: f"after {s} s")
def test_an_interrupt_ends_workers_without_a_word(after):
    program = """
import os, signal, sys, time
from itgov.files.parallel import share
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
def work(part, tick):
    if part[0] == 0:
        time.sleep(float(sys.argv[1]))
        os.killpg(0, signal.SIGINT)
    time.sleep(60)
try:
    share(work, [0, 1, 2], [1, 1, 1], 1)
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(after)],
        env={**os.environ, "ITGOV_JOBS": "3", "PYTHONPATH": str(Path(load.__file__).parents[2])},
        capture_output=True,
        start_new_session=True,
        timeout=50,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"interrupted\n", b"")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("busy", [True, False], ids=["at work", "waiting for more"])
def test_workers_end_when_the_command_is_killed(number, busy):
    program = f"""
import os, time
from itgov.files.parallel import share
def work(part, tick):
    os.write(1, b".")
    if part[0] == 0 or {busy}:
        time.sleep(600)
share(work, [0, 1, 2], [1, 1, 1], 1)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "ITGOV_JOBS": "3", "PYTHONPATH": str(Path(load.__file__).parents[2])},
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as command:
        try:
            assert command.stdout is not None
            assert command.stdout.read(3) == b"..."  # all three are at work
            command.send_signal(number)
            # the pipe ends once every process that writes to it has
            assert command.communicate(timeout=50) == (b"", None)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(command.pid, signal.SIGKILL)


@pytest.mark.parametrize("status", [1, 0, 3])
@pytest.mark.parametrize("jobs", [2, 5])
def test_the_work_of_a_worker_that_dies_is_done_here(monkeypatch, jobs, status):
    parent = os.getpid()

    def die(part, tick):
        if os.getpid() != parent:
            os._exit(status)
        return double(part, tick)

    assert shared(monkeypatch, jobs, die) == [2 * n for n in range(20)]


def test_the_work_of_a_worker_that_is_killed_is_done_here(monkeypatch):
    parent = os.getpid()

    def die(part, tick):
        if os.getpid() != parent:
            os.kill(os.getpid(), 9)
        return double(part, tick)

    take_notes()
    assert shared(monkeypatch, 3, die) == [2 * n for n in range(20)]
    assert take_notes() == [
        "A worker process ended before its work was done: the work was done again."
    ]


PACKED = Form(msgspec.msgpack.encode, msgspec.msgpack.decode)


def long_texts(part, tick):
    return ["x" * 300_000 for _ in part]


def test_the_work_of_a_worker_that_is_killed_while_it_sends_is_done_here():
    """What it had sent of a large result is no result, and nobody waits for the rest."""

    parent = os.getpid()

    def busy_here(part, tick):
        while os.getpid() == parent and time.monotonic() < end:
            pass  # what comes by a pipe is read slowly meanwhile
        return double(part, tick)

    def dying(found):
        data = msgspec.msgpack.encode([*found, "x" * 200_000_000])
        threading.Timer(0.6, os.kill, (os.getpid(), 9)).start()
        return data

    form = Form(dying, lambda data: msgspec.msgpack.decode(data)[:-1])
    end = time.monotonic() + 1.5
    assert in_forks(busy_here, [[1], [2, 3]], silent, form, None) == [[2], [4, 6]]


def test_results_come_by_files_and_leave_none_behind(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = []

    def seen(data):
        found.extend(tmp_path.glob("itgov-*/*"))
        return msgspec.msgpack.decode(data)

    form = Form(msgspec.msgpack.encode, seen)
    assert in_forks(long_texts, [[1], [2, 3]], silent, form, None)[1] == ["x" * 300_000] * 2
    assert len(found) == 1
    assert list(tmp_path.iterdir()) == []


def test_where_no_file_can_be_written_results_come_all_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert in_forks(long_texts, [[1], [2, 3]], silent, PACKED, None)[1] == ["x" * 300_000] * 2


def test_the_work_of_a_worker_that_raises_is_done_here(monkeypatch, capfd):
    parent = os.getpid()

    def fail(part, tick):
        if os.getpid() != parent:
            raise RuntimeError("only there")
        return double(part, tick)

    take_notes()
    assert shared(monkeypatch, 3, fail) == [2 * n for n in range(20)]
    assert capfd.readouterr() == ("", "")
    assert take_notes() == ["A worker failed (RuntimeError): its work was done again."]


def test_a_result_that_cannot_be_sent_is_made_here(monkeypatch):
    parent = os.getpid()

    def odd(part, tick):
        return [2 * n for n in part] if os.getpid() == parent else (lambda: None)

    assert shared(monkeypatch, 3, odd) == [2 * n for n in range(20)]


def test_large_results_come_through(monkeypatch):
    def large(part, tick):
        return ["x" * 300_000 for _ in part]

    assert shared(monkeypatch, 4, large) == ["x" * 300_000] * 20


def test_no_worker_is_left_behind(monkeypatch):
    shared(monkeypatch, 5)
    resource_tracker._resource_tracker._stop()  # Python's own, which runs on beside the workers
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("setting", ["", "0", "-1", "many", "1.5", " ", "²", "000"])
def test_a_setting_that_makes_no_sense_is_passed_over_and_said(monkeypatch, setting):
    monkeypatch.setenv("ITGOV_JOBS", setting)
    take_notes()
    assert 1 <= cores() <= 1024
    assert take_notes() == (
        []
        if setting == ""
        else [
            f"ITGOV_JOBS: `{setting}` is not a number of processes (use 1 to 64): one for each core."
        ]
    )


@pytest.mark.parametrize("setting", ["65", "128", "9" * 5_000])
def test_no_more_processes_than_may_run_are_used_and_that_is_said(monkeypatch, setting):
    monkeypatch.setenv("ITGOV_JOBS", setting)
    take_notes()
    assert cores() == 64
    assert take_notes() == [f"ITGOV_JOBS: at most 64 processes are used, not `{setting}`."]


def test_no_more_processes_than_may_run_are_used_for_many_cores(monkeypatch):
    monkeypatch.delenv("ITGOV_JOBS", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(128), raising=False)
    assert cores() == 64
