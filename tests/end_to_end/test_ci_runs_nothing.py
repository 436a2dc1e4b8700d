"""The commands of the CI that `init` writes run nothing that a checkout holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from itgov.cli.main import main

from ..support.git import GitRepo

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).resolve().parents[2]
NAMES = (
    *("pip", "itgov", "yaml", "msgspec", "runpy", "pkgutil", "site", "sitecustomize", "usercustomize"),
    *("encodings", "typing", "importlib", "os", "cel_expr_python", "google", "hashlib", "gc", "enum"),
)  # fmt: skip
"""Modules that Python, pip or itgov import: each is committed as a file or as a package."""
DIST = "itgov_stand_in-1.0.dist-info"


def run(line: str, checkout: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON", "PIP_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", line],
        cwd=checkout,
        env={**kept, "PATH": path, "ITGOV_CACHE": "off", **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository as `init` writes it, whose change holds a module of each name and no owner."""
    root = tmp_path / "checkout"
    repo = GitRepo(root, ("Ann", "ann@example.org"))
    assert main(["init", str(root), "--unit", "claims"]) == 0
    repo.commit("2026-11-20")
    write = f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__ + '\\n'); raise SystemExit(0)\n"
    for number, name in enumerate(NAMES):
        repo.write({f"{name}.py" if number % 2 else f"{name}/__init__.py": write})
        repo.write({f"{name}/__main__.py": write} if number % 2 == 0 else {})
    repo.write({"pip.conf": "[global]\nno-index = maybe\n", "setup.cfg": "[install]\nprefix = /\n"})
    unit = root / "portfolios/claims.yaml"
    text = unit.read_text(encoding="utf-8")
    unit.write_text(text.replace("outcome_owner: nadia.rahman", "outcome_owner:"), encoding="utf-8")
    repo.commit("2026-11-21")
    return root


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Something to install that needs no network."""
    made = tmp_path / "itgov_stand_in-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("stand_in.py", "")
        packed.writestr(
            f"{DIST}/METADATA", "Metadata-Version: 2.1\nName: itgov-stand-in\nVersion: 1.0\n"
        )
        packed.writestr(f"{DIST}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")  # fmt: skip
        packed.writestr(f"{DIST}/RECORD", "")
    return made


def lines(checkout: Path, place: str) -> list[str]:
    """Return what the CI of a forge runs, in its order."""
    flow = yaml.safe_load((checkout / place).read_text(encoding="utf-8"))
    if place.startswith(".github"):
        return [s["run"] for s in flow["jobs"]["check"]["steps"] if "run" in s]
    return [*flow["itgov"]["before_script"], "\n".join(flow["itgov"]["script"])]


@pytest.mark.skipif(find_spec("pip") is None, reason="pip is not installed")
@pytest.mark.parametrize("place", [".github/workflows/itgov.yml", ".gitlab-ci.yml"])
def test_a_module_in_the_checkout_replaces_none(
    checkout: Path, wheel: Path, tmp_path: Path, place: str
) -> None:
    base = GitRepo(checkout).git("rev-parse", "HEAD~1").strip()
    into = tmp_path / "installed"
    surroundings = {
        "ITGOV_SOURCE": str(wheel),
        "PIP_TARGET": str(into),  # beside the environment of these tests, not into it
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "BASE": base,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    ran = {line: run(line, checkout, **surroundings) for line in lines(checkout, place)}
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text(encoding="utf-8")
    assert (into / "stand_in.py").exists(), [r.stderr for r in ran.values()]
    judged = next(r for line, r in ran.items() if "itgov check" in line and "--ignore POL" in line)
    assert judged.returncode == 1
    assert "no outcome owner" in judged.stdout


def test_a_module_beside_a_portfolio_is_not_taken_once_itgov_runs(checkout: Path, tmp_path: Path) -> None:  # fmt: skip
    for name in ("yaml", "msgspec"):
        assert any((checkout / f).exists() for f in (f"{name}.py", name))
    for name in set(NAMES) - {"yaml", "msgspec", "cel_expr_python", "google"}:
        (checkout / f"{name}.py").unlink(missing_ok=True)
        for file in (checkout / name).glob("*.py"):
            file.unlink()
        if (checkout / name).is_dir():
            (checkout / name).rmdir()
    ended = run("python -m itgov check --as-of 2026-11-23", checkout)
    assert not (tmp_path / "ran").exists()
    assert ended.returncode == 1
    assert "OWN-001" in ended.stdout


@pytest.mark.parametrize(
    "place",
    ["README.md", "docs/ci.md", "itgov/cli/templates/github.yaml", "itgov/cli/templates/gitlab.yaml"],
)  # fmt: skip
def test_what_is_written_for_ci_never_starts_pip_from_a_checkout(place: str) -> None:
    text = (PROJECT / place).read_text(encoding="utf-8")
    written = re.findall(r"^\s*(?:- )?(?:run: |- )(.*pip install.*)", text, re.MULTILINE)
    for line in written:
        assert 'cd "$(mktemp -d)" && python -I -m pip install' in line
    assert written or place == "docs/ci.md"
