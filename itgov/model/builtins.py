"""The findings that are built in: about the files themselves and about waivers."""

from __future__ import annotations

from itgov.model.finding import Severity
from itgov.model.rulebook import RuleInfo


def _rule(
    identifier: str, name: str, summary: str, why: str, fix: str, severity: Severity = "error"
) -> RuleInfo:
    subject = {"WVR": "waiver", "RUL": "rule", "HIS": "organisation"}.get(identifier[:3], "file")
    return RuleInfo(
        id=identifier,
        name=name,
        summary=summary,
        severity=severity,
        subject=subject,
        why=why,
        fix=fix,
        tags=(
            {"waiver": "waivers", "rule": "rules", "file": "files", "organisation": "history"}[
                subject
            ],
        ),
        waivable=False,
        built_in=True,
    )


_TWO_WAYS = "What can be read in two ways will one day be read in the other."
_HOSTILE = "A file that can hang or mislead a reader has no place in a shared repository."
_LOST = "A record that cannot be read is a record that nobody governs."
_UNSAID = "A rule that cannot be read enforces nothing."
_NOBODY = "A name that leads to nobody names nobody."

BUILT_IN: dict[str, RuleInfo] = {
    rule.id: rule
    for rule in (
        _rule("YML-001", "yaml-syntax", "The file is YAML", _LOST, "Mend the syntax at the place shown, or just above it."),
        _rule("YML-002", "yaml-encoding", "The file is UTF-8", "Names written in another encoding are garbled for everybody else.", "Save the file as UTF-8."),
        _rule("YML-003", "yaml-duplicate-key", "No key is given twice", _TWO_WAYS, "Keep one of the two and delete the other."),
        _rule("YML-004", "yaml-one-document", "A file holds one document", "Readers disagree on which document counts.", "Move the second document to a file of its own."),
        _rule("YML-005", "yaml-no-tags", "No value carries a tag", "A tag asks the reader to build something other than plain data.", "Write the plain value."),
        _rule("YML-006", "yaml-control-character", "No text holds control characters", "They can rewrite what a terminal shows.", "Delete the character."),
        _rule("YML-007", "yaml-aliases", "Aliases are defined, finite and few", _HOSTILE, "Write the value out."),
        _rule("YML-008", "yaml-nesting", "Nothing is nested over 100 deep", _HOSTILE, "Flatten it."),
        _rule("YML-009", "yaml-size", "No file is over 20 MB", _HOSTILE, "Split the file: a unit may have many."),
        _rule("YML-010", "yaml-number-range", "Numbers are finite and fit 64 bits", "A number out of range is computed with as another.", "Write a finite number, or quotes around a text."),
        _rule("YML-011", "yaml-readable", "Every file can be read inside the repository", _LOST, "Put the file itself into the repository."),
        _rule("MOD-001", "unknown-key", "Every key is one that the shape knows", "A misspelt key is a fact that no rule ever sees.", "Correct the key; an investment's own fields go under `custom`."),
        _rule("MOD-002", "missing-key", "Identifiers and names are there", "What has no name cannot be spoken of.", "Add the key."),
        _rule("MOD-003", "wrong-type", "Every value is of the right type", _LOST, "Write the value as the message says."),
        _rule("MOD-004", "wrong-value", "Every value is one that is allowed", _LOST, "Write one of the values that the message lists."),
        _rule("MOD-005", "wrong-date", "Every date exists", "Rules about time need days that exist.", "Write the date as year-month-day: 2026-03-31."),
        _rule("MOD-006", "empty-file", "No portfolio file is empty", "An empty file looks like a unit that was forgotten.", "Fill it in, or delete it."),
        _rule("REF-001", "unknown-person", "Every person named is in `people`", _NOBODY, "Correct the id, or add the person to organisation.yaml."),
        _rule("REF-002", "unknown-business-unit", "Every business unit named exists", _NOBODY, "Correct the id, or add the unit's file."),
        _rule("REF-003", "unknown-outcome", "Every outcome named exists", "Nobody can be measured by an outcome that is not there.", "Write <investment>/<outcome>."),
        _rule("REF-004", "unknown-objective", "Every objective named is one of the unit's", "Work for an objective that is not there is for nothing agreed.", "Correct the id, or add the objective to the unit."),
        _rule("REF-005", "unknown-investment", "Every investment named exists", "A chance followed nowhere is lost.", "Correct the id."),
        _rule("REF-006", "id-used-twice", "Every id is used once", "Two things of one name cannot be told apart.", "Give one of the two another id."),
        _rule("WVR-001", "waiver-ended", "No waiver has passed its end date", "An exception without an end is a rule without force.", "Mend the finding, or agree a new end date.", "warning"),
        _rule("WVR-002", "waiver-unknown-rule", "Every waiver is for a rule that exists", "It excuses nothing, and somebody thinks it does.", "Correct the rule's id, or delete the waiver."),
        _rule("WVR-003", "waiver-unused", "Every waiver still waives something", "A waiver left behind will hide the next finding.", "Delete it.", "warning"),
        _rule("WVR-004", "waiver-not-approved", "Every waiver names its approver", "An exception that nobody approved is only a wish.", "Add `approved_by:`."),
        _rule("WVR-005", "waiver-too-long", "No waiver lasts over a year", "What is excused for longer should be decided, not waived.", "Agree an end date within a year.", "warning"),
        _rule("WVR-006", "waiver-self-approved", "Nobody approves a waiver for themselves", "Who benefits from an exception cannot judge it.", "Have somebody else approve it."),
        _rule("WVR-007", "waiver-not-allowed", "No waiver is for a rule that cannot be waived", "Some rules are what governance is for.", "Mend the finding and delete the waiver."),
        _rule("WVR-008", "waiver-without-reason", "Every waiver says why", "Nobody can judge an exception without its reason.", "Add `reason:`.", "warning"),
        _rule("HIS-000", "history-known", "Git knows the history that rules ask after", "A rule that could not look back has not passed.", "Keep the portfolio in git, and check it where the whole history is.", "info"),
        _rule("RUL-001", "expression", "Every expression of a rule is CEL", _UNSAID, "Mend the expression at the place shown."),
        _rule("RUL-002", "unknown-field", "Every field that a rule reads exists", "A rule on a field that does not exist would silently pass.", "Correct the name; `itgov rules docs` lists all fields."),
        _rule("RUL-003", "wrong-result", "Conditions are true or false", _UNSAID, "Compare, so that the result is true or false."),
        _rule("RUL-004", "rule-id-used-twice", "Every rule id is used once", "Waivers and reports name rules by id.", "Give one of the two another id."),
        _rule("RUL-005", "mandatory-rule", "The two mandatory rules stay as they are", "They are what the tool is for.", "Delete the change."),
        _rule("RUL-006", "unknown-rule", "Every rule that is adjusted, disabled or scored exists", _UNSAID, "Correct the id."),
        _rule("RUL-007", "unguarded-null", "No rule orders or takes apart a value that may be missing", "Where it is missing the rule cannot be evaluated.", "Say in `when` that the value is there: `x != null`.", "warning"),
        _rule("RUL-008", "rule-form", "A rule has one of `named`, `require`, `assert`", _UNSAID, "Keep exactly one of the three."),
        _rule("RUL-009", "example", "Every example says what the rule says", "An example that disagrees is a rule that nobody meant.", "Correct the rule or the example."),
        _rule("RUL-010", "example-without-subject", "Every example holds a subject of its rule", "An example that reaches no subject proves nothing.", "Add the subject under its kind."),
        _rule("RUL-011", "rule-without-examples", "Every rule has an example that passes and one that fails", "A rule that was never seen to fail may never fail.", "Add them under `examples:`.", "warning"),
        _rule("RUL-012", "unknown-word", "Every text compared with a fixed set of words is one of them", "A comparison with a word that cannot occur never holds.", "Write one of the words allowed."),
        _rule("RUL-013", "health-weights", "Health has dimensions, and weight to share", "A score of nothing says nothing.", "Give at least one dimension a weight above 0."),
    )
}  # fmt: skip
"""By id."""
