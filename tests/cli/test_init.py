from __future__ import annotations

import datetime
import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from itgov.cli.init import Choices, start
from itgov.cli.main import main
from itgov.cli.names import quoted
from itgov.files.reader import read

from ..support.folders import files_of
from .written_by_init import WRITTEN, owners


def findings_of(
    root: Path, capfd: pytest.CaptureFixture[str], *options: str
) -> list[dict[str, object]]:
    """Return all findings but the one that says that git has no history of something new."""
    capfd.readouterr()
    main(["check", str(root), "--format", "json", *options])
    found: list[dict[str, object]] = json.loads(capfd.readouterr().out)["findings"]
    assert [f["severity"] for f in found if f["rule"] == "HIS-000"] == ["info"]
    return [f for f in found if f["rule"] != "HIS-000"]


# -- a new repository ----------------------------------------------------------------------


def test_writes_a_whole_repository_and_lists_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "new" / "harbour-trust"
    assert main(["init", str(root)]) == 0
    out, err = capfd.readouterr()
    assert set(files_of(root)) == WRITTEN
    assert {line.split(maxsplit=1)[1] for line in out.splitlines()} == WRITTEN
    assert all(line.startswith("wrote ") for line in out.splitlines())
    assert f"cd {root}" in err
    assert "itgov check" in err


def test_what_it_writes_has_no_findings(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert findings_of(repository, capfd) == []
    assert main(["check", str(repository), "--fail-on", "warning"]) == 0


def test_its_rules_are_sound_and_their_examples_hold(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository)
    assert main(["rules", "check", "--fail-on", "info"]) == 0
    assert main(["rules", "test", "--fail-on", "info"]) == 0
    capfd.readouterr()
    assert main(["rules", "show", "ORG-001"]) == 0
    assert "cost-centre-given" in capfd.readouterr().out


@pytest.mark.parametrize("role", ["outcome_owner", "relationship_manager"])
def test_deleting_a_mandatory_name_is_found(
    repository: Path, role: str, capfd: pytest.CaptureFixture[str]
) -> None:
    unit = repository / "portfolios" / "retail.yaml"
    text = unit.read_text(encoding="utf-8")
    unit.write_text(re.sub(rf"\n    {role}:.*", "", text, count=1), encoding="utf-8")
    rules = {f["rule"] for f in findings_of(repository, capfd)}
    assert {"outcome_owner": "OWN-001", "relationship_manager": "REL-001"}[role] in rules


def test_its_own_rule_is_enforced(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    unit = repository / "portfolios" / "retail.yaml"
    text = unit.read_text(encoding="utf-8")
    unit.write_text(re.sub(r"\n    custom:.*\n.*", "", text), encoding="utf-8")
    assert [f["rule"] for f in findings_of(repository, capfd)] == ["ORG-001"]


def uncommented(text: str) -> str:
    """Return a file with its hints switched on: comment lines that are indented YAML."""
    return re.sub(
        r"(?m)^( *)# ((?:  |- )*"
        r"(?:results|waivers|rule|reason|until|approved_by|adjust|[A-Z]{3}-\d{3}|disable|left)\b.*)$",
        r"\1\2",
        text,
    )


def test_the_hints_in_comments_are_right(
    repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in (
        "portfolios/retail.yaml",
        "portfolios/organisation.yaml",
        "rules/organisation.yaml",
    ):
        path = repository / name
        text = uncommented(path.read_text(encoding="utf-8"))
        text = re.sub(r"(?m)^( *)# ( *- \{date: .*)$", r"\1\2", text)
        assert text != path.read_text(encoding="utf-8"), name
        path.write_text(text, encoding="utf-8")
    assert main(["rules", "check", str(repository)]) == 0
    found = findings_of(repository, capfd, "--as-of", "2029-06-01")
    assert not [f for f in found if str(f["rule"])[:3] in ("YML", "MOD", "REF", "RUL")]


@pytest.mark.parametrize(
    "day", ["2026-01-01", "2026-03-15", "2026-06-30", "2026-10-31", "2026-12-31", "2028-02-29"]
)
def test_it_is_clean_whatever_the_day(
    tmp_path: Path, day: str, capfd: pytest.CaptureFixture[str]
) -> None:
    today = datetime.date.fromisoformat(day)
    assert start(tmp_path, Choices("Harbour Trust", "EUR", "retail", today)) == 0
    assert findings_of(tmp_path, capfd, "--as-of", day) == []


NAMES = [
    "Harbour Trust",
    "Åland: Försäkring & Co",
    "null",
    "007",
    "# 1",
    'O\'Brien "Sons"',
    "- a",
    "{a}",
    "日本郵政",
    "a: b",
    "*x",
    "C:\\x",
    "yes",
    "1.5",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_what_it_was(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path), "--name", name, "--currency", "chf"]) == 0
    organisation = yaml.safe_load(
        (tmp_path / "portfolios/organisation.yaml").read_text(encoding="utf-8")
    )["organisation"]
    assert organisation["name"] == name
    assert organisation["currency"] == "CHF"
    assert findings_of(tmp_path, capfd) == []


@pytest.mark.parametrize(
    "unit",
    ["claims", "no", "0777", "1e3", "2026-01-01", "Wealth_and.Pensions", "vertrieb-süd", "null"],
)
def test_a_unit_stays_what_it_was(
    tmp_path: Path, unit: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path), "--unit", unit]) == 0
    content = yaml.safe_load((tmp_path / f"portfolios/{unit}.yaml").read_text(encoding="utf-8"))
    assert content["business_unit"]["id"] == unit
    assert findings_of(tmp_path, capfd) == []


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1, max_size=20
    ).filter(str.strip)
)
@example("0x1F")
@example("12:30")
@example("-1")
@example("a #b")
@example("a:")
@example(".5")
@example("1_0")
def test_quoted_text_is_read_back(text: str) -> None:
    line = f"a: [{quoted(text)}]\nb: {quoted(text)} # c\n"
    assert yaml.safe_load(line) == {"a": [text], "b": text}
    _, data, problems = read("a.yaml", line.encode())
    assert (data, problems) == ({"a": [text], "b": text}, [])


# -- what is there is kept -----------------------------------------------------------------


def test_nothing_is_overwritten(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    mine = {
        "README.md": "mine\n",
        ".gitignore": "mine\n",
        ".github/workflows/itgov.yml": "mine\n",
        "rules/mine.yaml": "extends: standard\n",
        "CODEOWNERS": "* @me\n",
    }
    for path, text in mine.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 0
    out = capfd.readouterr().out
    files = files_of(tmp_path)
    assert {path: files[path] for path in mine} == mine
    assert "rules/organisation.yaml" not in files
    assert "portfolios/retail.yaml" in files
    assert {line[6:] for line in out.splitlines() if line.startswith("kept  ")} == set(mine) - {
        "rules/mine.yaml"
    }


def test_a_second_time_changes_nothing(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = files_of(repository)
    assert main(["init", str(repository), "--name", "Other", "--unit", "other"]) == 0
    out, err = capfd.readouterr()
    assert files_of(repository) == before
    assert "wrote" not in out
    assert "nothing was written" in err


def test_what_went_missing_comes_back(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = files_of(repository)
    for path in (".gitlab-ci.yml", "CODEOWNERS", "schema/rules.schema.json"):
        (repository / path).unlink()
    assert main(["init", str(repository)]) == 0
    assert files_of(repository) == before


def test_the_folders_that_itgov_yaml_names_are_used(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "itgov.yaml").write_text(
        "paths: {portfolios: gov/units/, rules: gov/rules}\n", encoding="utf-8"
    )
    assert main(["init", str(tmp_path)]) == 0
    files = files_of(tmp_path)
    assert {
        "gov/units/organisation.yaml",
        "gov/units/retail.yaml",
        "gov/rules/organisation.yaml",
    } <= set(files)
    assert "$schema=../../schema/portfolio.schema.json" in files["gov/units/retail.yaml"]
    assert "/gov/units/retail.yaml" in owners(tmp_path)
    assert findings_of(tmp_path, capfd) == []
