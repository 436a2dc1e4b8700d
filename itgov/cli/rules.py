"""`itgov rules`: the catalogue, one rule explained, rule files checked, examples run, docs."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from itgov.cli.check import Failing
from itgov.cli.options import (
    Output,
    Parser,
    Stop,
    add_formats,
    add_selectors,
    is_current,
    outputs_of,
    with_selectors,
    write_file,
    write_outputs,
)
from itgov.cli.selection import matches, selectors
from itgov.cli.terminal import fail, say, wants_color, width, write
from itgov.files.repository import NoRepository, Repository, find_repository
from itgov.files.shipped import standard_root
from itgov.insight.flow import Flow
from itgov.model.finding import SEVERITIES, Finding
from itgov.model.text import plural
from itgov.report.check_report import CheckReport, summarise
from itgov.report.formats import FORMATS, Format
from itgov.rules.catalogue import RuleBook

if TYPE_CHECKING:
    from itgov.rules.examples import RuleCoverage

DESCRIPTION = """\
The rules: what is in force, what each means, and whether the files are sound.

  list            every rule in force and every finding that is built in
  show ID         one rule explained: why, how to fix it, sources, examples
  check [PATH]    rule files validated: every expression, field, id and example's shape
  test [PATH]     the examples of the rules run; --coverage says what none has tried
  docs            a reference page of rules and fields, as Markdown

The rules are those of the repository around the working directory; without one, or without
rule files in it, the standard pack.

Exit codes: 0 sound; 1 something is wrong with a rule; 2 the work could not be done.
"""


def run(arguments: list[str]) -> int:
    """Run the verb and return the exit code."""
    actions = {"list": _list, "show": _show, "check": _check, "test": _test, "docs": _docs}
    if not arguments or arguments[0] in ("-h", "--help"):
        write(f"usage: itgov rules list|show|check|test|docs [OPTION...]\n\n{DESCRIPTION}")
        return 0 if arguments else 2
    action = actions.get(arguments[0])
    if action is None:
        from itgov.model.text import did_you_mean

        return fail(
            f"`rules {arguments[0]}` is unknown{did_you_mean(arguments[0], actions, '.')} See `itgov rules --help`."
        )
    return action(arguments[1:])


def _parser(verb: str, description: str) -> Parser:
    parser = Parser(f"itgov rules {verb}", description)
    parser.add_no_cache()
    return parser


def _repository(path: str | None) -> tuple[Repository, Path]:
    """Return the repository whose rules are meant, and the file or folder asked for."""
    wanted = Path(path or ".")
    if not wanted.exists():
        raise Stop(f"there is no file or folder `{wanted}`")
    try:
        return find_repository(wanted), wanted
    except NoRepository:
        start = wanted.resolve()
        for folder in (start, *start.parents):
            if (folder / "rules").is_dir():
                return Repository(folder), wanted
        if path is None:
            return Repository(standard_root()), standard_root()
        raise Stop(
            f"no rules found: neither `{wanted}` nor a folder above it has `rules/`"
        ) from None


def _book(path: str | None, check: bool) -> tuple[Repository, RuleBook, Path]:
    repository, wanted = _repository(path)
    return repository, Flow(repository).rules(check=check), wanted


# -- list and show -------------------------------------------------------------------------


def _list(arguments: list[str]) -> int:
    parser = _parser("list", "List every rule in force and every finding that is built in.")
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_argument(
        "--format",
        choices=["text", "json", "markdown"],
        default="text",
        metavar="FORMAT",
        help="text (default), json or markdown",
    )
    parser.add_argument("--tag", metavar="TAG", help="only rules with this tag")
    options = parser.parse_args(arguments)
    _, book, _ = _book(options.path, check=False)
    rules = [r for r in book.info().values() if options.tag is None or options.tag in r.tags]
    if options.format == "json":
        from itgov.report import rules_json

        write(rules_json.rules(rules))
    else:
        from itgov.cli.figures import written
        from itgov.report.rule_text import catalogue

        write(written(catalogue(rules), options.format, False, None))
    if book.broken:
        say("Some rule files are broken: see `itgov rules check`.")
    return 0


def _show(arguments: list[str]) -> int:
    parser = _parser("show", "Explain one rule.")
    parser.add_argument("id", metavar="ID", help="its id or name: OWN-001, outcome-owner-named")
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_argument(
        "--format",
        choices=["text", "json"],
        default="text",
        metavar="FORMAT",
        help="text (default) or json",
    )
    options = parser.parse_args(arguments)
    _, book, _ = _book(options.path, check=False)
    known = book.info()
    by_name = {r.name: r for r in known.values()}
    rule = known.get(options.id.upper()) or known.get(options.id) or by_name.get(options.id)
    if rule is None:
        from itgov.model.text import did_you_mean

        raise Stop(
            f"there is no rule `{options.id}`{did_you_mean(options.id, [*known, *by_name], '.')} See `itgov rules list`."
        )
    if options.format == "json":
        from itgov.report import rules_json

        write(rules_json.rule(rule))
    else:
        from itgov.report.rule_text import explain

        loaded = next((r.rule for r in book.rules if r.rule.id == rule.id), None)
        examples: dict[str, list[dict[str, Any]]] = {}
        if loaded is not None:
            given = loaded.examples
            examples = {
                "passes": given.passes,
                "fails": given.fails,
                "does not apply": given.does_not_apply,
            }
        write(explain(rule, examples, color=wants_color(sys.stdout), width=width()))
    return 0


# -- check and test ------------------------------------------------------------------------


def _gate(verb: str, description: str) -> argparse.ArgumentParser:
    parser = _parser(verb, description)
    parser.add_argument(
        "path", nargs="?", metavar="PATH", help="a repository, its rules folder, or one rule file"
    )
    add_formats(parser, FORMATS)
    parser.add_argument(
        "--fail-on",
        choices=[*SEVERITIES, "never"],
        default="error",
        metavar="SEVERITY",
        help="error (default), warning, info or never",
    )
    return parser


def _check(arguments: list[str]) -> int:
    parser = _gate("check", "Validate rule files: all that is wrong with them in one run.")
    options = parser.parse_args(arguments)
    outputs = outputs_of(options)
    repository, book, wanted = _checked(options.path)
    findings = _within(book, book.problems, repository, wanted)
    _write(outputs, repository, book, findings)
    return 1 if Failing.at(options.fail_on).any(findings) else 0


def _checked(path: str | None) -> tuple[Repository, RuleBook, Path]:
    """Return a rule book with every expression checked, the standard pack's own included."""
    repository, book, wanted = _book(path, check=True)
    if not any(repository.tree.files(folder) for folder in repository.rule_folders):
        from itgov.rules.book import check_standard

        book = check_standard()
    return repository, book, wanted


def _test(arguments: list[str]) -> int:
    parser = _gate("test", "Run the examples of the rules.")
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="say which parts of each condition no example has made both true and false",
    )
    add_selectors(parser, ("--select", "only these rules; several with commas"))
    options = parser.parse_args(with_selectors(arguments))
    outputs = outputs_of(options)
    repository, book, wanted = _checked(options.path)
    broken = book.errors
    from itgov.rules.examples import run_examples

    known = {loaded.rule.id: loaded.info for loaded in book.rules}
    chosen = None
    if options.select:
        wanted_ids = selectors(options.select, known, "--select")
        chosen = [identifier for identifier in known if matches(identifier, wanted_ids)]
    tested = run_examples(book, chosen, options.coverage)
    findings = _within(book, [*broken, *tested.findings], repository, wanted)
    _write(outputs, repository, book, findings)
    if not findings and tested.examples == 0:
        return fail("no examples were run: the rules have none")
    say(
        f"{plural(tested.examples, 'example')} of {plural(len(chosen or known), 'rule')} run, {len(tested.findings):,} of them wrong."
    )
    if options.coverage:
        _say_coverage(tested.coverage)
    return 1 if Failing.at(options.fail_on).any(findings) else 0


def _say_coverage(coverage: list[RuleCoverage]) -> None:
    total = missed = 0
    for rule in coverage:
        for part in rule.parts:
            total += 1
            if not part.covered:
                missed += 1
                wanting = " nor ".join(
                    w
                    for w, seen in (("true", part.seen_true), ("false", part.seen_false))
                    if not seen
                )
                say(f"{rule.rule} {part.field}: never {wanting}: {part.text}")
    say(f"{total - missed} of {total} parts of conditions were seen both true and false.")


def _within(
    book: RuleBook, findings: list[Finding], repository: Repository, wanted: Path
) -> list[Finding]:
    """Return the findings in the one file that was asked for, or all."""
    from itgov.rules.verdicts import finish

    findings = finish(list(findings))
    if not wanted.is_file():
        return findings
    relative = os.path.relpath(os.path.realpath(wanted), os.path.realpath(repository.root))
    path = Path(relative).as_posix()
    if path not in book.documents:
        raise Stop(f"`{wanted}` is not a rule file of this repository, so nothing was checked")
    return [f for f in findings if f.path == path]


def _write(
    outputs: list[Output],
    repository: Repository,
    book: RuleBook,
    findings: list[Finding],
) -> None:
    documents = book.documents

    def lines(path: str, number: int) -> str:
        document = documents.get(path)
        return document.line_text(number) if document is not None else ""

    report = CheckReport(
        as_of=datetime.date.today(),
        findings=findings,
        summary=summarise(findings, len(documents), len(book.rules)),
        rules=book.info(),
        root=str(repository.root),
        lines=lines,
        noun="rule",
    )

    def render_one(name: Format, stdout: bool) -> str:
        from itgov.report.formats import render

        color = stdout and name == "text" and wants_color(sys.stdout)
        return render(report, name, color=color, width=width() if stdout else None)

    write_outputs(outputs, render_one)


# -- docs ----------------------------------------------------------------------------------


def _docs(arguments: list[str]) -> int:
    parser = _parser(
        "docs", "Write a reference page: every rule, and every field that a rule can read."
    )
    parser.add_argument("path", nargs="?", metavar="PATH")
    parser.add_argument("--output", metavar="FILE", help="write it to FILE instead of stdout")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 if FILE is not up to date"
    )
    options = parser.parse_args(arguments)
    if options.check and not options.output:
        raise Stop("--check needs --output FILE: the page to compare with")
    from itgov.report.rule_text import reference
    from itgov.rules.cel import FUNCTIONS
    from itgov.rules.language import SUBJECTS
    from itgov.rules.vocabulary import MESSAGES, vocabulary

    _, book, _ = _book(options.path, check=False)
    fields = {kind: list(vocabulary()[MESSAGES[kind]].values()) for kind in SUBJECTS}
    inner = {
        name: list(found.values())
        for name, found in vocabulary().items()
        if name not in MESSAGES.values()
    }
    page = reference(list(book.info().values()), fields, inner, FUNCTIONS)
    if options.check:
        again = f"itgov rules docs --output {options.output}"
        return 0 if is_current(Path(options.output), page, again) else 1
    if options.output:
        write_file(Path(options.output), page)
    else:
        write(page)
    return 0
