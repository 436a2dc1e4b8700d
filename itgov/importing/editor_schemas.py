"""The schemas that the files' first lines point editors to, written where there are none."""

from __future__ import annotations

from pathlib import Path

from itgov.files.atomic import write_atomic
from itgov.rules.schemas import KINDS, schema_text


def write_schemas(target: Path) -> str:
    """Write the schemas that `target` lacks; return what there is to say where that cannot be."""
    folder = target / "schema"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return f"{folder} is not a folder, so the schemas for editors were not written there."
    try:
        folder.mkdir(exist_ok=True)
        for kind in KINDS:
            path = folder / f"{kind}.schema.json"
            if not path.exists():
                write_atomic(path, schema_text(kind).encode())
    except OSError as error:
        return f"{folder}: the schemas for editors were not written: {error.strerror or error}"
    return ""
