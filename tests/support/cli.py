"""The command line, run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from itgov.cli.main import main


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote to stdout, as JSON."""
        return json.loads(self.out)

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of `--format json`."""
        return list(self.json["findings"])


Run = Callable[..., Ran]


def run_cli(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """Run `itgov` with these arguments, each as text."""
    capsys.readouterr()
    code = main([str(a) for a in arguments])
    said = capsys.readouterr()
    return Ran(code, said.out, said.err)
