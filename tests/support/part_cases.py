"""What ties units to others, or cannot be told of a part by itself: each case changes six units that are alone."""

from __future__ import annotations

from typing import Any

import yaml

from itgov.files.reader import MAX_BYTES

Data = dict[str, Any]
Files = dict[str, Any]
"""The text of each portfolio file, or what it says; a name with a folder is below the root."""


def nothing(files: Files) -> None:
    pass


def depends(files: Files) -> None:
    files["u0"]["investments"][0]["depends_on"] = ["U5-1"]
    files["u5"]["investments"][1]["stage"] = "stopped"


def circle(files: Files) -> None:
    for one, other in (("0", "2"), ("2", "4"), ("4", "0")):
        files[f"u{one}"]["investments"][0]["depends_on"] = [f"U{other}-0"]


def same_id(files: Files) -> None:
    files["u4"]["investments"][2]["id"] = "U1-0"


def same_unit(files: Files) -> None:
    files["u4"]["business_unit"] = "u0"


def earlier_id(files: Files) -> None:
    files["u3"]["investments"][0]["formerly"] = ["U1-1"]


def same_benefit(files: Files) -> None:
    for name in ("u0", "u3"):
        files[name]["investments"][0]["outcomes"] = [
            {"id": "o", "statement": "Better", "measure": "Days", "unit": "days", "value": 1000,
             "baseline": 5, "target": 1, "due": "2026-05-01"}
        ]  # fmt: skip


def evidence(files: Files) -> None:
    files["u2"]["investments"][0]["outcomes"] = [
        {"id": "o", "statement": "Better", "measure": "Days", "baseline": 5, "target": 1, "due": "2026-05-01",
         "results": [{"date": "2026-04-01", "actual": 2, "evidence": path} for path in
                     ("docs/a.pdf", "docs/none.pdf", "portfolios/u1.yaml")]}
    ]  # fmt: skip


def unknown_person(files: Files) -> None:
    files["u1"]["investments"][0]["outcome_owner"] = "p11"


def left(files: Files) -> None:
    files["organisation"]["people"][2]["left"] = "2026-01-31"
    for name in ("u1", "u4"):
        files[name]["engagements"] = [
            {"date": "2026-03-01", "by": "m0", "with": ["p2"], "kind": "review"}
        ]


def measured(files: Files) -> None:
    files["organisation"]["relationship_managers"][0]["measured_by"] = ["U3-0/o", "U4-0/o"]
    for name in ("u3", "u4"):
        files[name]["investments"][0]["outcomes"] = [{"id": "o", "statement": "Better " + name}]
        files[name]["investments"][0]["delivery_lead"] = "m0"
        files[name]["business_unit"]["relationship_manager"] = "m0"


def two_about_the_organisation(files: Files) -> None:
    files["u2-people"] = {"people": files["organisation"]["people"][3:]}
    del files["organisation"]["people"][3:]


def unknown_item(files: Files) -> None:
    files["u0"]["investments"][0]["depends_on"] = ["U5-9"]


def reads_sums(files: Files) -> None:
    files["rules"]["rules"].append(
        {"id": "ZZZ-002", "name": "sums", "summary": "Sums", "severity": "info", "for": "investment",
         "assert": "organisation.spend_total < 10.0", "message": "{organisation.spend_total}"}
    )  # fmt: skip


def letters(files: Files) -> None:
    files["u3"]["investments"][0]["id"] = "Ü3-0"


def no_organisation(files: Files) -> None:
    del files["organisation"]


def broken_value(files: Files) -> None:
    files["u3"]["investments"][0]["spend"] = [{"year": 2026, "budget": "a lot"}]


def lost_item(files: Files) -> None:
    files["u3"]["investments"].append("none")


def odd_name(files: Files) -> None:
    files["caf\udce9"] = files.pop("u3")
    del files["caf\udce9"]["investments"][0]["outcome_owner"]


def many_unknown(files: Files) -> None:
    """No name of the organisation or of a unit is so many that it alone is past the limit."""
    for person in files["organisation"]["relationship_managers"]:
        person["steps"] = [
            {
                "what": f"Step {n}",
                "due": "2026-01-01",
                "done": "2026-01-01",
                "confirmed_by": f"p{n}x",
            }
            for n in range(26)
        ]
    for n in range(6):
        for i in range(10):
            files[f"u{n}"]["investments"].append(
                {"id": f"V{n}-{i}", "title": f"More {n} {i}", "outcome_owner": f"p{i}y"}
            )


def across(files: Files) -> None:
    """Names across parts are many, and all of them somebody's."""
    for n in range(6):
        for i in range(20):
            files[f"u{n}"]["investments"].append(
                {"id": f"V{n}-{i}", "title": f"More {n} {i}", "outcome_owner": f"p{n}",
                 "depends_on": [f"U{(n + 3) % 6}-0"]}
            )  # fmt: skip


def kinds_come_late(files: Files) -> None:
    files["u0"]["engagements"] = [
        {"date": "2026-03-01", "by": "m0", "with": ["p2"], "kind": "review"}
    ]
    files["u2"]["engagements"] = [
        {"date": "2026-03-01", "by": "m0", "with": ["p2"], "kind": "review",
         "satisfaction": {"score": 4, "by": "p2"}}
    ]  # fmt: skip
    same_benefit(files)


def lost_and_unknown(files: Files) -> None:
    """What nobody defines may have been defined in what cannot be read."""
    lost_item(files)
    unknown_item(files)
    files["u1"]["business_unit"]["objectives"] = [{"id": "quick", "statement": "Be quick"}]
    files["u1"]["investments"][0]["objective"] = "quicker"
    files["u4"] = {"business_unit": "u9", "investments": files["u4"]["investments"]}


def misspelt(files: Files) -> None:
    owner = files["u3"]["investments"][0].pop("outcome_owner")
    files["u3"]["investments"][0]["outcome_ownr"] = owner


def misspelt_and_named(files: Files) -> None:
    files["u4"]["investments"][0]["ident"] = files["u4"]["investments"][0].pop("id")
    files["u0"]["investments"][0]["depends_on"] = ["U4-0"]


def unread(files: Files) -> None:
    files["u3"] = "business_unit:\n  id: u3\n  name: Unit 3\ninvestments: [\n"
    files["u1"]["business_unit"]["relationship_manager"] = "m9"


def unread_part_of_a_unit(files: Files) -> None:
    files["u5-more"] = "business_unit: u0\ninvestments:\n  - id: V-1\n    title: [\n"


def nothing_of_it(files: Files) -> None:
    files["u2-x"] = "{{{{"
    files["u5"]["business_unit"] = "u7"
    files["organisation"]["relationship_managers"][0]["serves"] = ["u8"]


def lost_person(files: Files) -> None:
    files["organisation"]["people"].append("none")
    unknown_person(files)


def lost_people(files: Files) -> None:
    files["people"] = "people: [\n"
    unknown_person(files)
    files["u5"]["business_unit"]["relationship_manager"] = "m9"


def twice(files: Files) -> None:
    files["u3"] = yaml.safe_dump(files["u3"]) + "investments: []\n"
    unknown_item(files)


def empty_file(files: Files) -> None:
    files["u2-x"] = "# nothing\n"


def unknown_unit(files: Files) -> None:
    files["u4"]["business_unit"] = "U0x"


def two_unknown_units(files: Files) -> None:
    files["u3"]["business_unit"] = "u0xx"
    files["u4"]["business_unit"] = "u0xxx"


def unknown_to_the_organisation(files: Files) -> None:
    files["organisation"]["people"][1]["business_unit"] = "u44"
    files["organisation"]["relationship_managers"][0] |= {
        "serves": ["U5", "u6"], "measured_by": ["U3-0/best", "U4-1/good"]}  # fmt: skip
    for name in ("u3", "u5"):
        for item in files[name]["investments"]:
            item["outcomes"] = [{"id": "better", "statement": "Better"}]


def unknown_outcome(files: Files) -> None:
    unknown_to_the_organisation(files)
    files["u0"]["investments"][1]["outcomes"] = [
        {"id": "o", "statement": "Better", "also_claimed_by": [{"outcome": "U5-1/bettr", "share": 0.5}]}
    ]  # fmt: skip


def unknown_and_twice(files: Files) -> None:
    unknown_outcome(files)
    same_id(files)


def unknown_and_tied(files: Files) -> None:
    depends(files)
    files["u5"]["investments"][0]["depends_on"] = ["u2-1", "U3-9"]
    files["u1"]["investments"][0]["depends_on"] = ["U3-9", "U1-2"]


def many_alike(files: Files) -> None:
    """Of more ids than are compared in the end, the nearest are the same."""
    for n in range(6):
        for i in range(100, 140):
            item = {"id": f"PROGRAMMES-{n}-{i}", "title": f"More {n} {i}"}
            files[f"u{n}"]["investments"].append(item)
    files["u2"]["investments"][0]["depends_on"] = ["PROGRAMMES-xyz", "U9-1"]


def look_alikes(files: Files) -> None:
    files["u3"]["investments"][0]["id"] = "\u04284-0"
    files["u1"]["investments"][0]["id"] = "\u0428\u0430-0"
    files["u5"]["investments"][0]["id"] = "\u0428a-0"
    files["u4"]["investments"][0]["id"] = "U\u200b0-1"
    files["u2"]["business_unit"]["id"] = "u\uff10"
    files["u4"]["investments"][1]["depends_on"] = ["\u0428a-0"]


def homeless(files: Files) -> None:
    files["portfolios/more/other/items"] = {"investments": [{"id": "W-1", "title": "More"}]}


def homeless_elsewhere(files: Files) -> None:
    files["portfolios/more/u5/items"] = {"investments": [{"id": "W-1", "title": "More"}]}


def told_by_paths(files: Files) -> None:
    """Files that name no unit: one lies in the folder of another part's unit, one is of a unit of its own."""
    for name in ("u1", "u4"):
        del files[name]["business_unit"]
    files["u2"]["business_unit"]["id"] = "portfolios"
    files["portfolios/u5/more"] = {"investments": [{"id": "W-1", "title": "More"}]}


def ids_in_another_case(files: Files) -> None:
    """Which of them an unknown name may mean follows from the order of the files."""
    files["a"] = files.pop("u5")
    files["a"]["investments"][0]["id"] = "PROG-1"
    files["u0"]["investments"][0]["id"] = "prog-1"
    files["u3"]["investments"][0]["depends_on"] = ["PRoG-1x"]
    files["u1"]["business_unit"]["id"], files["u4"]["business_unit"]["id"] = "Sales", "sales"
    files["organisation"]["relationship_managers"][0]["serves"] = ["salesx"]
    files["organisation"]["relationship_managers"][0]["measured_by"] = [
        "PROG-1/Best",
        "prog-1/besty",
    ]
    for name in ("a", "u0"):
        files[name]["investments"][0]["outcomes"] = [
            {"id": each, "statement": "Better"} for each in ("Best", "best")
        ]


def too_large(files: Files) -> None:
    files["u3x"] = "business_unit: u1\n#" + "x" * MAX_BYTES


def minutes(files: Files) -> None:
    items = [
        {"subject": {"kind": "investment", "id": "U1-0"}, "business_unit": "u1",
         "decisions": [{"decision": "approve", "by": "p0", "reason": "Sound"}]},
        {"subject": {"kind": "investment", "id": "U4-0"}, "business_unit": "u4",
         "decisions": [{"decision": "action", "what": "Ask", "owner": "p11", "due": "2026-02-01"}]},
        {"subject": {"kind": "relationship_manager", "id": "m0"},
         "decisions": [{"decision": "escalate", "by": "p0", "to": "p1", "reason": "Too far"}]},
    ]  # fmt: skip
    for number, unit in enumerate((None, "u4")):
        review = {
            "id": f"REV-2026-03-0{number + 1}",
            "date": f"2026-03-0{number + 1}",
            "chair": "m0",
        }
        files[f"reviews/2026-03-0{number + 1}"] = {
            "review": review | ({"business_unit": unit} if unit else {}), "items": items
        }  # fmt: skip
    files["reviews/broken"] = "review: ["


def scenario(files: Files) -> None:
    files["scenarios/less"] = {
        "scenario": {"id": "less", "title": "Less", "changes": [
            {"stop": "U3-0", "on": "2026-07-01"}, {"stop": "U3-9", "on": "2026-07-01"},
            {"delay": "u4-1", "months": 3}, {"assign": "U2-0", "sponsor": "p11"}]}
    }  # fmt: skip
    files["scenarios/broken"] = "scenario: ["


FROM_UNITS = [
    {"id": "ZZZ-003", "name": "busy", "summary": "Nobody is idle", "severity": "info", "for": "person",
     "assert": "person.owns > 0", "message": "Idle"},
    {"id": "ZZZ-004", "name": "serving", "summary": "All serve", "severity": "info", "for": "relationship_manager",
     "assert": "relationship_manager.investment_count > 0", "message": "Idle"},
    {"id": "ZZZ-005", "name": "named", "summary": "Told", "severity": "info", "for": "business_unit",
     "assert": "business_unit.has_manager != false && business_unit.investment_count > 3", "message": "Few"},
]  # fmt: skip


APART = [nothing, lost_item, lost_and_unknown, misspelt, misspelt_and_named, unread, unread_part_of_a_unit,
         nothing_of_it, lost_person, lost_people, twice, empty_file, unknown_item, unknown_unit, letters,
         unknown_to_the_organisation, unknown_outcome, unknown_and_tied, many_alike, look_alikes, homeless, told_by_paths,
         ids_in_another_case, too_large,
         minutes, scenario, depends, circle, same_id, same_unit, earlier_id, same_benefit, evidence, unknown_person,
         left, measured, two_about_the_organisation, broken_value,
         across, kinds_come_late]  # fmt: skip
AT_ONCE = [reads_sums, no_organisation, odd_name, many_unknown, two_unknown_units, unknown_and_twice,
           homeless_elsewhere]  # fmt: skip
