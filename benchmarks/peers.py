"""A cold check beside other programs on the same files in the same run, and beside parsing alone."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from measure import Program, Ran, heading, skip, take_turns, tell
from programs import compose, itgov, parse_in_rust

HERE = Path(__file__).resolve().parent


class Peer(NamedTuple):
    """A program that looks at the same files, and what of its time a check may take."""

    name: str
    command: Sequence[str] | None
    """None where it is not installed."""
    lacking: str
    """How it is installed."""
    target: float | None = None
    codes: tuple[int, ...] = (0, 1)


def part_peers(big: Path, runs: int) -> None:
    """Measure other programs, and a check against each."""
    heading("The same files by other programs, each measured once but for itgov and the parsers")
    ours, limit = take_turns([itgov("check", big), compose(big)], runs)
    tell("itgov check, all standard rules", ours.seconds, "s")
    for peer in _peers(big):
        if peer.command is None:
            skip(peer.name, f"not installed; {peer.lacking}")
            continue
        theirs = take_turns([Program(peer.name, peer.command, big, codes=peer.codes)], 1)[0]
        tell(peer.name, theirs.seconds, "s")
        tell(f"itgov check, ratio to {peer.name}", ours.seconds / theirs.seconds, "x", peer.target)
    _tell_parsers(big, ours, limit, runs)


def _tell_parsers(big: Path, ours: Ran, limit: Ran, runs: int) -> None:
    heading("The limit: the same files parsed and not looked at")
    tell("libyaml composes the files, with positions", limit.seconds, "s")
    tell("itgov check, ratio to libyaml", ours.seconds / limit.seconds, "x")
    if importlib.util.find_spec("yaml_rs") is None:
        skip("a parser in Rust", "not installed; `pip install yaml-rs`")
        return
    rust = take_turns([parse_in_rust(big)], runs)[0]
    tell("yaml-rs, a parser in Rust, without positions", rust.seconds, "s")
    tell("itgov check, ratio to yaml-rs", ours.seconds / rust.seconds, "x")


def _peers(big: Path) -> list[Peer]:
    files = sorted(str(p) for p in (big / "portfolios").glob("unit-*.yaml"))
    schema, rules = HERE / "two-fields.schema.json", HERE / "two-fields.spectral.yaml"
    rego = None
    if importlib.util.find_spec("opa_eval") is not None:
        rego = [sys.executable, str(HERE / "rego.py"), str(HERE / "two-fields.rego"), *files]
    return [
        Peer(
            "check-jsonschema, two fields",
            _tool("check-jsonschema", "--schemafile", str(schema), *files),
            "`pip install check-jsonschema`",
            0.1,
        ),
        Peer(
            "Spectral, two fields",
            _tool("spectral", "lint", "--ruleset", str(rules), "--quiet", *files),
            "`npm install @stoplight/spectral-cli`, and SPECTRAL=PROGRAM names it",
            0.5,
        ),
        Peer(
            "yamllint, its relaxed rules",
            _tool("yamllint", "-d", "relaxed", *files),
            "`pip install yamllint`",
        ),
        Peer("Rego by regorus, two fields", rego, "`pip install opa-eval`", codes=(0, 3)),
    ]


def _tool(name: str, *arguments: str) -> Sequence[str] | None:
    """Return a command of an installed program; the variable with its name names another one."""
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = os.environ.get(name.upper().replace("-", "_")) or shutil.which(name, path=beside)
    return [found, *arguments] if found else None
