"""Dodges by a change to what decides how strictly is judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ...support.git import GitRepo
from . import NO_OWNER, Dodge, both, replace, write

JUDGING = ("check", "--policy", "{base}", "--ignore", "POL")
POLICY = ("check", "--policy", "{base}", "--select", "POL")
_HEALTH = (Path(__file__).resolve().parents[3] / "rules/health.yaml").read_text(encoding="utf-8")
_OWN = "extends: standard\n"
_WAIVER = """\
    waivers:
      - {{rule: VAL-004, reason: r, until: 2027-02-01, approved_by: {approver}}}
    custom:"""


def _rules(text: str) -> dict[str, str | None]:
    return {"rules/more.yaml": _OWN + text}


def _weaker(what: str, files: dict[str, str | None], *says: str) -> Dodge:
    return Dodge(what, write(files), POLICY, 1, ["POL-001", *says])


def _waived(approver: str):
    return replace("portfolios/claims.yaml", "    custom:", _WAIVER.format(approver=approver))


_NEW_PERSON = replace(
    "portfolios/organisation.yaml",
    "relationship_managers:\n",
    "  - {id: new.one, name: New One, side: business}\nrelationship_managers:\n",
)

_PEOPLE = "portfolios/organisation.yaml"
_SECRET = replace(
    "portfolios/claims.yaml",
    "engagements:\n",
    "  - {id: CLA-009, title: Secret, stage: delivering, outcome_owner: nadia.rahman, relationship_manager: sam.reed,\n"
    "     spend: [{year: 2026, budget: 9000000}], withheld: {outcomes: Secret}}\nengagements:\n",
)


def _moved(owner: str) -> Callable[[GitRepo], None]:
    """The whole portfolio in another folder, which the settings name."""

    def change(repo: GitRepo) -> None:
        repo.git("mv", "portfolios", "data")
        replace("data/claims.yaml", "outcome_owner: nadia.rahman", owner)(repo)
        repo.write({"itgov.yaml": "paths: {portfolios: data}\n"})
        repo.commit("2026-11-21", title="Moved")

    return change


_BELOW = {"it/sub/portfolios/organisation.yaml": "organisation: {id: y, name: Y}\n", "it/sub/portfolios/a.yaml": "business_unit: {id: a}\n"}  # fmt: skip

DODGES = [
    Dodge("nothing fails: by a file", both(NO_OWNER, write({"itgov.yaml": "fail_on: never\n"})), ["check"], 1, ["OWN-001"]),
    Dodge("nothing fails: by the command line", NO_OWNER, ["check", "--fail-on", "never"], 0, ["OWN-001"]),
    Dodge("a file that cannot be read, and nothing fails", write({"itgov.yaml": "fail_on: never\n", "portfolios/x.yaml": "a: [\n"}), ["check"], 1, ["YML-001"]),
    Dodge("nothing fails: judged as agreed", both(NO_OWNER, write({"itgov.yaml": "fail_on: never\n"})), JUDGING, 1, ["OWN-001"], ["POL-"]),
    _weaker("nothing fails: the policy", {"itgov.yaml": "fail_on: never\n"}, "`fail_on` is `never`, and was `error`", "itgov.yaml:1"),
    Dodge("more fails: the policy", write({"itgov.yaml": "fail_on: warning\n"}), POLICY, 0, ["POL-002"]),
    Dodge("portfolios in a hidden folder", both(NO_OWNER, write({"itgov.yaml": "paths: {portfolios: .p}\n", ".p/a.yaml": "business_unit: {id: a}\n"})), ["check"], 2, ["is hidden"]),
    Dodge("portfolios elsewhere: judged as agreed", both(NO_OWNER, write({"itgov.yaml": "paths: {portfolios: decoy}\n", "decoy/a.yaml": "business_unit: {id: a}\n"})), JUDGING, 1, ["OWN-001"]),
    _weaker("portfolios elsewhere: the policy", {"itgov.yaml": "paths: {portfolios: decoy}\n", "decoy/a.yaml": "business_unit: {id: a}\n"}, "`paths.portfolios` is `decoy`, and was `portfolios`"),
    Dodge("portfolios elsewhere: what was read before is named", both(NO_OWNER, write({"itgov.yaml": "paths: {portfolios: decoy}\n", "decoy/a.yaml": "business_unit: {id: a}\n"})), ["check", "--fail-on", "warning"], 1, ["portfolios/claims.yaml:1:1: warning[YML-012", "`paths` in itgov.yaml names other folders"]),
    Dodge("portfolios in a part of the folder: what is left out is named", both(NO_OWNER, write({"itgov.yaml": "paths: {portfolios: portfolios/a}\n", "portfolios/a/a.yaml": "business_unit: {id: a}\n"})), ["check", "--fail-on", "warning"], 1, ["portfolios/claims.yaml:1:1: warning[YML-012"]),
    Dodge("a rule pack called standard", write({"itgov.yaml": "rule_packs: [standard]\n", "standard/a.yaml": "rules: []\n"}), POLICY, 1, ["POL-001", "rule_packs"]),
    Dodge("a mandatory rule that asks for another field", write(_rules("rules: [{id: OWN-001, name: outcome-owner-named, severity: error, for: investment, named: {field: sponsor}, message: m}]\n")), ["check"], 2, ["OWN-001"]),
    Dodge("a mandatory rule that may be waived", write(_rules("adjust: {OWN-001: {waivable: true}}\n")), ["check"], 2, ["RUL-005"]),
    Dodge("an approver of IT who turns to the business in the same change", both(_waived("kim.lund"), replace("portfolios/organisation.yaml", "side: it", "side: business")), POLICY, 1, ["POL-003"]),
    Dodge("a mandatory role that is withheld", replace("portfolios/claims.yaml", "    outcome_owner: nadia.rahman", "    withheld: {outcome_owner: secret}"), ["check"], 1, ["OWN-001"]),
    Dodge("earlier ids of others are claimed", replace("portfolios/organisation.yaml", "  - id: kim.lund\n", "  - id: kim.lund\n    formerly: [jo.marsh]\n"), ["check"], 1, ["REF-006"]),
    Dodge("a word for nobody: the policy", write({"itgov.yaml": "placeholders: [zu vergeben]\n"}), POLICY, 0, ["POL-002"]),
    _weaker("a rule disabled", _rules("disable: [VAL-001]\n"), "VAL-001 is no longer in force"),
    _weaker("a rule lowered", _rules("adjust: {VAL-001: {severity: info}}\n"), "`severity` of the rule VAL-001 is `info`, and was `error`"),
    Dodge("a rule raised", write(_rules("adjust: {DAT-001: {severity: error}}\n")), POLICY, 0, ["POL-002", "DAT-001"]),
    Dodge("a rule that may not be waived any more", write(_rules("adjust: {VAL-001: {waivable: false}}\n")), POLICY, 0, ["POL-002"]),
    _weaker("the agreed rules deleted", {"rules/organisation.yaml": None}, "ORG-001 is no longer in force", "rules/organisation.yaml:1"),
    Dodge("a mandatory rule disabled", write(_rules("disable: [OWN-001]\n")), ["check"], 2, ["RUL-005"]),
    Dodge("a mandatory rule lowered", write(_rules("adjust: {OWN-001: {severity: info}}\n")), ["check"], 2, ["RUL-005"]),
    Dodge("a mandatory rule written anew", write(_rules("rules:\n  - {id: OWN-001, name: own, for: investment, assert: 'true'}\n")), ["check"], 2, ["OWN-001"]),
    Dodge("a mandatory rule waived", both(NO_OWNER, replace("portfolios/claims.yaml", "    custom:", _WAIVER.format(approver="jo.marsh").replace("VAL-004", "OWN-001"))), ["check"], 1, ["OWN-001", "WVR-007"]),
    Dodge("broken rules: judged as agreed", both(NO_OWNER, write({"rules/more.yaml": "rules: [\n"})), JUDGING, 1, ["OWN-001"]),
    Dodge("broken rules: the policy", write({"rules/more.yaml": "rules: [\n"}), POLICY, 1, ["POL-006", "rules/more.yaml"]),
    Dodge("a broken itgov.yaml: judged as agreed", both(NO_OWNER, write({"itgov.yaml": "fail_on: [\n"})), JUDGING, 1, ["OWN-001"]),
    Dodge("a broken itgov.yaml: the policy", write({"itgov.yaml": "fail_on: sometimes\n"}), POLICY, 1, ["POL-006"]),
    Dodge("the portfolio moved: judged where it is now", _moved("outcome_owner: nadia.rahman"), JUDGING, 0, ["`portfolios/` of ", "is gone: judged by what itgov.yaml names now, `data/`"]),
    Dodge("the portfolio moved without an owner", _moved("outcome_owner:"), JUDGING, 1, ["data/claims.yaml", "OWN-001"]),
    Dodge("the portfolio moved: the policy", _moved("outcome_owner: nadia.rahman"), POLICY, 1, ["POL-001", "`paths.portfolios` is `data`"]),
    Dodge("the portfolio deleted", lambda repo: repo.git("rm", "-rq", "portfolios") and None, JUDGING, 2, ["no portfolio file found"]),
    _weaker("a rule disabled, at its place", {"rules/more.yaml": _OWN + "disable:\n  - MON-009\n  - VAL-001\n"}, "rules/more.yaml:4:5: error[POL-001", "VAL-001 is no longer in force"),
    _weaker("a rule lowered, at its place", {"rules/more.yaml": _OWN + "adjust:\n  VAL-001:\n    severity: info\n"}, "rules/more.yaml:4:15: error[POL-001"),
    _weaker("paths, in words of YAML", {"itgov.yaml": "paths: {portfolios: decoy}\n", "decoy/a.yaml": "business_unit: {id: a}\n"}, "itgov.yaml:1:21", "`paths.portfolios` is `decoy`, and was `portfolios`"),
    _weaker("a rule that is named otherwise", {"rules/organisation.yaml": None}, "rules/organisation.yaml:1:1", "`unscored.ORG-001` of health is nothing"),
    _weaker("health scored otherwise", {"rules/health.yaml": _HEALTH.replace("healthy: 75", "healthy: 60")}, "`bands` of health"),
    Dodge("a waiver by somebody listed before", _waived("jo.marsh"), POLICY, 0, ["POL-002", "approved by jo.marsh"]),
    Dodge("a waiver of the organisation by somebody of IT", replace("portfolios/organisation.yaml", "organisation:\n", "organisation:\n  waivers: [{rule: MON-013, reason: r, until: 2027-02-01, approved_by: kim.lund}]\n"), POLICY, 1, ["POL-003", "waiver of MON-013 for x"]),
    Dodge("a waiver of a unit by somebody of IT", replace("portfolios/claims.yaml", "business_unit:\n", "business_unit:\n  waivers: [{rule: REL-010, reason: r, until: 2027-02-01, approved_by: kim.lund}]\n"), POLICY, 1, ["POL-003", "waiver of REL-010 for claims"]),
    Dodge("a waiver of a manager by somebody of IT", replace("portfolios/organisation.yaml", "  - person: sam.reed\n", "  - person: sam.reed\n    waivers: [{rule: REL-004, reason: r, until: 2027-02-01, approved_by: kim.lund}]\n"), POLICY, 1, ["POL-003", "waiver of REL-004 for sam.reed"]),
    Dodge("a waiver by somebody of IT", _waived("kim.lund"), POLICY, 1, [":10: error[POL-003"]),
    Dodge("a waiver by somebody whom the change brings", both(_NEW_PERSON, _waived("new.one")), POLICY, 1, ["POL-003", "POL-005"]),
    Dodge("a field newly withheld", replace("portfolios/claims.yaml", "    custom:", "    withheld: {spend: secret}\n    custom:"), POLICY, 0, ["POL-004"]),
    Dodge("a new person", _NEW_PERSON, POLICY, 0, ["POL-005"]),
    Dodge("an investment that withholds its outcomes", _SECRET, POLICY, 1, ["POL-007", "CLA-009 withholds `outcomes`", "VAL-001 would fail"]),
    Dodge("outcomes withheld and there", replace("portfolios/claims.yaml", "    custom:", "    withheld: {outcomes: Secret}\n    custom:"), ["check", "--fail-on", "warning"], 1, ["DAT-020", "withholds outcomes, which it states as well"]),
    Dodge("somebody of IT becomes one of the business", replace(_PEOPLE, "    side: it\n", "    side: business\n"), POLICY, 1, ["POL-001", "`kim.lund` is of the business side, and was of the IT side"]),
    Dodge("somebody of the business becomes one of IT", replace(_PEOPLE, "nadia.rahman@example.org\n    side: business\n", "nadia.rahman@example.org\n    side: it\n"), POLICY, 1, ["POL-001", "`nadia.rahman` is of the IT side"]),
    Dodge("somebody of IT on no side", replace(_PEOPLE, "    side: it\n", ""), POLICY, 1, ["POL-001", "`kim.lund` is of no side on record"]),
    Dodge("somebody of IT on the business side under another id", replace(_PEOPLE, "  - id: kim.lund\n    name: Kim Lund\n    email: kim.lund@example.org\n    side: it\n", "  - {id: k.lund, name: KIM  LUND, side: business}\n"), POLICY, 1, ["POL-001", "`k.lund` is of the business side", "POL-005"]),
    Dodge("the name of another on an old id", replace(_PEOPLE, "name: Kim Lund", "name: Kim Lundh"), POLICY, 0, ["POL-005", "`kim.lund` is called Kim Lundh, and was called Kim Lund"]),
    Dodge("somebody of IT listed a second time", replace(_PEOPLE, "relationship_managers:\n", "  - {id: k.lund, name: KIM\u2003ＬＵＮＤ, side: business}\nrelationship_managers:\n"), ["check", "--fail-on", "warning"], 1, ["DAT-021", "is also the name of kim.lund"]),
    Dodge("a revision that is not there", NO_OWNER, ["check", "--policy", "0" * 40], 2, ["git fetch"]),
    Dodge("a repository inside the portfolio", both(NO_OWNER, write({"portfolios/claims/portfolios/a.yaml": "business_unit: {id: a}\n"})), ["check", "portfolios/claims"], 2, ["inside another"]),
    Dodge("a repository below, with an organisation", both(NO_OWNER, write(_BELOW)), ["check"], 2, ["inside another"]),
    Dodge("from the repository below", both(NO_OWNER, write(_BELOW)), ["check", "it/sub"], 2, ["inside another"]),
    Dodge("a repository below, with folders of its own", both(NO_OWNER, write({"it/sub/itgov.yaml": "paths: {portfolios: units}\n", "it/sub/units/organisation.yaml": "organisation: {id: y, name: Y}\n"})), ["check"], 2, ["inside another"]),
    Dodge("a repository in folders that the outer one names", both(NO_OWNER, write({"itgov.yaml": "paths: {portfolios: units}\n", "units/claims.yaml": "business_unit: {id: a}\n", "units/itgov.yaml": "fail_on: never\n", "units/portfolios/a.yaml": "business_unit: {id: a}\n"})), ["check", "units"], 2, ["inside another"]),
    Dodge("a folder below that is no repository of its own", write({"it/portfolios/notes.md": "none\n"}), ["check"], 0),
    Dodge("an itgov.yaml inside the portfolio", both(NO_OWNER, write({"portfolios/itgov.yaml": "fail_on: never\n"})), ["check", "portfolios"], 2, ["inside another"]),
]  # fmt: skip
