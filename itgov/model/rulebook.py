"""A rule in the catalogue, and how often it ended in which way: no part of the rule language."""

from msgspec import Struct

from itgov.model.finding import Place, Severity


class RuleInfo(Struct, frozen=True, kw_only=True):
    """The catalogue entry of a rule, built in or from a rule file."""

    id: str
    name: str
    summary: str
    """What should hold."""
    title: str = ""
    """What is wrong where it fails; empty where the rule file does not say."""
    severity: Severity
    subject: str
    why: str = ""
    fix: str = ""
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    waivable: bool = True
    mandatory: bool = False
    built_in: bool = False
    place: Place | None = None
    condition: str = ""
    """The rule in words of its own language, for people: when, assert, require, named."""

    @property
    def heading(self) -> str:
        """What is written over its findings."""
        return self.title or self.summary


class Tally(Struct):
    """How often a rule ended in which way."""

    passed: int = 0
    failed: int = 0
    waived: int = 0
    not_applicable: int = 0
    unevaluated: int = 0

    @property
    def applicable(self) -> int:
        """Subjects it applied to: the denominator of every share."""
        return self.passed + self.failed + self.waived + self.unevaluated
