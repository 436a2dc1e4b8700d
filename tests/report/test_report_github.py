"""`--format github`, read back as the runner reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from itgov.model.finding import Finding
from itgov.report import CheckReport, render

Make = Callable[..., Finding]
MakeReport = Callable[..., CheckReport]


class Command(NamedTuple):
    """A workflow command."""

    name: str
    properties: dict[str, str]
    message: str


def unescaped(text: str, more: bool = False) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), *([("%3A", ":"), ("%2C", ",")] * more)):
        text = text.replace(code, char)
    return text.replace("%25", "%")


def read(written: str) -> list[Command]:
    """Read workflow commands by the runner's grammar: `::name key=value,key=value::message`."""
    commands = []
    for line in written.splitlines():
        assert line.startswith("::")
        head, message = line[2:].split("::", 1)
        name, _, properties = head.partition(" ")
        pairs = (pair.split("=", 1) for pair in properties.split(",") if pair)
        values = {key: unescaped(value, more=True) for key, value in pairs}
        commands.append(Command(name, values, unescaped(message)))
    return commands


def test_findings_become_annotations_worst_first(report: CheckReport) -> None:
    commands = read(render(report, "github"))
    assert [command.name for command in commands] == ["error", "warning", "warning", "notice"]
    assert commands[0] == Command(
        "error",
        {
            "file": "portfolios/retail.yaml",
            "line": "5",
            "endLine": "5",
            "col": "20",
            "endColumn": "23",
            "title": "OWN-001 outcome-owner-named",
        },
        "Claims handling platform has no outcome owner\nFix: Name the person in the business.",
    )
    assert "could not be evaluated" in commands[2].message


def test_waived_findings_are_left_out(finding: Make, report_on: MakeReport) -> None:
    assert render(report_on([finding(waived=True)]), "github") == ""


def test_columns_only_within_one_line(finding: Make, report_on: MakeReport) -> None:
    (command,) = read(render(report_on([finding(span=(3, 5, 9, 2))]), "github"))
    assert command.properties["line"] == "3"
    assert command.properties["endLine"] == "9"
    assert command.properties.keys().isdisjoint({"col", "endColumn"})


def test_data_stays_where_it_belongs(finding: Make, report_on: MakeReport) -> None:
    hostile = "50%, a::b\r\n::error::pwned %0A %25 x=y,z:w ##[add-mask]q"
    found = finding(message=hostile, path="a,b:c%2C=d.yaml", name="n,title=x::y", fix=hostile)
    (command,) = read(render(report_on([found]), "github"))
    assert command.name == "error"
    assert command.properties["file"] == "a,b:c%2C=d.yaml"
    assert command.properties["title"] == "OWN-001 n,title=x::y"
    assert command.message.startswith("50%, a::b  ::error::pwned %0A %25 x=y,z:w #<U+0023>[add")
    assert command.message.count("\n") == 1


def test_a_long_message_keeps_below_the_cut(finding: Make, report_on: MakeReport) -> None:
    for message in ("x" * 9000, "é🚗" * 4000):
        found = finding(message=message, fix="f" * 9000, name="n" * 900)
        (command,) = read(render(report_on([found]), "github"))
        assert len(command.message.encode()) < 4096
        assert len(command.properties["title"]) <= 255


def test_no_more_than_github_shows_and_the_rest_is_counted(
    finding: Make, report_on: MakeReport
) -> None:
    found = [finding(n, severity="info") for n in range(30)]
    found += [finding(n, severity="warning") for n in range(30, 45)]
    found += [finding(n) for n in range(45, 57)]
    commands = read(render(report_on(found), "github"))
    assert Counter(c.name for c in commands) == {"error": 10, "warning": 10, "notice": 10}
    assert commands[0].name == "error"
    last = commands[-1]
    assert last.name == "notice"
    assert last.message.startswith("28 more findings not shown: 2 errors, 5 warnings, 21 infos.")


def test_the_limit_itself_is_shown_in_full(finding: Make, report_on: MakeReport) -> None:
    found = [finding(n, severity="info") for n in range(10)] + [finding(20)]
    commands = read(render(report_on(found), "github"))
    assert len(commands) == 11
    assert not any("not shown" in command.message for command in commands)
