"""Which findings are meant: those in some files, of some rules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from itgov.cli.options import Stop
from itgov.files.repository import NoRepository, Repository, find_repository
from itgov.model.filtered import FoundItems
from itgov.model.finding import Finding, Place, item_of
from itgov.model.rulebook import RuleInfo
from itgov.rules.language import MANDATORY


def folders_of(repository: Repository, paths: Sequence[Path]) -> list[str]:
    """Return the given paths relative to the root; empty where the whole repository is meant.

    Raises `Stop` for a path of another repository, or of none.
    """
    root = os.path.realpath(repository.root)
    found: list[str] = []
    whole = False
    for path in paths:
        try:
            of = os.path.realpath(find_repository(path).root)
        except NoRepository:
            of = ""
        if of != root:
            where = f"the repository `{repository.root}`"
            raise Stop(f"`{path}` is not in {where}; check one repository at a time")
        relative = os.path.relpath(os.path.realpath(path), root)
        whole = whole or relative == "."
        found.append(Path(relative).as_posix())
    return [] if whole else found


def with_files(folders: Sequence[str], files: Iterable[str]) -> None:
    """Raise `Stop` where a path that was asked for holds none of the files: it was not checked."""
    known = list(files)
    for folder in folders:
        if not any(inside(path, [folder]) for path in known):
            advice = "; for rule files there is `itgov rules check`" if "rules" in folder else ""
            raise Stop(f"there is no portfolio file in `{folder}`, so nothing was checked{advice}")


def inside(path: str, folders: Sequence[str]) -> bool:
    """Say whether a file lies in one of the folders; everything does where there are none."""
    return not folders or any(path == f or path.startswith(f + "/") for f in folders)


def selectors(given: Sequence[str], known: Mapping[str, RuleInfo], option: str) -> list[str]:
    """Return rule ids and family letters as given, upper case.  Raises `Stop` for unknown ones."""
    if not given:
        return []
    from itgov.model.text import did_you_mean

    by_name = {info.name: identifier for identifier, info in known.items()}
    words = [w.strip() for g in given for w in g.split(",") if w.strip()]
    if given and not words:
        raise Stop(f"{option} names no rule; write {option} OWN-001, or OWN for the family")
    found = []
    for word in words:
        name = by_name.get(word, word.upper())
        if option == "--ignore" and name in MANDATORY:
            raise Stop(f"{name} is mandatory and cannot be ignored: it is what the tool is for")
        if not any(name in (i.upper(), i.upper().partition("-")[0]) for i in known):
            near = did_you_mean(word, [*known, *by_name], ".")
            raise Stop(f"{option}: there is no rule `{word}`{near} See `itgov rules list`.")
        found.append(name)
    return found


def matches(rule: str, selected: Sequence[str]) -> bool:
    """Say whether a rule is one of those selected, by id or family."""
    return rule.upper() in selected or rule.upper().partition("-")[0] in selected


def choose(
    findings: Sequence[Finding],
    folders: Sequence[str],
    wanted: Sequence[str],
    unwanted: Sequence[str],
    unread: frozenset[str],
    hiding: Mapping[tuple[str, Place], frozenset[str]],
    items: FoundItems | None = None,
) -> Sequence[Finding]:
    """Return the findings that are meant; with `items` those on these items.

    What is wrong with a file of which nothing could be read, or for which a record was not read
    (`hiding`), is always among them: its records were never judged by the rules that are wanted.  So
    is a value that cannot be read, where a mandatory rule that is wanted asks for it.
    """
    if not (folders or wanted or unwanted or items):
        return findings
    chosen = []
    asked = frozenset(
        field for rule, field in MANDATORY.items() if not wanted or matches(rule, wanted)
    )
    for f in findings:
        hidden = hiding.get((f.rule, f.place))
        lost = (f.path in unread and f.rule[:3] in ("YML", "MOD")) or (
            hidden is not None and (not hidden or bool(hidden & asked))
        )
        if (
            inside(f.path, folders)
            and (lost or not wanted or matches(f.rule, wanted))
            and (lost or f.rule in MANDATORY or not matches(f.rule, unwanted))
            and (lost or items is None or item_of(f.subject) in items.ids)
        ):
            chosen.append(f)
    return chosen


def with_history(
    past: Iterable[str], wanted: list[str], unwanted: list[str]
) -> tuple[list[str], list[str]]:
    """Return what is wanted and what is not, and with either what says that git cannot tell.

    `past` are the rules that read history.  Who asks for one of them is told where it was not
    judged; who asks for none, or ignores all, is not.
    """
    readers = list(past)
    if any(matches(rule, wanted) for rule in readers):
        wanted = [*wanted, "HIS-000"]
    if readers and all(matches(rule, unwanted) for rule in readers):
        unwanted = [*unwanted, "HIS-000"]
    return wanted, unwanted
