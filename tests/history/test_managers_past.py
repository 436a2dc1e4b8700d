"""`itgov managers` where git tells who held the post before."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from ..support.cli import Run
from ..support.git import GitRepo, run_git
from .conftest import ORGANISATION

PEOPLE = ORGANISATION.replace("{person: liz,", "{person: tom}\n  - {person: liz,")
UNIT = """\
business_unit:
  id: retail
  name: Retail
  head: ann
  relationship_manager: MANAGER
  relationship_levels:
    - {on: 2026-01-20, business: 2, it: 3}
    - {on: 2026-06-20, business: 3, it: 3}
    - {on: 2026-09-20, business: 4, it: 4}
investments:
  - id: RET-1
    title: Claims platform
    stage: live
    relationship_manager: MANAGER
    spend:
      - {year: 2026, budget: 365000}
    outcomes:
      - id: faster
        measure: Days
        value: 36500
        value_from: 2026-01-01
        results:
          - {date: 2026-06-30, from: 2026-01-01, value: 18100}
          - {date: 2026-09-30, value: 4600}
engagements:
  - date: 2026-02-10
    by: tom
    with: [ann]
    satisfaction: {score: 2, by: ann}
    actions:
      - {what: Count the tills, owner: tom, due: 2026-03-01, done: 2026-02-20}
      - {what: Name the branches, owner: ann, due: 2026-03-01, done: 2026-04-20}
  - date: 2026-08-10
    by: liz
    with: [ann, tom]
    satisfaction: {score: 4, by: ann}
    actions: [{what: Move the pilot, owner: liz, due: 2026-08-20, done: 2026-08-20}]
"""
TODAY = ("--as-of", "2026-10-31")


def files(manager: str) -> dict[str, str | None]:
    unit = UNIT.replace("MANAGER", manager)
    return {"portfolios/organisation.yaml": PEOPLE, "portfolios/retail.yaml": unit}


def told(run: Run, repo: GitRepo, *options: str) -> dict[str, Any]:
    code, out, err = run("managers", repo.root, "--format", "json", *TODAY, *options)
    assert code == 0, err
    answer = json.loads(out)
    assert answer["schema"] == 2
    return {m["person"]: m for m in (*answer["managers"], *answer["others"])} | {"": answer}


def test_a_handover_in_git_leaves_each_what_came_in_their_time(empty: GitRepo, run: Run) -> None:
    empty.commit("2026-01-01", files("tom"))
    empty.commit("2026-07-01", files("liz"))
    said = told(run, empty)
    tom, liz = said["tom"], said["liz"]
    assert [(r["from"], r["to"], r["source"]) for r in tom["tenure"]] == [
        (None, "2025-12-31", "assumed"), ("2026-01-01", "2026-06-30", "git"),
    ]  # fmt: skip
    assert [(r["from"], r["to"], r["source"]) for r in liz["tenure"]] == [
        ("2026-07-01", None, "git")
    ]
    # 181 and 123 days at 100 a day planned; 1,000 a day budgeted; 18,100 and 4,600 realised
    figures = ("planned_to_date", "realised_to_date", "spend_to_date")
    assert [tom[f] for f in figures] == [18100, 18100, 181000]
    assert [liz[f] for f in figures] == [12300, 4600, 123000]
    assert liz["inherited"] == {"planned": 18100, "realised": 18100, "spend": 181000}
    (mine,), (theirs,) = tom["posts"], liz["posts"]
    assert mine["came"]["satisfaction"] == 2
    assert (mine["came"]["promises"]["due"], mine["came"]["promises"]["kept"]) == (2, 1)
    assert (mine["came"]["promises"]["own_due"], mine["came"]["promises"]["own_kept"]) == (1, 1)
    assert theirs["came"]["satisfaction"] == 4
    assert (theirs["came"]["promises"]["due"], theirs["came"]["promises"]["kept"]) == (1, 1)
    then, now = theirs["inherited"], theirs["now"]
    assert (then["level_business"], then["satisfaction"]) == (3, 2)
    assert (now["level_business"], now["satisfaction"]) == (4, 4)
    assert (mine["came"]["engagements"], theirs["came"]["engagements"]) == (1, 1)


def test_the_same_figures_before_the_handover_and_after_it(empty: GitRepo, run: Run) -> None:
    empty.commit("2026-01-01", files("tom"))
    whole = told(run, empty)["tom"]
    empty.commit("2026-10-31", files("liz"))
    said = told(run, empty)
    for figure, a_day in (("planned_to_date", 100), ("spend_to_date", 1000)):
        assert said["tom"][figure] == whole[figure] - a_day
        assert said["liz"][figure] == a_day
    assert said["tom"]["realised_to_date"] == whole["realised_to_date"]
    assert said["tom"]["posts"][0]["came"] == whole["posts"][0]["came"]


def test_a_former_manager_has_a_card_and_a_shallow_clone_says_what_it_assumes(
    empty: GitRepo, run: Run
) -> None:
    empty.commit("2026-01-01", files("tom"))
    listed = PEOPLE.replace("{person: tom}\n  - ", "")
    empty.commit("2026-07-01", {**files("liz"), "portfolios/organisation.yaml": listed})
    code, out, _ = run("managers", "tom", empty.root, *TODAY)
    assert code == 0
    assert "Tom Tiler, not listed as relationship manager" in out
    assert "18.1k realised of 18.1k planned, 181.0k spent" in out
    shallow = empty.root.parent / "shallow"
    run_git(empty.root.parent, "clone", "-q", "--depth", "1", f"file://{empty.root}", str(shallow))
    code, out, _ = run("managers", "liz", shallow, *TODAY)
    assert code == 0
    assert "shallow clone" in out
    assert "Time in the post" in out
    assert "assumed before 2026-07-01" in out


def test_two_people_side_by_side_also_one_who_might_take_the_post(empty: GitRepo, run: Run) -> None:
    experience = "side: it, experience: [{area: services, perspective: customer}]}"
    people = PEOPLE.replace("name: Tom Tiler, side: it}", f"name: Tom Tiler, {experience}")
    people = people.replace("{person: tom}\n  - ", "")
    empty.commit("2026-01-01", {**files("liz"), "portfolios/organisation.yaml": people})
    code, out, _ = run("managers", "--compare", "tom", "Liz Lane", empty.root, *TODAY)
    assert code == 0
    rows = {line[:32].strip(): line[32:] for line in out.splitlines()}
    assert "Liz Lane" in out
    assert "Tom Tiler" in out
    assert "services, customer's side (no evidence)" in rows["experience"]
    assert "never relationship manager of an item" in rows["value in tenure"]
    assert "22.7k realised of 30.4k planned" in rows["value in tenure"]
    code, _, err = run("managers", "--compare", "tom", "nobody", empty.root, *TODAY)
    assert code == 2
    assert "nobody" in err


def test_git_is_asked_only_where_the_past_is(empty: GitRepo, run: Run) -> None:
    off = ", ".join(f"HIS-{n:03}" for n in range(1, 13))
    empty.commit(
        "2026-01-01", {**files("tom"), "rules/own.yaml": f"extends: standard\ndisable: [{off}]\n"}
    )
    empty.commit("2026-07-01", files("liz"))
    assert told(run, empty)["tom"]["planned_to_date"] == 18100


def test_an_opportunity_is_followed_from_one_manager_to_the_next(empty: GitRepo, run: Run) -> None:
    first = (
        "    opportunities: [{id: kiosks, statement: Fewer kiosks, raised_by: ann, value: 9000}]\n"
    )
    last = "    opportunities: [{id: kiosks, state: realised, investment: RET-1}, {id: tills}]\n"
    for day, manager in (("2026-01-01", "tom"), ("2026-07-01", "liz")):
        changed = files(manager)
        text = str(changed["portfolios/retail.yaml"])
        text = text.replace("    actions:\n", first + "    actions:\n")
        text = text.replace("    actions: [{what: Move", last + "    actions: [{what: Move")
        empty.commit(day, {**changed, "portfolios/retail.yaml": text})
    said = told(run, empty)
    kiosks, tills = said[""]["opportunities"]
    assert (kiosks["raised_by"], kiosks["raised_under"], kiosks["ended_under"]) == (
        "ann",
        "tom",
        "liz",
    )
    assert (kiosks["state"], kiosks["ended"], kiosks["value"]) == ("realised", "2026-08-10", 9000)
    # 10 February to 30 June are 141 of the 181 days of 18,100; then 4,600
    assert kiosks["realised"] == 14100 + 4600
    assert (tills["state"], tills["raised_under"], tills["investment"]) == ("raised", "liz", None)
    (mine,), (theirs,) = said["tom"]["posts"], said["liz"]["posts"]
    assert (mine["came"]["raised"], mine["came"]["realised"]) == (1, 0)
    assert (theirs["came"]["raised"], theirs["came"]["realised"]) == (1, 1)
    assert theirs["came"]["realised_value"] == 9000
    assert theirs["inherited"]["opportunities_open"] == 1
    assert theirs["now"]["opportunities_open"] == 1
    code, out, _ = run("managers", "liz", empty.root, *TODAY)
    assert code == 0
    assert (
        "kiosks (Fewer kiosks): raised on 2026-02-10 by Ann Archer under Tom Tiler, realised on "
        "2026-08-10 under Liz Lane, could bring 9.0k a year, RET-1 has realised 18.7k since"
    ) in out


def test_the_trend_of_one_manager_through_a_handover_and_another_id(
    empty: GitRepo, run: Run
) -> None:
    empty.commit("2026-01-01", files("tom"))
    empty.commit("2026-04-01", {"note.md": "x"})
    empty.commit("2026-07-01", files("liz"))
    renamed = {n: re.sub(r"\btom\b", "t.tiler", str(t)) for n, t in files("liz").items()}
    empty.commit("2026-10-31", dict(renamed))
    options = ("--by", "commit", "--format", "json")
    code, out, err = run("trend", empty.root, *options, "--manager", "t.tiler")
    assert code == 0, err
    points = [p["manager"] for p in json.loads(out)["points"]]
    assert [p["person"] for p in points] == ["tom", "tom", "tom", "t.tiler"]
    # 1 January, 90 days more, 91 days more, and no day after that
    assert [p["planned_to_date"] for p in points] == [100, 9100, 18100, 18100]
    assert [p["items"] for p in points] == [1, 1, 0, 0]
    assert [p["realised_to_date"] for p in points] == [0, 0, 18100, 18100]
    code, out, err = run("trend", empty.root, *options, "--manager", "Liz Lane")
    assert code == 0, err
    points = [p["manager"] for p in json.loads(out)["points"]]
    assert [p and p["planned_to_date"] for p in points] == [None, None, 100, 12300]
    assert points[-1]["levels"] == [{"unit": "retail", "business": 4, "it": 4}]
    code, out, err = run("trend", empty.root, "--by", "commit", "--manager", "liz")
    assert code == 0, err
    assert "Liz Lane: in the time as relationship manager" in out
    assert "retail 4 / 4" in out
    code, _, err = run("trend", empty.root, "--manager", "lis")
    assert code == 2
    assert "`lis` is not a relationship manager in this part of the history" in err


def test_an_item_with_another_manager_whose_past_the_unit_tells_is_said(
    empty: GitRepo, run: Run
) -> None:
    row = "  held: [{role: relationship_manager, person: tom, to: 2026-06-30}]\n  relationship_levels:"
    changed = files("liz")
    text = str(changed["portfolios/retail.yaml"]).replace("  relationship_levels:", row)
    other = text.replace("    relationship_manager: liz", "    relationship_manager: ann")
    for unit, said in ((text, False), (other, True)):
        empty.commit("2026-07-01", {**changed, "portfolios/retail.yaml": unit})
        code, out, _ = run("managers", "tom", empty.root, *TODAY)
        assert code == 0
        assert (
            "1 item has its own manager but takes its past holders from the unit" in out
        ) == said


@pytest.mark.parametrize("by", ["held", "git"])
def test_who_held_a_post_on_the_day_is_no_witness_of_what_came_then(
    empty: GitRepo, run: Run, by: str
) -> None:
    """A predecessor on the business side confirms only what came after their time."""
    changed = files("ann")
    text = str(changed["portfolios/retail.yaml"]).replace("18100}", "18100, confirmed_by: ann}")
    text = text.replace("value: 4600}", "value: 4600, confirmed_by: ann}")
    later = text.replace("relationship_manager: ann", "relationship_manager: liz")
    if by == "git":
        empty.commit("2026-01-01", {**changed, "portfolios/retail.yaml": text})
    else:
        row = "    held: [{role: relationship_manager, person: ann, to: 2026-06-30}]\n    spend:"
        later = later.replace("    spend:", row)
    empty.commit("2026-07-01", {**changed, "portfolios/retail.yaml": later})
    code, out, err = run("value", empty.root, "--format", "json", *TODAY)
    assert code == 0, err
    total = json.loads(out)["total"]
    assert (total["realised_to_date"], total["realised_confirmed"]) == (22700, 4600)
