"""What a rule has to say about one subject, and where: the finding, in the shape of `--format json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Literal, Protocol, get_args

from msgspec import Struct

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Worst first."""
_RANKS = {severity: rank for rank, severity in enumerate(SEVERITIES)}

SubjectKind = Literal[
    "organisation",
    "business_unit",
    "investment",
    "outcome",
    "person",
    "relationship_manager",
    "engagement",
    "waiver",
    "rule",
    "file",
]


def severity_rank(severity: Severity) -> int:
    """Return where a severity stands among all, the worst first."""
    return _RANKS[severity]


class Place(Struct, frozen=True, gc=False, order=True):
    """A span of text in a file.

    `path` is relative to the repository's root, with forward slashes.  Lines and columns count
    from 1, columns in characters; the end is the first column after the span.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


class Subject(Struct, frozen=True, gc=False, order=True):
    """What a finding is about.  An outcome's id is `<investment>/<outcome>`; an engagement's
    `<unit>/<date>`; a file's its path."""

    kind: SubjectKind
    id: str


def item_of(subject: Subject) -> str | None:
    """Return the id of the investment that a finding's subject is or belongs to."""
    if subject.kind == "investment":
        return subject.id
    if subject.kind == "outcome":
        return subject.id.rpartition("/")[0]
    return None


class FindingRule(Protocol):
    """What a finding takes over from its rule: one of a rule file, or one that is built in."""

    @property
    def id(self) -> str:
        """`OWN-001`."""

    @property
    def name(self) -> str:
        """`outcome-owner-named`."""

    @property
    def severity(self) -> Severity:
        """How bad a failure is."""

    @property
    def fix(self) -> str | None:
        """What to do about it."""


class Finding(Struct, frozen=True, gc=False, omit_defaults=True):
    """One subject that fails one rule, at one place in one file.

    `--format json` writes it as it is: up to `fingerprint` every key, then those that say something.
    """

    rule: str
    name: str
    severity: Severity
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    business_unit: str | None
    subject: Subject
    field: str | None
    waived: bool
    fingerprint: str
    fix: str = ""
    related: tuple[Place, ...] = ()
    """Other places that belong to it: the first of two duplicates, say."""
    waiver_reason: str | None = None
    unevaluated: bool = False
    """True where the rule could not be evaluated on the subject: never a pass."""
    names: str | None = None
    """The unknown id that it is about: a field may name several. In the fingerprint, but in no output."""

    @classmethod
    def of(
        cls,
        rule: FindingRule,
        subject: Subject,
        place: Place,
        message: str,
        *,
        business_unit: str | None = None,
        field: str | None = None,
        fix: str | None = None,
        related: tuple[Place, ...] = (),
        waiver_reason: str | None = None,
        waived: bool = False,
        unevaluated: bool = False,
        names: str | None = None,
        fingerprint: str = "",
    ) -> Finding:
        """Return the finding of a rule on a subject at a place.

        Its fingerprint is known once all of a run are: one that is given is that of the first alike.

        Without `fix` it is the rule's; nothing is to be fixed where it could not be evaluated.
        """
        if fix is None:
            fix = "" if unevaluated else rule.fix or ""
        return cls(
            rule.id, rule.name, rule.severity, message,
            place.path, place.line, place.column, place.end_line, place.end_column,
            business_unit, subject, field, waived, fingerprint, fix, related, waiver_reason, unevaluated, names,
        )  # fmt: skip

    @property
    def place(self) -> Place:
        """Where the finding points."""
        return Place(self.path, self.line, self.column, self.end_line, self.end_column)

    def located(self) -> str:
        """Return where the finding begins, as editors and terminals follow it."""
        return f"{self.path}:{self.line}:{self.column}"


sort_key: Callable[[Finding], tuple[str, int, int, str, str]] = attrgetter(
    "path", "line", "column", "rule", "message"
)
"""Order of every list of findings: path, line, column, rule; the message breaks ties."""

_fingerprint: Callable[[Finding], str] = attrgetter("fingerprint")


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return the fingerprint of each."""
    return list(map(_fingerprint, findings))
