"""The findings that are built in: about the files themselves and about waivers."""

from __future__ import annotations

from itgov.model.finding import Severity
from itgov.model.rulebook import RuleInfo


def _rule(
    identifier: str,
    name: str,
    summary: str,
    title: str,
    why: str,
    fix: str,
    severity: Severity = "error",
) -> RuleInfo:
    subject = {"WVR": "waiver", "RUL": "rule", "POL": "rule", "HIS": "organisation"}.get(
        identifier[:3], "file"
    )
    return RuleInfo(
        id=identifier,
        name=name,
        summary=summary,
        title=title,
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


_TWO_WAYS = "Readers of the file can differ on what counts."
_HOSTILE = "Such a file can stop or mislead a reader."
_LOST = "What the file says here is not read, so no rule judges it."
_UNSAID = "The rule cannot be evaluated, so it enforces nothing."
_NOBODY = "The name refers to nothing."

BUILT_IN: dict[str, RuleInfo] = {
    rule.id: rule
    for rule in (
        _rule("YML-001", "yaml-syntax", "The file is YAML", "Not YAML", _LOST, "Fix the syntax at the place shown, or just above it."),
        _rule("YML-002", "yaml-encoding", "The file is UTF-8", "Not UTF-8", "Names in another encoding are unreadable for everybody else.", "Save the file as UTF-8."),
        _rule("YML-003", "yaml-duplicate-key", "No key is given twice", "Key given twice", _TWO_WAYS, "Keep one of the two and delete the other."),
        _rule("YML-004", "yaml-one-document", "A file holds one document", "More than one document", _TWO_WAYS, "Move the second document to a file of its own."),
        _rule("YML-005", "yaml-no-tags", "No value has a tag", "Value with a tag", "A tag asks the reader to build something other than plain data.", "Write the plain value."),
        _rule("YML-006", "yaml-control-character", "No text holds control characters", "Control character", "Control characters can change what a terminal shows.", "Delete the character."),
        _rule("YML-007", "yaml-aliases", "Aliases are defined, finite and few", "Alias undefined, endless or too large", _HOSTILE, "Write the value out."),
        _rule("YML-008", "yaml-nesting", "Nothing is nested over 100 deep", "Nested too deep", _HOSTILE, "Use fewer levels."),
        _rule("YML-009", "yaml-size", "No file is over 20 MB or a million values", "File too large", _HOSTILE, "Split the file: a unit may have many."),
        _rule("YML-010", "yaml-number-range", "Numbers are finite and fit 64 bits", "Number out of range", "A number out of range is read as another number.", "Write a finite number, or put a text in quotes."),
        _rule("YML-011", "yaml-readable", "Every file can be read inside the repository", "File not readable", _LOST, "Put the file itself into the repository."),
        _rule("YML-012", "file-passed-over", "Every file in the folders is read", "File not read", "Who wrote it may think that it is governed.", "Rename it to end in .yaml, or move it out of the folder.", "warning"),
        _rule("YML-013", "unseen-character", "No id holds a character that nobody sees", "Unseen character in an id", "Who looks for the id does not find it.", "Delete the character.", "warning"),
        _rule("MOD-001", "unknown-key", "Every key is a known one", "Unknown key", "No rule reads a misspelt key.", "Correct the key; an investment's own fields go under `custom`."),
        _rule("MOD-002", "missing-key", "Required identifiers and names are there", "Missing key", "Other records cannot refer to it.", "Add the key."),
        _rule("MOD-003", "wrong-type", "Every value is of the right type", "Wrong type", _LOST, "Write the value as the message says."),
        _rule("MOD-004", "wrong-value", "Every value is one that is allowed", "Value not allowed", _LOST, "Write one of the values that the message lists."),
        _rule("MOD-005", "wrong-date", "Every date exists", "Date that does not exist", "Rules about time need days that exist.", "Write the date as year-month-day: 2026-03-31."),
        _rule("MOD-006", "empty-file", "No portfolio file is empty", "Empty file", "An empty file may be a unit whose content was lost.", "Add its content, or delete it."),
        _rule("MOD-007", "value-or-profile", "Planned money is `value` or `profile`", "Plan given twice", "Two plans for one benefit cannot both hold; `profile` is counted.", "Keep one of the two and delete the other."),
        _rule("MOD-008", "blank-item", "No item of a list is blank", "Blank item in a list", "A record that was lost cannot be told from one that was never there.", "Write the item, or delete it.", "warning"),
        _rule("MOD-009", "text-too-long", "No text is over 20,000 characters", "Text too long", _LOST, "Shorten it; what is longer belongs in a document that this links to."),
        _rule("REF-001", "unknown-person", "Every person named is in `people`", "Unknown person", _NOBODY, "Correct the id, or add the person to organisation.yaml."),
        _rule("REF-002", "unknown-business-unit", "Every business unit named exists", "Unknown business unit", _NOBODY, "Correct the id, or add the unit's file."),
        _rule("REF-003", "unknown-outcome", "Every outcome named exists", "Unknown outcome", "Nobody can be measured by an outcome that does not exist.", "Write <investment>/<outcome>."),
        _rule("REF-004", "unknown-objective", "Every objective named is one of the unit's", "Unknown objective", _NOBODY, "Correct the id, or add the objective to the unit."),
        _rule("REF-005", "unknown-investment", "Every investment named exists", "Unknown investment", _NOBODY, "Correct the id."),
        _rule("REF-006", "id-used-twice", "Every id is used once", "Id used twice", "References to the id are ambiguous.", "Give one of the two another id."),
        _rule("REF-007", "evidence-not-there", "Evidence that is a path is a file of the repository", "Evidence not found", "Nobody can look at evidence that is not there, so that the result counts as one without.", "Correct the path from the repository's root, add the file, or write a web link: https://…"),
        _rule("REF-008", "id-looks-like-another", "No id looks like another", "Id that looks like another", "Nobody who reads them can tell the two apart.", "Write the id with the letters of the other, or give it another name."),
        _rule("WVR-001", "waiver-ended", "No waiver has passed its end date", "Waiver ended", "The exception was agreed only until that day.", "Fix the finding, or agree a new end date.", "warning"),
        _rule("WVR-002", "waiver-unknown-rule", "Every waiver is for a rule that exists", "Waiver for an unknown rule", "The waiver has no effect.", "Correct the rule's id, or delete the waiver."),
        _rule("WVR-003", "waiver-unused", "Every waiver still waives something", "Waiver not needed", "An unused waiver would hide the next finding.", "Delete it.", "warning"),
        _rule("WVR-004", "waiver-not-approved", "Every waiver names its approver", "Waiver without an approver", "An exception must be approved by somebody.", "Add `approved_by:`."),
        _rule("WVR-005", "waiver-too-long", "No waiver lasts over a year", "Waiver of over a year", "What is excused for longer should be decided, not waived.", "Agree an end date within a year.", "warning"),
        _rule("WVR-006", "waiver-self-approved", "Nobody approves a waiver for themselves", "Waiver approved by who benefits", "Whoever benefits from an exception cannot judge it.", "Have somebody else approve it."),
        _rule("WVR-007", "waiver-not-allowed", "No waiver is for a rule that cannot be waived", "Waiver not allowed", "The rule is marked as one that cannot be waived.", "Fix the finding and delete the waiver."),
        _rule("WVR-008", "waiver-without-reason", "Every waiver gives a reason", "Waiver without a reason", "Nobody can judge an exception without its reason.", "Add `reason:`.", "warning"),
        _rule("HIS-000", "history-known", "Git knows the history that rules ask for", "History not available", "A rule on history was not judged, which is not a pass.", "Keep the portfolio in git, and check it where the whole history is.", "info"),
        _rule("POL-001", "policy-weaker", "The policy is no weaker than agreed", "Policy weaker than agreed", "A change must not decide how strictly it is judged.", "Undo it, or have the policy's owner approve it."),
        _rule("POL-002", "policy-stricter", "The policy is as agreed", "Policy stricter than agreed", "Stricter rules are the policy owner's to know of.", "Nothing to fix.", "info"),
        _rule("POL-003", "waiver-not-agreed", "Every new waiver was approved by somebody of the business who was listed before", "Waiver not agreed", "A change must not bring the approver of its own exception.", "Have somebody approve it who is listed on the business side already."),
        _rule("POL-004", "withheld-not-agreed", "No field is withheld that was published", "Field newly withheld", "Rules do not ask for a field that is withheld.", "Publish it, or have the policy's owner approve it.", "warning"),
        _rule("POL-005", "person-new", "Every person was listed before, under the same name", "New person, name or side", "A person who does not exist could answer for anything.", "Check that the person exists, and is who they are said to be.", "info"),
        _rule("POL-006", "policy-broken", "The changed policy can be used", "Changed policy not usable", "It is judged by the agreed policy; the next change would be judged by none.", "Fix it; `itgov rules check` lists what is wrong."),
        _rule("POL-007", "withheld-hides-failure", "No field is newly withheld for want of which a rule fails", "Field newly withheld that a rule asks for", "A change must not keep back what it would fail for.", "Publish it, or have the policy's owner approve it."),
        _rule("RUL-001", "expression", "Every expression of a rule is CEL", "Expression not valid", _UNSAID, "Fix the expression at the place shown."),
        _rule("RUL-002", "unknown-field", "Every field that a rule reads exists", "Unknown field", "A rule on a field that does not exist would silently pass.", "Correct the name; `itgov rules docs` lists all fields."),
        _rule("RUL-003", "wrong-result", "Conditions are true or false", "Condition not true or false", _UNSAID, "Compare, so that the result is true or false."),
        _rule("RUL-004", "rule-id-used-twice", "Every rule id is used once", "Rule id used twice", "Waivers and reports name rules by id.", "Give one of the two another id."),
        _rule("RUL-005", "mandatory-rule", "The two mandatory rules stay as they are", "Mandatory rule changed", "The two rules are the purpose of the tool.", "Delete the change."),
        _rule("RUL-006", "unknown-rule", "Every rule that is adjusted, disabled or scored exists", "Unknown rule", _UNSAID, "Correct the id."),
        _rule("RUL-007", "unguarded-null", "No rule orders or takes apart a value that may be missing", "Missing value not handled", "Where the value is missing the rule cannot be evaluated.", "Say in `when` that the value is there: `x != null`.", "warning"),
        _rule("RUL-008", "rule-form", "A rule has one of `named`, `require`, `assert`", "Not one of named, require, assert", _UNSAID, "Keep exactly one of the three."),
        _rule("RUL-009", "example", "Every example ends as it says", "Example contradicts the rule", "The rule does not do what its author expected.", "Correct the rule or the example."),
        _rule("RUL-010", "example-without-subject", "Every example holds a subject of its rule", "Example without a subject", "An example that reaches no subject tests nothing.", "Add the subject under its kind."),
        _rule("RUL-011", "rule-without-examples", "Every rule has an example that passes and one that fails", "Rule without examples", "Without examples nobody knows whether the rule can fail.", "Add them under `examples:`.", "warning"),
        _rule("RUL-012", "unknown-word", "Every text compared with a fixed set of words is one of them", "Unknown word in a comparison", "A comparison with a word that cannot occur is never true.", "Write one of the words allowed."),
        _rule("RUL-013", "health-weights", "Health has dimensions with a weight above 0", "No weight in health", "Without weights there is no score.", "Give at least one dimension a weight above 0."),
        _rule("RUL-014", "expression-cost", "No expression can build more than 50 MB", "Expression too costly", "It is not evaluated: whoever checks could run out of memory.", "Ask for a field or a derived fact, in place of joining in a loop."),
        _rule("RUL-015", "rule-scored-once", "Every rule of severity error or warning counts in one dimension of health, or says why not", "Rule in no dimension, or in two", "What a rule finds would move no score and nobody would know, or would be counted twice.", "Add it to the `rules` of one dimension in health.yaml, or to `unscored` with the reason, in health.yaml or in the rule file.", "warning"),
    )
}  # fmt: skip
"""By id."""
