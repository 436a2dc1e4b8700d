"""What a file is, told by what is in it: a workbook, or text."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from itgov.importing.trouble import refuse, shown

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def kind_of(path: Path, raw: bytes) -> Literal["workbook", "text"]:
    """Tell a workbook from text by what is in the file, and refuse what is neither."""
    suffix = path.suffix.casefold()
    if suffix in (".xlsx", ".xlsm") and raw[:8] == _OLD_WORKBOOK:
        raise refuse(
            "the workbook has a password, or is in the format of Excel 97, whatever its name says",
            path.as_posix(),
            "Save it as .xlsx without a password.",
        )
    if suffix in (".xls", ".ods", ".numbers", ".pdf") or raw[:8] == _OLD_WORKBOOK:
        raise refuse(
            "this kind of file is not supported",
            path.as_posix(),
            "Save it as .xlsx or as CSV.",
        )
    if raw[:4] == b"PK\x03\x04":
        return "workbook"
    start = shown(raw[:200].decode("utf-8", errors="replace"))
    if suffix in (".xlsx", ".xlsm"):
        raise refuse(
            f"this is no workbook, whatever its name says: it begins with `{start}`",
            path.as_posix(),
            "Save it from a spreadsheet as .xlsx, or name it .csv if it is text.",
        )
    if raw[:200].lstrip().lower().startswith((b"<!doctype html", b"<html", b"<?xml", b"%pdf")):
        raise refuse(
            f"this is no table: it begins with `{start}`",
            path.as_posix(),
            "Open it in a spreadsheet and save it as .xlsx or CSV.",
        )
    return "text"
