"""What a rule has to say about one subject, and where: the finding, in the shape of `--format json`."""

from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""Worst first."""

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


class Finding(Struct, frozen=True, gc=False):
    """One subject that fails one rule, at one place in one file."""

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
    waived: bool = False
    fingerprint: str = ""
    fix: str = ""
    related: tuple[Place, ...] = ()
    """Other places that belong to it: the first of two duplicates, say."""
    waiver_reason: str | None = None
    unevaluated: bool = False
    """True where the rule could not be evaluated on the subject: never a pass."""

    @property
    def place(self) -> Place:
        """Where the finding points."""
        return Place(self.path, self.line, self.column, self.end_line, self.end_column)

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of every list of findings: path, line, column, rule; the message breaks ties."""
        return (self.path, self.line, self.column, self.rule, self.message)
