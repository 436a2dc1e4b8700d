"""Options that verbs share, and how they are read."""

from __future__ import annotations

import argparse
import datetime
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct

from itgov.cli.remembered import NO_CACHE
from itgov.cli.terminal import columns, say
from itgov.files.cache import switch_off
from itgov.model.errors import ItgovError
from itgov.model.lazy_patterns import lazy_pattern
from itgov.report.formats import Format


class Stop(ItgovError):
    """The work cannot be done; the text says why and what to do.  Ends with exit code 2."""


def require_unit(unit: str, units: Collection[str]) -> None:
    """Raise `Stop` where no business unit has this id."""
    if unit not in units:
        from itgov.model.text import did_you_mean

        raise Stop(f"there is no business unit `{unit}`{did_you_mean(unit, units)}")


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, on stderr, with exit code 2."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            formatter_class=_help_formatter,
            allow_abbrev=False,
        )
        self.results: set[str] = set()
        """The options that name a file to which a result is written."""
        self._given: Sequence[str] = ()

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """Add an argument; ids are taken in the form in which they are compared."""
        if options.get("metavar") in _IDS:
            options.setdefault("type", _id)
        return super().add_argument(*names, **options)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments; names and paths may stand on either side of options.

        Files that are to be written, and that an earlier run has left, get a word in its place.
        """
        self._given = sys.argv[1:] if args is None else args
        options = self.parse_intermixed_args(args, namespace)
        for output in getattr(options, "outputs", None) or ():
            if output.path not in (None, "-"):
                say_not_done(Path(str(output.path)))
        return options

    def add_as_of(self, help: str) -> None:
        """Add the as-of date as an option."""
        self.add_argument("--as-of", type=as_of, metavar="DATE", help=help)

    def add_no_cache(self) -> None:
        """Add `--no-cache`, by which nothing is taken from earlier runs or kept for later ones."""
        self.add_argument(
            NO_CACHE, action=_NoCache, nargs=0,
            help="take nothing from what earlier runs kept, and keep nothing",
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and stop; no file that they name keeps an old result."""
        say_none_done(self._given, self.results)
        say(f"{self.prog}: {message}{self._meant(message)}\nSee `{self.prog} --help`.")
        sys.exit(2)

    def _meant(self, message: str) -> str:
        """Return a word on what was probably meant by an unknown option or value."""
        from itgov.model.text import did_you_mean

        if unknown := re.search(r"unrecognized arguments: (--[\w-]+)", message):
            return did_you_mean(unknown[1], self._option_string_actions)
        if wrong := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message):
            return did_you_mean(wrong[1], re.findall(r"[\w-]+", wrong[2]))
        return ""


def run_action(
    prog: str,
    description: str,
    actions: Mapping[str, Callable[[list[str]], int]],
    arguments: list[str],
) -> int:
    """Run the action of a verb that its first argument names; say what there is where it names none."""
    if not arguments or arguments[0] not in actions:
        parser = Parser(prog, description)
        parser.add_argument("what", choices=list(actions), metavar="|".join(actions))
        parser.parse_args(arguments[:1])
    return actions[arguments[0]](arguments[1:])


def _help_formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, width=columns() - 2)


class _NoCache(argparse.Action):
    def __call__(self, *_: Any) -> None:
        switch_off()


_IDS = ("ID", "ITEM", "PERSON", "SUBJECT", "UNIT")
"""What arguments are called that take an id."""


def _id(text: str) -> str:
    if text.isascii():
        return text
    from itgov.model.one_form import one_form

    return one_form(text)


def as_of(text: str) -> datetime.date:
    """Return the as-of date of `--as-of`."""
    try:
        if len(text) != 10:
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"`{text}` is not a date (use 2026-03-31)") from None


class Output(Struct):
    """One format asked for, and the file it goes to; None is stdout."""

    format: Format
    path: str | None = None
    implied: bool = False
    """Whether no --format came before its --output."""


class _FormatAction(argparse.Action):
    def __call__(
        self, parser: Any, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        outputs: list[Output] = list(namespace.outputs or [])
        if outputs and outputs[-1].implied:  # --output FILE --format FORMAT: meant as a pair
            outputs[-1].format, outputs[-1].implied = values, False
        else:
            outputs.append(Output(values))
        namespace.outputs = outputs


class _OutputAction(argparse.Action):
    def __call__(
        self, parser: Any, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        outputs: list[Output] = list(namespace.outputs or [])
        if not outputs or outputs[-1].path is not None:
            outputs.append(Output("text", implied=True))
        outputs[-1].path = values
        namespace.outputs = outputs


def add_formats(parser: Parser, formats: Iterable[str]) -> None:
    """Add `--format` and `--output`, each of which may be given several times, in pairs."""
    parser.results.add("--output")
    parser.add_argument(
        "--format",
        action=_FormatAction,
        choices=list(formats),
        metavar="FORMAT",
        help=f"one of {', '.join(formats)}; several may be given, each with its --output",
    )
    parser.add_argument(
        "--output",
        action=_OutputAction,
        metavar="FILE",
        help="write the format before it to FILE instead of stdout; without one, the format is told "
        "by FILE's ending",
    )
    parser.set_defaults(outputs=None, formats=tuple(formats))


_ENDINGS: dict[str, Format] = {
    ".sarif": "sarif", ".xml": "junit", ".json": "json", ".md": "markdown", ".txt": "text",
    ".ics": "ics",
}  # fmt: skip


def outputs_of(namespace: argparse.Namespace) -> list[Output]:
    """Return what is to be written where.

    Raises `Stop` if two would share a place, or a file's ending tells no format.
    """
    outputs: list[Output] = namespace.outputs or [Output("text")]
    for output in outputs:
        if output.implied and output.path not in (None, "-"):
            output.format = _format_of(str(output.path), namespace.formats)
    places = [os.path.realpath(o.path) if o.path not in (None, "-") else None for o in outputs]
    for index, place in enumerate(places):
        if place in places[:index]:
            where = outputs[index].path or "stdout"
            raise Stop(f"two formats would be written to {where}; use an --output for each")
    return outputs


def _format_of(path: str, formats: Collection[Format]) -> Format:
    ending = os.path.splitext(path)[1].lower()
    told = _ENDINGS.get(ending, "text" if not ending or path == os.devnull else None)
    if told is None or told not in formats:
        known = ", ".join(e for e, f in _ENDINGS.items() if f in formats)
        raise Stop(
            f"`{path}`: its ending tells no format; write --format FORMAT before --output, or one of {known}"
        )
    return told


_NOT_DONE = "itgov has not ended its work: nothing was enforced, and nothing here is its result.\n"


def say_not_done(path: Path) -> None:
    """Put a word in place of what an earlier run has left in a file, until this one has ended.

    So a run that cannot do its work leaves nothing that looks like its result.
    """
    if path.is_file():
        write_file(path, _NOT_DONE)


def say_none_done(arguments: Sequence[str], results: Collection[str] = ("--output",)) -> None:
    """Do that for every file that arguments which cannot be understood name for a result."""
    for at, word in enumerate(arguments):
        option, given, value = word.partition("=")
        if option in results:
            place = value if given else next(iter(arguments[at + 1 : at + 2]), "-")
            if not place.startswith("-"):
                try:
                    say_not_done(Path(place))
                except Stop as refused:
                    say(f"itgov: {refused}")


_RULE = lazy_pattern(r"[A-Za-z]{3}(-[0-9]{3})?")


def with_selectors(arguments: Sequence[str]) -> list[str]:
    """Return arguments in which each rule after `--select` or `--ignore` has the option before it.

    Before, the two took as many words as followed, and with them the path to check.  A word that is
    the id or the family of a rule, and no file, is still taken, and told.
    """
    found: list[str] = []
    option = ""
    open_for_more = False
    for word in arguments:
        if option and not open_for_more:  # its own value
            open_for_more = True
        elif open_for_more and _RULE.fullmatch(word) and not os.path.exists(word):
            say(f"itgov: `{option} … {word}`: write `{option} A,B`, or `{option}` before each")
            found.append(option)
        else:
            option = word if word in ("--select", "--ignore") else ""
            open_for_more = False
        found.append(word)
    return found


def add_selectors(parser: argparse.ArgumentParser, *options: tuple[str, str]) -> None:
    """Add `--select` and the like, each with its help."""
    for option, words in options:
        parser.add_argument(option, action="append", default=[], metavar="RULES", help=words)


def write_outputs(
    outputs: list[Output], write_as: Callable[[Format, bool], str | Iterator[str]]
) -> None:
    """Write each output; `write_as` takes a format and whether it goes to stdout.

    It gives a text, or its parts: what goes to stdout is never in memory as a whole then.  Raises `Stop` where a file cannot be written.
    """
    from itgov.cli.terminal import write

    for output in outputs:
        to_stdout = output.path in (None, "-")
        text = write_as(output.format, to_stdout)
        parts = iter((text,)) if isinstance(text, str) else text
        if to_stdout:
            for part in parts:
                write(part)
        else:
            write_file(Path(str(output.path)), "".join(parts))


def is_current(path: Path, text: str, again: str) -> bool:
    """Return whether a file holds `text`; say so where it does not, with the command to run."""
    from itgov.report.plain import plain

    if path.is_file() and path.read_text(encoding="utf-8", errors="replace") == text:
        return True
    say(f"{plain(str(path))} is not up to date: run `{again}`.")
    return False


def refuse_way_out(path: Path) -> None:
    """Raise `Stop` where a file would be written through a link out of the git repository, or over what
    is no result: git's own files, and YAML in a portfolio repository."""
    from itgov.files.output_paths import why_not_written

    if (why := why_not_written(path)) is not None:
        raise Stop(why)


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all.  Raises `Stop`."""
    from itgov.files.atomic import write_atomic

    refuse_way_out(path)
    raw = text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file():  # /dev/stdout, a pipe
            path.write_bytes(raw)
        else:
            write_atomic(path, raw)
    except OSError as error:
        raise Stop(f"cannot write `{path}`: {error.strerror}") from None
