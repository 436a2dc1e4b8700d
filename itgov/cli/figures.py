"""What the verbs that show figures (health, value, managers) have in common."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from itgov.cli.options import Output, Parser, Stop, add_formats, outputs_of, write_outputs
from itgov.cli.terminal import ProgressBar, say, wants_color, width
from itgov.files.linked import Linked
from itgov.files.repository import Repository, find_repository
from itgov.files.sources import Version, WorkTree
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.model.finding import Place
from itgov.rules.catalogue import RuleBook

if TYPE_CHECKING:
    from itgov.cli.remembered import RememberedAnswer
    from itgov.files.parallel import Executor
    from itgov.insight.trend_points import Point
    from itgov.report.blocks import Block

TREND_DAYS = 90
"""How long before the as-of date the scores are that today's are compared with."""
FORMATS = ("text", "json", "markdown")
WriteAs = Callable[[str, bool, int | None], str]
"""Takes a format, whether to colour, and the columns of the terminal where there is one."""


def add_options(parser: Parser) -> None:
    """Add the options that all these verbs have: formats, outputs, the as-of date."""
    add_formats(parser, FORMATS)
    parser.add_as_of("the figures of this day (default: today)")
    parser.add_no_cache()


def open_repository(
    path: str | None, remembered: RememberedAnswer | None = None
) -> tuple[Repository, RuleBook]:
    """Return a repository and the rules in force there; `remembered` notes what they are.

    Raises `NoRepository`, `BrokenConfig` and `BrokenRules`.
    """
    repository = find_repository(Path(path or "."))
    if remembered is not None:
        remembered.watch(repository)
    return repository, Flow(repository).sound_rules()


def day_of(options: argparse.Namespace) -> datetime.date:
    """Return the as-of date: today unless `--as-of` says otherwise."""
    day: datetime.date = options.as_of or datetime.date.today()
    return day


def judged(
    repository: Repository,
    book: RuleBook,
    today: datetime.date,
    remembered: RememberedAnswer | None = None,
    executor: Executor | None = None,
    *,
    history: bool = False,
) -> Governed:
    """Read, link and judge, with a progress bar; git is asked with `history`, or if a rule asks.

    `executor` is as for `Flow`.
    Raises `NoRepository`.
    """
    version = _noted(repository, remembered)
    with ProgressBar() as progress:
        return Flow(repository, executor=executor, progress=progress).at(
            today, book, version, history=history
        )


def linked(
    repository: Repository,
    today: datetime.date,
    remembered: RememberedAnswer | None = None,
    executor: Executor | None = None,
    *,
    history: bool = False,
) -> Linked:
    """Read and link, for figures that no rule is needed for; git is asked with `history`.

    `executor` is as for `Flow`.
    Raises `NoRepository`.
    """
    version = _noted(repository, remembered)
    with ProgressBar() as progress:
        return Flow(repository, executor=executor, progress=progress).linked(
            today, version, history=history
        )


def _noted(repository: Repository, remembered: RememberedAnswer | None) -> Version[WorkTree]:
    """Return the files on disk, of which `remembered` will know what was looked up in them."""
    version = repository.on_disk
    if remembered is not None:
        remembered.looked_up = version.source.asked
    return version


def warn_of_unread(places: Sequence[Place]) -> None:
    """Say which files are broken, so that nobody takes the figures for the whole."""
    for place in places:
        say(f"{place.path}:{place.line}: something here cannot be used and is in no figure")
    if places:
        say("`itgov check` says what is wrong there.\n")


def written(
    blocks: Iterable[Block],
    name: str,
    color: bool,
    width: int | None,
    *,
    comment: bool = False,
) -> str:
    """Write a document down in the format `name`, text or Markdown that fits into a `comment`."""
    if name == "markdown":
        from itgov.report.write_markdown import MOST_BYTES, markdown

        return markdown(blocks, MOST_BYTES if comment else None)
    from itgov.report.write_terminal import terminal

    return terminal(blocks, color=color, width=width)


def show(
    options: argparse.Namespace, write_as: WriteAs, remembered: RememberedAnswer | None = None
) -> None:
    """Write every output that was asked for, and keep it for the next time.  Raises `Stop`."""
    outputs: list[Output] = outputs_of(options)
    texts: list[str] = []

    def write(name: str, stdout: bool) -> str:
        color = stdout and name == "text" and wants_color(sys.stdout)
        texts.append(write_as(name, color, width() if stdout else None))
        return texts[-1]

    write_outputs(outputs, write)
    files = [str(o.path) for o in outputs if o.path not in (None, "-")]
    if len(files) == len(outputs):
        say(f"Written to {', '.join(files)}.")
    if remembered is not None and len(outputs) == 1 and not files:
        remembered.keep(0, texts[0].encode("utf-8", errors="replace"))


def scores_before(
    repository: Repository, book: RuleBook, day: datetime.date, since: str | None
) -> Point | None:
    """Return the scores of an earlier day; None where git does not know any and nobody asked."""
    from itgov.files.git_dir import find_git_dir

    if since is None and find_git_dir(str(repository.root)) is None:
        return None
    from itgov.files.git import GitError
    from itgov.insight.trend import measure_before

    then = since or str(day - datetime.timedelta(days=TREND_DAYS))
    try:
        with ProgressBar() as progress:
            found = measure_before(repository, book, then, progress)
    except GitError as error:
        if since is not None:
            raise Stop(f"--trend {since}: {error}") from None
        return None
    if found is None and since is not None:
        raise Stop(f"--trend {since}: there was no portfolio yet")
    return found
