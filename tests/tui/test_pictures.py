"""The pictures of the README: drawn by the script in the tree, and as the room looks now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent.parent


@pytest.mark.slow
def test_the_pictures_are_as_they_would_be_drawn_now() -> None:
    script = TREE / "docs" / "screenshots.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        cwd=TREE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_picture_of_the_readme_is_there_and_says_what_it_shows() -> None:
    readme = (TREE / "README.md").read_text(encoding="utf-8")
    pictures = sorted((TREE / "docs" / "pictures").glob("*.svg"))
    assert pictures
    for picture in pictures:
        assert f"docs/pictures/{picture.name}" in readme
        svg = picture.read_text(encoding="utf-8")
        assert 'role="img" aria-label="' in svg
        assert "http" not in svg.replace("http://www.w3.org", "")
