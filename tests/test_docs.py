"""What the documents promise is so: commands, links, and every YAML that they show."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from itgov.cli.main import main

TREE = Path(__file__).resolve().parent.parent
PAGES = sorted([*TREE.glob("*.md"), *TREE.glob("docs/*.md"), *TREE.glob("benchmarks/*.md")])
NAMES = [p.relative_to(TREE).as_posix() for p in PAGES]


def blocks(page: str, language: str) -> list[str]:
    text = (TREE / page).read_text(encoding="utf-8")
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)


@pytest.mark.parametrize("page", NAMES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"(?ms)^```.*?^```$", "", (TREE / page).read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (TREE / page).parent / path if path else TREE / page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"(?m)^#+ (.+)$", target.read_text(encoding="utf-8"))
            anchors = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}
            assert anchor in anchors, link


def test_ci_runs_the_two_commands_of_the_readme() -> None:
    script = (TREE / ".ci" / "run").read_text(encoding="utf-8")
    said = "\n".join(blocks("README.md", "")).splitlines()
    promised = re.findall(r'(?m)^(?:MAIN_JOB|TESTS)="(.+)"$', script)
    assert len(promised) == 2
    assert all(command in said for command in promised)


@pytest.mark.parametrize("page", ["README.md", "docs/files.md"])
def test_the_rules_shown_are_sound_and_their_examples_hold(
    page: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = [b for b in blocks(page, "yaml") if "\nrules:\n" in b]
    assert shown
    shutil.copytree(TREE / "portfolios", tmp_path / "portfolios")
    (tmp_path / "rules").mkdir()
    for number, block in enumerate(shown):
        (tmp_path / "rules" / f"shown{number}.yaml").write_text(block, encoding="utf-8")
    assert main(["rules", "check", str(tmp_path), "--fail-on", "info"]) == 0, capfd.readouterr()
    assert main(["rules", "test", str(tmp_path), "--fail-on", "info"]) == 0, capfd.readouterr()
    coverage = capfd.readouterr()
    assert main(["rules", "test", str(tmp_path), "--coverage"]) == 0, coverage


def test_the_files_shown_have_the_shape(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "shared" / "rules").mkdir(parents=True)  # a pack that itgov.yaml names
    unit = ""
    for block in blocks("docs/files.md", "yaml"):
        if block.startswith("organisation:"):
            path = tmp_path / "portfolios" / "organisation.yaml"
            path.write_text(block, encoding="utf-8")
        elif block.startswith("fail_on:"):
            (tmp_path / "itgov.yaml").write_text(block, encoding="utf-8")
        elif re.match("business_unit:|investments:|engagements:", block):
            unit += block
    assert "investments:" in unit
    assert (tmp_path / "itgov.yaml").exists()
    (tmp_path / "portfolios" / "retail.yaml").write_text(unit, encoding="utf-8")
    main(["check", str(tmp_path), "--as-of", "2026-11-23", "--select", "YML", "MOD"])
    assert "All good" in capfd.readouterr().out


def test_the_waivers_and_investments_of_the_readme_have_the_shape(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    investment, waivers = (
        next(b for b in blocks("README.md", "yaml") if b.lstrip().startswith(start))
        for start in ("investments:", "waivers:")
    )
    (tmp_path / "portfolios").mkdir()
    text = f"business_unit: {{id: claims}}\n{investment}{waivers}"
    (tmp_path / "portfolios" / "claims.yaml").write_text(text, encoding="utf-8")
    main(["check", str(tmp_path), "--as-of", "2026-11-23", "--select", "YML", "MOD", "WVR"])
    out = capfd.readouterr().out
    assert "YML-" not in out
    assert "MOD-" not in out


@pytest.mark.parametrize("page", NAMES)
def test_yaml_that_is_shown_is_yaml(page: str) -> None:
    for block in blocks(page, "yaml"):
        yaml.safe_load(block)  # raises where it is not


def test_the_recorded_output_is_what_the_sample_says(capfd: pytest.CaptureFixture[str]) -> None:
    recorded = next(b for b in blocks("README.md", "") if b.startswith("$ itgov check\n"))
    main(["check", str(TREE), "--as-of", "2026-11-23"])
    said = capfd.readouterr().out
    for part in recorded.removeprefix("$ itgov check\n").split("\n\n"):
        for piece in part.split("\n…\n"):
            assert piece.strip("\n") in said


def test_the_list_of_exported_tables_is_what_the_command_prints(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["export", "--tables"]) == 0
    listed = (TREE / "docs" / "export-tables.md").read_text(encoding="utf-8")
    assert capfd.readouterr().out == listed, (
        "renew it: itgov export --tables > docs/export-tables.md"
    )
