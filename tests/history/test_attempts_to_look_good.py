"""The attempts to look good without being good that docs name, each made in a repository by commits."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..support.cli import Run
from ..support.git import GitRepo

DOCS = Path(__file__).resolve().parents[2] / "docs"
DAY = "2026-11-23"
LINK = "https://example.org/q2"
Json = dict[str, Any]
PEOPLE = [
    {"id": "ann", "name": "Ann Archer", "side": "business", "business_unit": "u"},
    {"id": "bea", "name": "Bea Best", "side": "business", "business_unit": "u"},
    {"id": "rm", "name": "Rena Moss", "side": "business", "email": "rena@example.org"},
    {"id": "new", "name": "Nils New", "side": "business"},
]
OUTCOME: Json = {
    "id": "x", "measure": "Days", "unit": "days", "baseline": 20, "target": 10,
    "value": 365, "value_from": "2026-01-01",
    "results": [{"date": "2026-06-30", "actual": 14, "value": 181, "evidence": LINK}],
}  # fmt: skip
ITEM: Json = {
    "id": "A", "title": "Platform", "stage": "live", "outcome_owner": "ann",
    "spend": [{"year": 2026, "budget": 1000, "actual": 900}], "outcomes": [OUTCOME],
}  # fmt: skip
POST: Json = {"person": "rm", "serves": ["u"]}


class Made:
    """A repository, and what the program says of it."""

    def __init__(self, repo: GitRepo, run: Run) -> None:
        self.repo, self.run = repo, run
        self.item, self.post = copy.deepcopy(ITEM), copy.deepcopy(POST)
        self.outcome = self.item["outcomes"][0]
        self.manager = "rm"

    def commit(self, day: str, author: str = "Ann Archer <ann@example.org>") -> None:
        organisation = {
            "organisation": {"id": "o"},
            "people": PEOPLE,
            "relationship_managers": [self.post, {"person": "new", "serves": ["u"]}],
        }
        unit = {"id": "u", "relationship_manager": self.manager}
        files = {
            "organisation": organisation,
            "u": {"business_unit": unit, "investments": [self.item]},
        }
        said = {
            f"portfolios/{n}.yaml": yaml.safe_dump(f, sort_keys=False) for n, f in files.items()
        }
        self.repo.write(said)
        self.repo.git("add", "-A")
        self.repo.git("commit", "-q", "-m", day, "--author", author, date=day)

    @property
    def total(self) -> Json:
        told = self.run("value", self.repo.root, "--as-of", DAY, "--format", "json")
        found: Json = told.json["total"]
        return found

    @property
    def reach(self) -> dict[str, int]:
        return {reach: round(amount) for reach, amount in self.total["budget"].items() if amount}

    @property
    def whole(self) -> str:
        """How far all outcomes of the item reach."""
        held = {reach: amount for reach, amount in self.total["budget_whole"].items() if amount}
        return list(held)[-1]

    @property
    def rules(self) -> set[str]:
        told = self.run("check", self.repo.root, "--as-of", DAY, "--format", "json")
        return {f["rule"] for f in told.findings}

    def card(self, person: str) -> Json:
        told = self.run("managers", person, self.repo.root, "--as-of", DAY, "--format", "json")
        found: Json = told.json["managers"][0]
        return found


def one_result_each(made: Made) -> None:
    del made.outcome["results"][0]["evidence"]
    made.commit("2026-01-10")
    assert made.reach == {"result": 1000}


def own_words(made: Made) -> None:
    made.outcome["results"][0]["evidence"] = "Confirmed by me in the steering meeting"
    made.outcome["results"][0]["confirmed_by"] = "ann"
    made.commit("2026-01-10")
    assert made.reach == {"result": 1000}
    assert made.total["realised_confirmed"] == 0


def self_declaration(made: Made) -> None:
    made.commit("2026-01-10")
    signs = made.card("rm")["signs"]
    made.post["represents"] = "customer"
    made.commit("2026-02-01")
    told = made.card("rm")["signs"]
    assert [s for s in told if not s["declared"]] == signs
    assert [s["sign"] for s in told if s["declared"]] == ["represents"]


def handover(made: Made) -> None:
    made.commit("2026-01-01")
    before = made.card("rm")["planned_to_date"]
    made.manager = "new"
    made.commit("2026-11-20")
    days = 4  # from 20 to 23 November
    assert made.card("new")["planned_to_date"] == days
    assert made.card("rm")["planned_to_date"] == before - days


def lowered_target(made: Made) -> None:
    made.commit("2025-01-10")
    assert made.reach == {"moved": 1000}
    made.outcome["target"] = 15
    made.commit("2026-07-01")
    assert made.reach == {"met": 1000}
    assert "HIS-007" in made.rules


def stopped(made: Made) -> None:
    made.item |= {"stage": "stopped", "ended": "2026-06-30"}
    made.commit("2026-07-01")
    told = made.total
    assert told["spend_to_date"] == told["spend_stopped"] == 900
    assert (told["realised_stopped"], told["spend_stopped_without_value"]) == (181, 719)


def five_empty(made: Made) -> None:
    made.item["outcomes"] += [{"id": f"e{n}"} for n in range(5)]
    made.commit("2026-01-10")
    assert made.reach == {"moved": 167, "outcome": 833}
    assert made.whole == "outcome"


def put_off(made: Made) -> None:
    made.item["stage"] = "proposed"
    made.commit("2025-11-01")
    made.item["stage"] = "approved"
    made.commit("2025-12-01")
    for day in ("2026-04-01", "2026-07-01", "2026-10-01"):
        made.outcome["value_from"] = day
        made.commit(day)
    told = made.total
    assert told["planned_to_date"] == 54
    assert told["at_approval"]["planned_to_date"] == told["at_approval"]["judged"]["planned"] == 327
    assert "HIS-016" in made.rules
    made.item["outcomes"] = []
    made.commit("2026-10-02")
    assert made.total["at_approval"]["judged"] == {"planned": 327, "realised": 0}


def bad_news(made: Made) -> None:
    made.outcome["results"].append({"date": "2026-09-30", "actual": 25})
    made.commit("2026-01-10")
    assert made.reach == {"evidence": 1000}


def nine_trivial(made: Made) -> None:
    made.outcome["results"][0]["actual"] = 20
    met = {
        **OUTCOME,
        "value": 0,
        "results": [{"date": "2026-06-30", "actual": 9, "evidence": LINK}],
    }
    made.item["outcomes"] += [{**met, "id": f"t{n}"} for n in range(9)]
    made.commit("2026-01-10")
    assert made.reach == {"evidence": 100, "met": 900}
    assert made.whole == "evidence"


def typed_answer(made: Made) -> None:
    made.commit("2026-01-10")
    made.post["represents_seen_by"] = [{"on": "2026-09-01", "by": "ann", "says": "customer"}]
    made.commit("2026-09-02", "Rena Moss <rena@example.org>")
    assert "HIS-013" in made.rules


ATTEMPTS: dict[str, tuple[str, Callable[[Made], None]]] = {
    "one result for each outcome, no evidence": ("value", one_result_each),
    "the owner's own words as evidence": ("value", own_words),
    "declare `represents: customer`": ("managers", self_declaration),
    "take over a post just before the review": ("managers", handover),
    "a target lowered after the fact": ("value", lowered_target),
    "a stopped item": ("value", stopped),
    "one good outcome beside five empty ones": ("value", five_empty),
    "a plan put off every quarter, cut, or deleted after approval": ("value", put_off),
    "bad news without evidence": ("value", bad_news),
    "nine trivial outcomes met beside the one that matters": ("value", nine_trivial),
    "enter the business's answer, score or confirmation oneself": ("managers", typed_answer),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_what_an_attempt_does_to_the_figures(attempt: str, empty: GitRepo, run: Run) -> None:
    page, made_by = ATTEMPTS[attempt]
    rows = (DOCS / f"{page}.md").read_text(encoding="utf-8").splitlines()
    assert any(row.startswith(f"| {attempt} |") for row in rows)
    made_by(Made(empty, run))
