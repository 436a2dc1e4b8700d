"""What a start may import: a contract on modules.  The time itself is held by `benchmarks/`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from itgov.cli.runner import run

from .support.git import run_git

TREE = Path(__file__).resolve().parent.parent

# Each of these costs time or memory, and `itgov check` in its plain form has no use for it.
NEVER_FOR_CHECK = {
    "asyncio",
    "concurrent.futures",
    "csv",
    "dask",
    "difflib",
    "distributed",
    "email",
    "filelock",
    "fsspec",
    "http",
    "hypothesis",
    "jsonschema",
    "jsonschema_rs",
    "logging",
    "multiprocessing",
    "openpyxl",
    "pygments",
    "pytest",
    "rich",
    "sqlite3",
    "ssl",
    "subprocess",
    "tabulate",
    "textual",
    "tinydb",
    "tomllib",
    "watchfiles",
    "xml",
    "zipfile",
    "itgov.cli.imports",
    "itgov.cli.init",
    "itgov.cli.rules",
    "itgov.cli.sheet",
    "itgov.files.changes",
    "itgov.files.cluster",
    "itgov.files.git",
    "itgov.files.worker_processes",
    "itgov.importing",
    "itgov.model.minutes",
    "itgov.review",
    "itgov.report.gitlab",
    "itgov.report.junit",
    "itgov.report.sarif",
    "itgov.rules.check",
    "itgov.sheets",
}


NEVER_FOR_A_PLAIN_CHECK = NEVER_FOR_CHECK | {
    "_hashlib",
    "ast",
    "copy",
    "itgov.files.convert_unfit",
    "itgov.files.schema_errors",
    "bz2",
    "dis",
    "inspect",  # what `typing_extensions` begins with, which itself is only looked for
    "lzma",
    "shutil",
    "signal",
    "tempfile",
    "threading",
    "tokenize",
    "itgov.model.minutes",
    "itgov.model.scenario",
    "itgov.insight.health",
    "itgov.insight.value",
}


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """The sample as a repository of its own, governed by the standard rules."""
    shutil.copytree(TREE / "portfolios", tmp_path / "portfolios")
    return tmp_path


def imported_by(*arguments: object, **environment: str) -> set[str]:
    """Run itgov in a process of its own and return all modules that it imported."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "itgov", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(TREE), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert done.stdout or "--output" in arguments, "nothing was said, so nothing was measured"
    found = re.findall(r"(?m)^import time:[^|]*\|[^|]*\| +(\S+)$", done.stderr)
    assert "itgov.cli.main" in found
    return set(found)


def under(modules: set[str], unwanted: set[str]) -> set[str]:
    return {m for m in modules if any(m == u or m.startswith(u + ".") for u in unwanted)}


def test_check_imports_nothing_that_it_does_not_use(sample: Path) -> None:
    modules = imported_by("check", sample)
    assert {"yaml", "itgov.rules.judge"} <= modules, "this was no real check"
    assert under(modules, NEVER_FOR_CHECK) == set()


WORKS_AFTERWARDS = """
import sys
from itgov.cli.lean_imports import import_msgspec
import_msgspec()
import msgspec
assert not {"typing_extensions", "inspect"} & sys.modules.keys()
import typing_extensions
class Given(msgspec.Struct):
    days: typing_extensions.Annotated[list[int], msgspec.Meta(max_length=2)]
print(msgspec.json.decode('{"days": [1]}', type=Given).days)
"""


def test_msgspec_works_whole_where_it_is_imported_in_part() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WORKS_AFTERWARDS], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[1]\n", "")


INTERRUPTED = """
import sys
from itgov.cli.lean_imports import import_msgspec
class Interrupts:
    once = True
    def find_spec(self, name, *_):
        if name == "_datetime" and self.once:
            self.once = False
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupts())
try:
    import_msgspec()
except KeyboardInterrupt:
    print("interrupted")
"""


def test_an_interrupt_is_not_lost_where_a_library_would_drop_it() -> None:
    """It would go on without dates, and crash at the first type that has one."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("interrupted\n", "")


def test_once_the_standard_pack_is_known_neither_it_is_parsed_nor_cel_started(
    sample: Path, tmp_path: Path
) -> None:
    """It is kept as bytecode is, also where no result is kept."""
    environment = {
        "ITGOV_CACHE": "off",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode"),
    }
    cel = {"cel_expr_python", "google"}
    assert under(imported_by("check", sample, **environment), cel)
    again = imported_by("check", sample, **environment)
    assert "itgov.rules.judge" in again, "this was no real check"
    unwanted = cel | NEVER_FOR_A_PLAIN_CHECK | {"itgov.rules.write_pack"}
    assert under(again, unwanted) == set()


def test_a_format_imports_no_other(sample: Path) -> None:
    modules = imported_by("check", sample, "--format", "json")
    assert under(modules, NEVER_FOR_CHECK) == set()


@pytest.mark.parametrize("verb", ["--version", "--help"])
def test_words_about_itself_need_no_parser_and_no_rules(verb: str) -> None:
    modules = imported_by(verb)
    assert (
        under(modules, {"yaml", "msgspec", "cel_expr_python", "google", "re2", *NEVER_FOR_CHECK})
        == set()
    )


def test_a_repository_with_rules_of_its_own_pays_only_for_checking_them(sample: Path) -> None:
    (sample / "rules").mkdir()
    (sample / "rules" / "own.yaml").write_text(
        "extends: standard\ndisable: [VAL-021]\n", encoding="utf-8"
    )
    modules = imported_by("check", sample)
    assert under(modules, NEVER_FOR_CHECK - {"itgov.rules.check"}) == set()


@pytest.mark.parametrize("verb", ["check", "value", "export"])
def test_a_filter_on_the_command_line_needs_nothing_of_the_room(
    sample: Path, tmp_path: Path, verb: str
) -> None:
    tables = tmp_path / "tables"
    to = ("--output", tables) if verb == "export" else ()
    modules = imported_by(verb, sample, "--filter", "owner:- or review:<today", *to)
    assert "itgov.model.filter_query" in modules, "this was no real filter"
    assert under(modules, {"textual", "rich", "itgov.tui"}) == set()
    assert (tables / "investments.csv").exists() is (verb == "export")


def test_the_room_begins_without_its_views_and_dialogs() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, itgov.tui.app; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    modules = set(told.stdout.split())
    assert "itgov.tui.app" in modules
    assert under(modules, {"itgov.tui.views", "itgov.tui.dialogs", "itgov.review"}) == set()


def test_init_needs_no_rule_language(tmp_path: Path) -> None:
    modules = imported_by("init", tmp_path / "new")
    unwanted = {"cel_expr_python", "google", "re2", "itgov.rules.cel", "itgov.rules.judge"}
    assert (
        under(modules, unwanted | (NEVER_FOR_CHECK - {"itgov.cli.init", "itgov.model.minutes"}))
        == set()
    )


def test_schema_needs_no_rule_language() -> None:
    modules = imported_by("schema", "portfolio")
    unwanted = {"cel_expr_python", "google", "re2", "textual", "openpyxl", "watchfiles", "tabulate"}
    assert under(modules, unwanted) == set()


GIT_FACTS = {"itgov.files.git_facts", "itgov.model.derive_history", "itgov.model.history_facts"}


def test_history_costs_nothing_without_git_and_where_no_rule_asks(sample: Path) -> None:
    assert under(imported_by("check", sample), GIT_FACTS) == set()
    run_git(sample, "init", "-q")
    assert under(imported_by("check", sample), GIT_FACTS) == GIT_FACTS
    (sample / "rules").mkdir()
    off = ", ".join(f"HIS-{n:03}" for n in range(1, 17))
    own = f"extends: standard\ndisable: [{off}]\n"
    (sample / "rules" / "own.yaml").write_text(own, encoding="utf-8")
    assert under(imported_by("check", sample), GIT_FACTS - {"itgov.model.history_facts"}) == set()


def test_what_breaks_because_of_an_interrupt_ends_as_one(capfd: pytest.CaptureFixture[str]) -> None:
    """The parser of arguments fails to put itself right when it is interrupted halfway."""

    def work() -> int:
        try:
            raise KeyboardInterrupt
        finally:
            raise AttributeError("save_nargs")

    assert run(work) == 130
    assert capfd.readouterr() == ("", "")
