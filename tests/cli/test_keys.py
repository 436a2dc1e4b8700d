"""`itgov keys`: the keys in force, what changed them, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from itgov.cli.main import main
from itgov.tui.actions import ACTIONS

TREE = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    (tmp_path / "xdg" / "itgov").mkdir(parents=True)
    (tmp_path / "home" / "portfolios").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "xdg" / "itgov" / "config.yaml"


def test_the_table_names_every_action_and_who_changed_it(
    config: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("itgov.yaml").write_text("keys: {zoom: U}\n")
    config.write_text("keys: {jump: [ctrl+g, f6]}\n")
    assert main(["keys"]) == 0
    out = capfd.readouterr().out
    assert all(f"  {a.id} " in out for a in ACTIONS)
    line = next(line for line in out.splitlines() if " jump " in line)
    assert line.startswith("  ctrl+g f6")
    assert line.endswith(f"[{config}]")
    assert "[itgov.yaml]" in next(line for line in out.splitlines() if " zoom " in line)


def test_json_holds_keys_and_problems(config: Path, capfd: pytest.CaptureFixture[str]) -> None:
    config.write_text("keys: {zoom: U, copy: U}\n")
    assert main(["keys", "--format", "json"]) == 1
    said = capfd.readouterr()
    answer = json.loads(said.out)
    assert answer["schema"] == 1
    assert {row["action"] for row in answer["keys"]} == {a.id for a in ACTIONS}
    assert answer["problems"] == [f"{config}:1:17: `U` is set for `zoom` and `copy`; `zoom` has it"]
    assert "set for `zoom` and `copy`" in said.err


@pytest.mark.parametrize(
    ("text", "said"),
    [("keys: [", "config.yaml:1:"), ("them: dark\n", "config.yaml:1:1: unknown key `them`"), ("theme: drak\n", "config.yaml:1:8"), ("keys: {zoom: 3}\n", "config.yaml:1:14")],
)  # fmt: skip
def test_a_broken_file_is_told_at_its_place_and_the_rest_is_printed(
    config: Path, capfd: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    config.write_text(text)
    assert main(["keys"]) == 2
    answer = capfd.readouterr()
    assert said in answer.err
    assert " quit " in answer.out


def test_a_repositorys_broken_file_is_told_as_everywhere(
    capfd: pytest.CaptureFixture[str],
) -> None:
    Path("itgov.yaml").write_text("theme: drak\n")
    assert main(["keys"]) == 2
    assert "itgov.yaml:1:8" in capfd.readouterr().err


def test_no_home_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    assert main(["keys"]) == 0


def test_the_page_of_the_docs_is_the_table() -> None:
    page = str(TREE / "docs" / "keys.md")
    assert main(["keys", "--defaults", "--format", "markdown", "--output", page, "--check"]) == 0


def test_check_finds_a_stale_page(tmp_path: Path) -> None:
    page = tmp_path / "keys.md"
    page.write_text("old")
    assert main(["keys", "--defaults", "--format", "markdown", "--output", str(page), "--check"]) == 1  # fmt: skip
    assert page.read_text() == "old"
