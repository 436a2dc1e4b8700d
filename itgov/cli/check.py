"""`itgov check`: enforce."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from itgov.cli.filtering import add_filter, found_items
from itgov.cli.leaving import hold
from itgov.cli.options import (
    Output,
    Parser,
    Stop,
    add_formats,
    add_selectors,
    outputs_of,
    with_selectors,
    write_outputs,
)
from itgov.cli.remembered import LARGEST_ANSWER, RememberedAnswer
from itgov.cli.selection import choose, folders_of, selectors, with_files, with_history
from itgov.cli.sharing import add_sharing, at_hand, shared
from itgov.cli.terminal import ProgressBar, say, wants_color, width
from itgov.files.git_dir import prefix_of
from itgov.files.repository import (
    BrokenConfig,
    Repository,
    find_repository,
    find_root,
    refuse_nested,
)
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.model.finding import SEVERITIES, Finding, Place, Severity
from itgov.model.findings import kinds_of
from itgov.model.text import plural
from itgov.report.check_report import CheckReport, summarise
from itgov.report.formats import FORMATS, Format
from itgov.report.words import tally
from itgov.rules.language import MANDATORY

if TYPE_CHECKING:
    from itgov.files.parallel import Executor
    from itgov.insight.policy import AgreedPolicy

DESCRIPTION = """\
Enforce the rules of a portfolio repository.

PATH is a repository (default: here, or the nearest folder above with portfolios/), or
files and folders inside one: the whole is read, and only findings in these are shown.
It may be the address of a folder elsewhere: s3://bucket/folder.

Exit codes: 0 nothing at or above --fail-on; 1 something is; 2 the work could not be done,
so nothing was enforced: no portfolio, a broken rule file, a bad argument.  --watch ends at
ctrl+c or SIGTERM with the code of its last check.
"""


def _parser() -> Parser:
    parser = Parser("itgov check", DESCRIPTION)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="what to check")
    add_formats(parser, FORMATS)
    parser.add_argument(
        "--fail-on",
        choices=[*SEVERITIES, "never"],
        metavar="SEVERITY",
        help="error (default), warning, info or never",
    )
    add_selectors(
        parser,
        ("--select", "only these rules: OWN-001, or OWN for the family; several with commas"),
        ("--ignore", "not these rules"),
    )
    add_filter(parser)
    parser.add_argument(
        "--since",
        metavar="REV",
        help="only findings that a branch adds: compared with where it parted from the git revision "
        "REV (or REV...HEAD)",
    )
    parser.add_argument(
        "--policy",
        metavar="REV",
        help="judge by itgov.yaml, rules and health of the git revision REV, and report what a change "
        "makes of them (POL)",
    )
    parser.add_as_of("judge as on this day (default: today)")
    parser.add_no_cache()
    parser.add_argument(
        "--statistics",
        action="store_true",
        help="counts by rule and by business unit instead of each finding",
    )
    parser.add_argument(
        "--all", action="store_true", help="every finding in text, however many there are"
    )
    add_sharing(parser)
    parser.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    return parser


class CheckResult(Struct):
    """How a check ended, and what it wrote to stdout if that is all that it did."""

    code: int
    written: bytes | None = None
    looked_up: Mapping[str, bool] = {}
    """Paths that were only looked up, and whether a file is there: evidence of results."""


def run(arguments: list[str], remembered: RememberedAnswer | None = None) -> int:
    """Run the verb and return the exit code."""
    options = _parser().parse_args(with_selectors(arguments))
    outputs = outputs_of(options)
    for name in ("policy", "statistics"):
        if options.filter is not None and getattr(options, name):
            raise Stop(f"--filter and --{name} do not go together")
    with at_hand(options, remembered) as remembering:
        return _run(options, outputs, remembering)


def _run(
    options: argparse.Namespace, outputs: list[Output], remembered: RememberedAnswer | None
) -> int:
    paths = _paths(options.paths)
    agreed = _agreed(paths[0], options)
    repository = agreed.repository if agreed is not None else find_repository(paths[0])
    keep = remembered is not None and remembered.key is not None
    with shared(options) as executor:
        if options.watch:
            from itgov.cli.watching import watch

            def again() -> int:
                now = find_repository(repository.root)
                return check(now, paths, options, outputs, executor=executor).code

            return watch(repository, again)
        if remembered is not None:
            remembered.watch(repository)
        answer = check(repository, paths, options, outputs, agreed, executor, keep=keep)
    if remembered is not None and answer.written is not None:
        remembered.looked_up = answer.looked_up
        remembered.keep(answer.code, answer.written)
    return answer.code


def _paths(given: Sequence[str]) -> list[Path]:
    paths = [Path(p) for p in (given or ["."])]
    for path in paths:
        if not path.exists():
            raise Stop(f"there is no file or folder `{path}`")
    return paths


def check(
    repository: Repository,
    paths: list[Path],
    options: argparse.Namespace,
    outputs: list[Output],
    agreed: AgreedPolicy | None = None,
    executor: Executor | None = None,
    *,
    keep: bool = False,
) -> CheckResult:
    """Check once, write every output, and say how it ended; with `keep` with what went to stdout.

    `executor` is as for `Flow`.
    """
    today = options.as_of or datetime.date.today()
    progress = ProgressBar()
    by_clock = options.as_of is None
    flow = Flow(repository, executor=executor, progress=progress, by_clock=by_clock)
    book = agreed.policy.book if agreed is not None else flow.sound_rules()
    if book.health_errors:
        say(
            f"{book.health_path} has errors: `itgov rules check` lists them. The rules are in force."
        )
    known = book.info()
    wanted = selectors(options.select, known, "--select")
    unwanted = selectors(options.ignore, known, "--ignore")
    folders = folders_of(repository, paths) if options.paths else []
    with progress:
        version = repository.on_disk
        # these ask for more than findings: kept links have it, parts do not
        parts = not (options.filter or options.since or agreed)
        governed = flow.at(today, book, version, findings_only=True, parts=parts)
        hold(governed)
        wanted, unwanted = with_history(governed.judged.past, wanted, unwanted)
        findings = _meant(flow, governed, options.since)
        if agreed is not None:
            findings = _with_policy(findings, agreed, governed)
    extent = governed.extent
    with_files(folders, extent.documents)
    unread, hiding = frozenset(extent.unread), extent.hiding
    shown = choose(findings, folders, wanted, unwanted, unread, hiding)
    items = found_items(governed, options.filter)
    if items is not None:
        whole, shown = shown, choose(shown, (), (), (), unread, hiding, items)
        say(
            f"Filter: {items.told.share}; {plural(len(whole) - len(shown), 'finding')} on other items, "
            "or on no item, left out."
        )
    failing = _failing(unread, hiding, options.fail_on, repository.config.fail_on)
    report = CheckReport(
        as_of=today,
        findings=shown,
        summary=summarise(shown, extent.files, extent.investments),
        rules=known,
        root=str(repository.root),
        lines=extent.line,
        since=options.since,
        whole=options.all,
        prefix=prefix_of(repository.root),
        fails=failing.has,
        tallies=governed.judged.tallies() if options.statistics else {},
        filtered=items.told if items is not None else None,
    )
    keep = keep and len(outputs) == 1 and outputs[0].path in (None, "-")
    written = bytearray()

    def write_as(name: Format, stdout: bool) -> Iterator[str]:
        for part in _render(report, name, stdout, options.statistics):
            if keep and len(written) <= LARGEST_ANSWER:  # what is longer is not kept
                written.extend(part.encode("utf-8", errors="replace"))
            yield part

    write_outputs(outputs, write_as)
    if all(o.path not in (None, "-") for o in outputs):
        counts = report.summary
        say(
            f"{tally(counts.by_severity) or 'no findings'}{f' ({counts.waived:,} waived)' if counts.waived else ''}; written to {', '.join(str(o.path) for o in outputs)}"
        )
    found_none = items is not None and not items.told.items
    code = 1 if failing.any(shown) else 2 if found_none else 0
    kept = bytes(written) if keep else None
    return CheckResult(code, kept, version.source.asked)


class Failing(Struct, frozen=True):
    """Which findings a run fails for: those of some severities that are not waived."""

    severities: frozenset[Severity]
    among: Callable[[Finding], bool] | None = None
    """Which of them; None: all."""

    @classmethod
    def at(cls, fail_on: str) -> Failing:
        """Return it for `--fail-on`."""
        bad = SEVERITIES[: [*SEVERITIES, "never"].index(fail_on) + 1] if fail_on != "never" else ()
        return cls(frozenset(bad))

    def has(self, finding: Finding) -> bool:
        """Say whether a run fails for a finding."""
        bad = finding.severity in self.severities and not finding.waived
        return bad and (self.among is None or self.among(finding))

    def any(self, findings: Sequence[Finding]) -> bool:
        """Say whether a run fails."""
        kinds = kinds_of(findings)
        if not any(severity in self.severities and not waived for _, _, severity, waived in kinds):
            return False
        return self.among is None or any(map(self.has, findings))


def _failing(
    unread: Collection[str],
    hiding: Collection[tuple[str, Place]],
    asked: str | None,
    agreed: str,
) -> Failing:
    """Return what a check fails for: by what the command line asks for, else by the repository, whose
    files cannot let a mandatory rule or a file that cannot be read pass."""
    if asked is not None:
        return Failing.at(asked)
    if agreed != "never":  # then every error counts, these among them
        return Failing.at(agreed)

    def is_lost(f: Finding) -> bool:
        return (
            f.rule in MANDATORY
            or f.path in unread
            or f.rule[:3] in ("YML", "MOD")
            or (bool(hiding) and (f.rule, f.place) in hiding)
        )

    return Failing(frozenset(["error"]), is_lost)


def _render(report: CheckReport, name: Format, stdout: bool, statistics: bool) -> Iterator[str]:
    import sys

    from itgov.report.formats import render_parts

    color = stdout and name == "text" and wants_color(sys.stdout)
    return render_parts(
        report, name, color=color, width=width() if stdout else None, statistics=statistics
    )


# -- which findings ------------------------------------------------------------------------


def _agreed(path: Path, options: argparse.Namespace) -> AgreedPolicy | None:
    """Return the policy of the revision that is asked for."""
    if options.policy is None:
        return None
    if options.watch:
        raise Stop("--watch and --policy do not go together")
    from itgov.files.git import GitError
    from itgov.insight.policy import agreed_policy

    root = find_root(path)
    try:
        found = agreed_policy(root, options.policy, options.as_of or datetime.date.today())
    except GitError as error:
        raise Stop(f"--policy {options.policy}: {error}") from None
    except BrokenConfig as broken:
        raise Stop(f"--policy {options.policy}: its itgov.yaml cannot be used: {broken}") from None
    refuse_nested(root, found.repository.config.paths)
    for was, now in found.moved:
        say(f"`{was}/` of {options.policy} is gone: judged by what itgov.yaml names now, `{now}/`.")
    if found.standard:
        say(f"{options.policy} has no rules of its own: judged by the standard pack.")
    return found


def _with_policy(
    findings: Sequence[Finding], agreed: AgreedPolicy, governed: Governed
) -> list[Finding]:
    from itgov.insight.policy import differences
    from itgov.rules.verdicts import finish

    return finish([*findings, *differences(agreed, governed)])


def _meant(flow: Flow, governed: Governed, revision: str | None) -> Sequence[Finding]:
    """Return all findings, or those that a revision does not have."""
    if revision is None:
        return governed.judged.findings
    from itgov.files.git import GitError
    from itgov.insight.since import findings_since

    try:
        found = findings_since(flow, governed, revision)
    except GitError as error:
        raise Stop(f"--since {revision}: {error}") from None
    if len(found.bases) > 1:
        say(
            f"{revision} and what is checked out parted at {len(found.bases)} commits, merged both ways: "
            f"compared with the first that git names, {found.bases[0].id[:10]}."
        )
    return found.findings
