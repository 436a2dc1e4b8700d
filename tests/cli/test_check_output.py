"""What `check` writes, where, and that nothing in a file can speak to the terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from ..support.cli import run_cli

FORMATS = ["text", "json", "sarif", "junit", "github", "gitlab", "markdown"]
BARE = "business_unit: {id: u, name: Unit}\ninvestments:\n  - {id: A-1, title: Alpha}\n"


@pytest.fixture
def there(repo):
    return repo("rules: []\n", unit=BARE)


# -- files ---------------------------------------------------------------------------------


def test_several_formats_in_one_run(there, tmp_path):
    pairs = [part for n in FORMATS for part in ("--format", n, "--output", tmp_path / n)]
    ran = there.check(*pairs)
    assert (ran.code, ran.out) == (1, "")
    assert "2 errors" in ran.err
    for name in FORMATS:
        assert (tmp_path / name).read_text(encoding="utf-8") == there.check("--format", name).out


def test_one_to_stdout_and_the_others_to_files(there, tmp_path):
    ran = there.check("--format", "sarif", "--output", tmp_path / "a", "--format", "json")
    assert len(ran.findings) == 2
    assert ran.err == ""
    assert json.loads((tmp_path / "a").read_text())["version"] == "2.1.0"


def test_an_output_without_a_format_is_text(there, tmp_path):
    there.check("--output", tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == there.check().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "json", "--format", "sarif"],
        ["--format", "json", "--output", "-", "--format", "text"],
        ["--format", "json", "--output", "X", "--format", "sarif", "--output", "./X"],
    ],
)
def test_two_to_one_place_are_refused(there, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    ran = there.check(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "two formats" in ran.err
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("target", ["no/such/folder/a.json", "."])
def test_what_cannot_be_written_ends_with_2(there, tmp_path, target):
    ran = there.check("--format", "json", "--output", tmp_path / target)
    assert ran.code == 2
    assert "cannot write" in ran.err


def test_a_file_is_replaced_whole_and_keeps_its_mode(there, tmp_path):
    target = tmp_path / "a.json"
    target.write_text("old" * 100_000)
    target.chmod(0o640)
    with target.open() as reader:  # of the old file, which stays whole for who has it open
        there.check("--format", "json", "--output", target)
        assert reader.read() == "old" * 100_000
    assert json.loads(target.read_text())["schema"] == 1
    assert target.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize(
    "verb",
    [
        ("check",), ("health", "--format", "markdown"), ("value", "--format", "markdown"),
        ("managers", "--format", "markdown"), ("diff", "--format", "markdown"),
        ("trend", "--format", "markdown"), ("rules", "check", "--format", "markdown"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_verb_leaves_an_old_result_where_there_is_no_portfolio(repo, tmp_path, verb):
    target = tmp_path / "a.md"
    target.write_text("All good")
    there = repo("rules: []\n")
    assert there.run(*verb, tmp_path / "nowhere", "--output", target).code == 2
    assert "All good" not in target.read_text()


@pytest.mark.parametrize("option", ["--html", "--markdown"])
def test_no_report_leaves_an_old_one_where_it_cannot_be_made(repo, tmp_path, option):
    target = tmp_path / "a.html"
    target.write_text("<p>All good")
    there = repo("rules: [\n")
    assert there.run("report", there.root, option, target).code == 2
    assert "All good" not in target.read_text()


@pytest.mark.parametrize("broken", ["rules/rules.yaml", "itgov.yaml"])
def test_a_run_that_could_not_work_leaves_no_old_result(repo, tmp_path, broken):
    target = tmp_path / "a.json"
    target.write_text("All good")
    there = repo("rules: []\n")
    there.write(broken, "rules: [\n")
    assert there.check("--format", "json", "--output", target).code == 2
    assert "nothing was enforced" in target.read_text()
    assert "All good" not in target.read_text()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.sarif", "{"),
        ("a.xml", "<?xml"),
        ("a.json", "{"),
        ("a.md", "## "),
        ("a.txt", "portfolios/"),
    ],
)
def test_the_format_is_told_by_the_files_ending(there, tmp_path, name, start):
    assert there.check("--output", tmp_path / name).code == 1
    assert (tmp_path / name).read_text().startswith(start)
    assert ("sarif" in (tmp_path / name).read_text()) is (name == "a.sarif")


def test_an_ending_that_tells_no_format_is_refused(there, tmp_path):
    ran = there.check("--output", tmp_path / "a.csv")
    assert ran.code == 2
    assert "write --format FORMAT before --output, or one of .sarif, .xml" in ran.err


def test_concise_is_one_line_a_finding(there):
    found = there.check("--format", "json").findings
    lines = there.check("--format", "concise").out.splitlines()
    assert len(lines) == len(found) + 1
    for line, f in zip(lines, found, strict=False):
        place = f"{f['path']}:{f['line']}:{f['column']}"
        assert line == f"{place}: {f['severity']} {f['rule']} {f['message']}"


def test_a_full_disk_is_said_in_words(there, shell):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    ran = shell(f"$ITGOV check {there.root} > /dev/full")
    assert ran.returncode == 2
    assert "internal error" not in ran.stderr
    assert "No space left" in ran.stderr


# -- streams -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_data_on_stdout_and_nothing_on_stderr(there, process, name):
    # what programs read has no colours, whatever is asked for
    wanted = {"FORCE_COLOR": "1"} if name != "text" else {}
    command = ("check", there.root, "--as-of", "2026-11-23", "--format", name)
    ran = process(*command, environment=wanted)
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert ran.stdout.decode() == there.check("--format", name).out


@pytest.mark.parametrize(
    "line",
    [
        "$ITGOV check {0} | head -1", "$ITGOV check {0} --format json | head -1", "$ITGOV rules list | head -1",
        "$ITGOV rules docs | head -1", "$ITGOV schema portfolio | head -1", "$ITGOV check {0} | true",
    ],
)  # fmt: skip
def test_a_reader_who_leaves_early_sees_no_traceback(repo, shell, line):
    many = BARE + "".join(f"  - {{id: B-{i}, title: T{i}}}\n" for i in range(150))
    there = repo(None, unit=many)
    assert len(there.check().out) > 65_536, "more than a pipe holds"
    ran = shell(line.format(there.root))
    assert ran.returncode == 0
    assert ran.stderr == ""


@pytest.mark.parametrize("line", ["$ITGOV check {0} 2>&-", "$ITGOV check {0} <&-"])
def test_a_closed_stream_is_no_internal_error(there, shell, line):
    ran = shell(line.format(there.root))
    assert ran.returncode in (1, 2)
    assert "internal error" not in ran.stderr + ran.stdout


@pytest.mark.parametrize("line", ["check {0}", "health {0}", "--version", "--help"])
def test_a_closed_stdout_is_said(there, shell, tmp_path, line):
    command = f"export ITGOV_CACHE= XDG_CACHE_HOME={tmp_path}; $ITGOV {line.format(there.root)}"
    shell(command)
    ran = shell(f"{command} >&-")  # of a check, the remembered answer
    assert ran.returncode == 2
    assert ran.stderr.endswith("itgov: standard output is closed, so nothing was written\n")


def test_talk_does_not_become_data_where_stderr_is_closed(shell):
    assert shell("$ITGOV check /no/such/place 2>&-").stdout == ""


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({}, False), ({"FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1"}, False), ({"FORCE_COLOR": ""}, False),
    ],
)  # fmt: skip
def test_colours(there, monkeypatch, environment, colored):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in there.check().out) is colored


def test_a_locale_that_knows_little(repo, process):
    there = repo("rules: []\n", unit=BARE.replace("Alpha", "Ünit 自 🚗"))
    ran = process("check", there.root, environment={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert "Ünit 自 🚗" in ran.stdout.decode("utf-8")


# -- hostile text --------------------------------------------------------------------------

RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

HOSTILE = {
    "markup": "<script>alert(1)</script> **b** | `x` [l](http://x) ]]> &amp; 'q' @user #1",
    "annotation": "x%0A::error file=y::pwned",
    "bidi": "a \\u202Eevil\\u202c \\u2066b\\u2069 \\u061c",
    "newline": "T\\n::error file=x::pwned",
    "return": "T\\r\\nx",
    "separators": "a\\u2028b\\u2029c",
    "next line": "a\\u0085b",
    "invisible": "\\uFEFFbom \\u200bzw",
    "tab": "a\\tb",
    "formula": "=cmd|' /C calc'!A0",
    "tags": "\\U000E0001x",
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("where", ["title", "id", "unit"])
def test_hostile_text_is_written_raw_in_no_format(repo, tmp_path, what, where):
    values = {"title": "T", "id": "A-1", "unit": "Unit"} | {where: HOSTILE[what]}
    unit = 'business_unit: {{id: u, name: "{unit}"}}\ninvestments:\n  - {{id: "{id}", title: "{title}"}}\n'
    pack = None if where == "unit" else "rules: []\n"  # only the pack speaks of units
    files = [part for n in FORMATS for part in ("--format", n, "--output", tmp_path / n)]
    ran = repo(pack, unit=unit.format(**values)).check(*files, "--format", "text")
    assert ran.code == 1, ran.err
    assert RAW.findall(ran.err) == []
    written = {n: (tmp_path / n).read_bytes().decode() for n in FORMATS}
    assert ran.out == written["text"]
    for name, text in written.items():
        assert RAW.findall(text) == [], name
    lines = [row for row in written["github"].splitlines() if row]
    places = ("file=portfolios/", "title=itgov::")
    assert all(re.match(r"::(error|warning|notice) ", row) for row in lines)
    assert all(row.split(" ", 1)[1].startswith(places) for row in lines)
    assert "<script" not in written["markdown"]


@pytest.mark.parametrize("escape", ["\\x1b[31m", "\\u009b31m", "\\0", "\\x07"])
def test_a_control_character_is_refused_where_it_stands(repo, escape):
    unit = BARE.replace("title: Alpha", f'title: "A{escape}"')
    ran = repo("rules: []\n", unit=unit).check("--format", "json")
    assert [f["rule"] for f in ran.findings if f["path"] == "portfolios/unit.yaml"] == ["YML-006"]
    assert ran.findings[-1]["line"] == 3


@pytest.mark.parametrize(
    "arguments",
    [["check", "/no\x1b[31mpe"], ["check", ".", "--select", "\x1b[31mX"], ["check", "--as-of", "\x1b[31m"], ["\x1b[31mX"]],
)  # fmt: skip
def test_hostile_arguments_are_said_harmlessly(capsys, arguments):
    ran = run_cli(capsys, *arguments)
    assert ran.code == 2
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("github", "file=gov/portfolios/unit.yaml"),
        ("gitlab", '"path": "gov/portfolios/unit.yaml"'),
        ("sarif", '"uri": "gov/portfolios/unit.yaml"'),
        ("junit", 'file="gov/portfolios/unit.yaml"'),
        ("json", '"path":"portfolios/unit.yaml"'),
        ("text", "\nportfolios/unit.yaml"),
    ],
)
def test_a_forge_finds_the_files_of_a_portfolio_in_a_subfolder(there, git, tmp_path, name, says):
    git(tmp_path, "init", "-q")
    shutil.copytree(there.root, tmp_path / "gov")
    ran = there.run("check", tmp_path / "gov", "--format", name)
    assert ran.code == 1
    assert says in f"\n{ran.out}"


def test_the_shipped_hooks_never_skip():
    shipped = Path(__file__).resolve().parents[2] / ".pre-commit-hooks.yaml"
    for hook in yaml.safe_load(shipped.read_text()):
        assert hook["always_run"] is True
        assert "files" not in hook
