"""Folders, as tests compare them."""

from __future__ import annotations

from pathlib import Path


def files_of(root: Path) -> dict[str, str]:
    found = (p for p in root.rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_text(encoding="utf-8") for p in found}
