"""Where no result may be written: git's own files, what is judged, and out of a repository by a link."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from itgov.files.file_names import is_read
from itgov.files.git_dir import left_by_link
from itgov.files.repository_roots import root_above

if TYPE_CHECKING:
    from itgov.files.repository import Repository


def why_not_written(path: Path) -> str | None:
    """Return why no result may be written to a path, and what to do, or None where one may."""
    real = Path(os.path.realpath(path))
    if any(part.casefold() == ".git" for part in real.parts):
        return f"cannot write `{path}`: `{real}` is git's own"
    if is_read(real.name) and not is_read(path.name):
        return f"cannot write `{path}`: it is a link to `{real}`; delete the link"
    if is_read(real.name.lstrip(".")) and root_above(os.fspath(real.parent)) is not None:
        return (
            f"cannot write `{path}`: the YAML of a repository is what is judged, and no result is; "
            "give it another ending"
        )
    if (top := left_by_link(os.fspath(path))) is not None:
        return (
            f"cannot write `{path}`: a link leads out of the repository `{top}`; "
            "delete the link, or name the file that it leads to"
        )
    return None


def why_not_beside(repository: Repository, path: Path) -> str | None:
    """Return why tables may not be written to a path: it lies in a folder that is read; else None."""
    real = Path(os.path.realpath(path))
    for name in repository.folders:
        if real.is_relative_to(os.path.realpath(repository.root / name)):
            return f"cannot write `{path}`: `{name}/` is what is judged; name another place"
    return None
