"""What `itgov init` writes around a portfolio: schemas, CI, hooks, CODEOWNERS."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from itgov.cli.main import main
from itgov.files.reader import read

from ..support.folders import files_of
from .written_by_init import WRITTEN, commands_of, owners


def test_the_schemas_that_editors_use_are_where_the_files_say(repository: Path) -> None:
    for path, text in files_of(repository).items():
        if not path.endswith(".yaml") or path.startswith("."):
            continue
        found = re.match(r"# yaml-language-server: \$schema=(.+)\n", text)
        assert found, path
        schema = json.loads(
            (repository / path).parent.joinpath(found[1]).read_text(encoding="utf-8")
        )
        jsonschema.Draft202012Validator.check_schema(schema)
        errors = [
            e.message for e in jsonschema.Draft202012Validator(schema).iter_errors(core(text))
        ]
        assert errors == [], path


def core(text: str) -> object:
    """Read YAML by the core schema, as editors do: dates and `on` are texts."""
    _, data, problems = read("a.yaml", text.encode())
    assert problems == []
    return data


def test_the_github_workflow_reports_and_asks_for_little(repository: Path) -> None:
    text = (repository / ".github/workflows/itgov.yml").read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    assert flow["permissions"] == {"contents": "read"}
    job = flow["jobs"]["check"]
    assert job["permissions"] == {"contents": "read", "security-events": "write"}
    checkout, python, *steps = job["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert python["uses"].startswith("actions/setup-python@")
    check = next(s["run"] for s in steps if s.get("id") == "portfolio")
    upload = next(s for s in steps if "upload-sarif" in s.get("uses", ""))
    assert f"--format sarif --output {upload['with']['sarif_file']}" in check
    assert upload["if"].startswith("always()")
    summary = next(s for s in steps if "GITHUB_STEP_SUMMARY" in s.get("run", ""))
    assert summary["if"].startswith("always()")
    assert all("pull_request_target" not in str(k) for k in flow)
    uses = re.findall(r"uses: (\S+)", text)
    assert all(re.search(r"@[0-9a-f]{40}$", u) for u in uses)
    assert "${{" not in "".join(s.get("run", "") for s in job["steps"])


@pytest.mark.parametrize("place", [".github/workflows/itgov.yml", ".gitlab-ci.yml"])
def test_a_change_is_judged_by_the_policy_of_before_in_two_steps(
    repository: Path, place: str
) -> None:
    text = (repository / place).read_text(encoding="utf-8")
    assert 'itgov check --policy "$BASE" --ignore POL ' in text
    assert 'itgov check --policy "$BASE" --select POL' in text
    assert "base_ref" not in text


@pytest.mark.parametrize("handle", ["@acme/governance", "@ann", "ann@example.org"])
def test_the_policy_has_an_owner(
    tmp_path: Path, handle: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path), "--unit", "claims", "--governance", handle]) == 0
    found = owners(tmp_path)
    for path in (
        "/itgov.yaml",
        "/rules/",
        "/portfolios/organisation.yaml",
        "/reviews/",
        "/.github/",
        "/CODEOWNERS",
    ):
        assert found[path] == [handle]
    lines = (tmp_path / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    last = max(n for n, line in enumerate(lines) if line.startswith("/portfolios/claims"))
    assert last < lines.index(f"/rules/ {handle}")  # the last pattern that fits decides
    assert "no owner" not in capfd.readouterr().err


def test_a_policy_without_an_owner_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "a")]) == 0
    assert "The policy has no owner yet" in capfd.readouterr().err
    assert main(["init", str(tmp_path / "b"), "--governance", "the board"]) == 2
    assert "write @user, @organisation/team" in capfd.readouterr().err


@pytest.mark.parametrize(
    "place", [".github/workflows/itgov.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"]
)
def test_every_command_that_ci_runs_works(
    repository: Path, place: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    commands = commands_of(yaml.safe_load((repository / place).read_text(encoding="utf-8")))
    assert any(c.startswith("itgov check") for c in commands)
    monkeypatch.chdir(repository)
    for command in commands:
        assert main(command.split()[1:]) == 0, command
    for name in (".github", ".gitlab-ci.yml"):
        if place.startswith(name):
            ignored = (repository / ".gitignore").read_text(encoding="utf-8").splitlines()
            outputs = re.findall(r"--output (\S+)", " ".join(commands))
            assert outputs
            assert all(Path(o).is_file() and o in ignored for o in outputs)


def test_the_hook_checks_the_whole_portfolio_every_time(repository: Path) -> None:
    config = yaml.safe_load((repository / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    check, rules = config["repos"][0]["hooks"]
    assert check["entry"] == "itgov check"
    assert (check["pass_filenames"], check["always_run"]) == (False, True)
    assert re.search(rules["files"], "rules/organisation.yaml")
    assert not re.search(rules["files"], "portfolios/retail.yaml")


def test_the_gitlab_job_hands_over_its_reports(repository: Path) -> None:
    job = yaml.safe_load((repository / ".gitlab-ci.yml").read_text(encoding="utf-8"))["itgov"]
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"] == {
        "codequality": "gl-code-quality-report.json",
        "junit": "itgov-junit.xml",
    }


# -- CODEOWNERS ----------------------------------------------------------------------------


def test_a_unit_belongs_to_its_head_and_relationship_manager(repository: Path) -> None:
    both = ["jo.marsh@example.org", "sam.reed@example.org"]
    assert owners(repository) == {"/portfolios/retail.yaml": both, "/portfolios/retail/": both}


def test_owners_are_made_from_the_portfolio_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "portfolios"
    (folder / "pensions").mkdir(parents=True)
    (folder / "organisation.yaml").write_text(
        "organisation: {id: o, name: O}\n"
        "people:\n"
        "  - {id: a, name: A, email: a@example.org}\n"
        "  - {id: b, name: B, email: b@example.org}\n"
        "  - {id: c, name: C, email: c@example.org, left: 2020-01-01}\n"
        '  - {id: d, name: D, email: "d @evil # x"}\n'
        "relationship_managers:\n"
        "  - {person: b, serves: [pensions, big unit]}\n",
        encoding="utf-8",
    )
    (folder / "pensions.yaml").write_text(
        "business_unit: {id: pensions, head: a}\n", encoding="utf-8"
    )
    (folder / "pensions" / "a.yaml").write_text("business_unit: pensions\n", encoding="utf-8")
    (folder / "big unit.yaml").write_text(
        "business_unit: {id: big unit, head: c, relationship_manager: d}\n", encoding="utf-8"
    )
    (folder / "alone.yaml").write_text(
        'business_unit: {id: alone, name: "x\\n* @evil", head: d}\n', encoding="utf-8"
    )
    assert main(["init", str(tmp_path)]) == 0
    assert owners(tmp_path) == {
        "/portfolios/pensions.yaml": ["a@example.org", "b@example.org"],
        "/portfolios/pensions/": ["a@example.org", "b@example.org"],
        "/portfolios/big\\ unit.yaml": ["b@example.org"],
        "/portfolios/big\\ unit/": ["b@example.org"],
    }
    assert not (tmp_path / "rules").exists(), "an existing portfolio keeps the rules it has"
    assert set(files_of(tmp_path)) - WRITTEN == {
        "portfolios/pensions.yaml",
        "portfolios/pensions/a.yaml",
        "portfolios/big unit.yaml",
        "portfolios/alone.yaml",
    }


def test_a_codeowners_elsewhere_is_enough(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/CODEOWNERS").write_text("* @me\n", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 0
    assert not (tmp_path / "CODEOWNERS").exists()
    assert owners(tmp_path, ".github/CODEOWNERS") == {"*": ["@me"]}
