"""Dodges by a name that names nobody."""

from __future__ import annotations

from . import Dodge, both, replace

_LISTED = "relationship_managers:\n"


def _owner(name: str) -> Dodge:
    """A person is added whose name is nobody's, and answers for the investment."""
    added = f'  - {{id: a.b, name: "{name}", side: business}}\n{_LISTED}'
    return Dodge(
        f"an owner called {name.encode('ascii', 'backslashreplace').decode()}",
        both(
            replace("portfolios/organisation.yaml", _LISTED, added),
            replace("portfolios/claims.yaml", "outcome_owner: nadia.rahman", "outcome_owner: a.b"),
        ),
        ["check"],
        1,
        ["OWN-001"],
    )


_TWIN = "n\u0430dia.rahman"
_TWICE = replace("portfolios/organisation.yaml", "relationship_managers:\n", f"  - {{id: {_TWIN}, name: Nadia Rahman, side: business}}\nrelationship_managers:\n")  # fmt: skip
_LOOKS = ["REF-008", "U+0430 (cyrillic small letter a)"]

DODGES = [
    Dodge("an owner whose id is another's to the eye", both(_TWICE, replace("portfolios/claims.yaml", "outcome_owner: nadia.rahman", f"outcome_owner: {_TWIN}")), ["check"], 1, _LOOKS),
    Dodge("an owner under an id that looks like one", replace("portfolios/claims.yaml", "outcome_owner: nadia.rahman", f"outcome_owner: {_TWIN}"), ["check"], 1, ["REF-001", "U+0430"]),
    Dodge("a new person with another's name: the policy", replace("portfolios/organisation.yaml", "relationship_managers:\n", "  - {id: n.r, name: Nadia Rahman, side: business}\nrelationship_managers:\n"), ("check", "--policy", "{base}", "--select", "POL"), 0, ["POL-005", "called as `nadia.rahman` is"]),
    *map(
        _owner,
        ["\u3164", "T\u200bBD", "ＴＢＤ", "offen", "à définir", "N. N.", "T.B.C", "TBD by CIO", "未定", "12345", "CIO", "Benefit owner", "${OWNER}", "Nadia TBD", "offene Stelle", "担当者なし", "ᴛʙᴅ", "John Doe"],
    ),
    Dodge(
        "an owner whose name is read in another order",
        replace("portfolios/organisation.yaml", "name: Nadia Rahman", 'name: "\u202eDBT"'),
        ["check"],
        1,
        ["MOD-004", "change the order"],
    ),
    Dodge(
        "a word of the repository's own for nobody",
        both(
            replace("portfolios/organisation.yaml", "name: Nadia Rahman", "name: Zu vergeben"),
            lambda repo: repo.write({"itgov.yaml": "placeholders: [zu vergeben]\n"}),
        ),
        ["check"],
        1,
        ["OWN-001"],
    ),
]  # fmt: skip
