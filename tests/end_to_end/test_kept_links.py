"""A check that links few units again says what one says that links all: units that others touch in odd ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ..support.git import GitRepo
from .test_kept_results import answer, cache_in, run_check

Data = dict[str, Any]
Units = dict[str, Data]
DAY = "2026-11-23"
RULES: dict[str, Any] = {
    "extends": "standard",
    "rules": [
        {
            "id": "ZZZ-001", "name": "signs", "summary": "No signs", "severity": "warning", "for": "relationship_manager",
            "assert": "relationship_manager.signs.size() == 0", "message": "{relationship_manager.signs.size()} signs",
        }
    ],
}  # fmt: skip


def organisation(*managers: Data) -> Data:
    people: list[Data] = [
        {"id": f"p{n}", "name": f"Person {n}", "side": "business", "email": f"p{n}@example.org"}
        for n in range(6)
    ]
    people += [{"id": m["person"], "name": m["person"].title(), "side": "it"} for m in managers]
    return {
        "organisation": {"id": "o", "name": "O"},
        "people": people,
        "relationship_managers": list(managers),
    }


def units() -> Units:
    """Return six units that have nothing to do with each other."""
    return {
        f"u{n}": {
            "business_unit": {"id": f"u{n}", "name": f"Unit {n}"},
            "investments": [
                {"id": f"U{n}-{i}", "title": f"Item {n} {i}", "outcome_owner": f"p{n}",
                 "spend": [{"year": 2026, "budget": 100}]} for i in range(3)
            ],
        }
        for n in range(6)
    }  # fmt: skip


def write(repo: GitRepo, files: Units) -> None:
    repo.write(
        {f"portfolios/{n}.yaml": yaml.safe_dump(data, sort_keys=False) for n, data in files.items()}
    )


def title_came(made: Units) -> None:
    made["u4"]["investments"].append(made["u1"]["investments"][0] | {"id": "NEW"})


def title_went(made: Units) -> None:
    del made["u1"]["investments"][0]


def path_tells_the_unit(made: Units) -> None:
    del made["u1"]["business_unit"]
    made["u1"]["engagements"] = [{"date": "2026-10-01", "by": "p1", "with": ["p2"]}]
    made["u2"]["investments"][0]["relationship_manager"] = "max"


def post_is_told(made: Units) -> None:
    held = [
        {"role": "relationship_manager", "person": "p5", "from": "2026-06-01", "to": "2026-07-01"}
    ]
    made["u1"]["business_unit"] |= {"relationship_manager": "max", "held": held}
    made["u1"]["engagements"] = [{"date": "2026-03-01", "by": "p1", "with": ["p2"]}]
    made["u3"]["business_unit"]["relationship_manager"] = "liz"


def post_changes_hands(made: Units) -> None:
    made["u3"]["business_unit"]["relationship_manager"] = "p4"


def title_changes(made: Units) -> None:
    made["u2"]["investments"][0]["title"] = "Another"


@pytest.mark.parametrize(
    ("committed", "kept", "edited"),
    [
        (lambda made: None, title_came, title_went),
        (title_came, lambda made: None, title_went),
        (path_tells_the_unit, lambda made: None, title_changes),
        (post_is_told, lambda made: None, post_changes_hands),
    ],
)
def test_a_unit_that_another_touches_is_judged_as_in_a_whole_run(
    tmp_path: Path,
    committed: Callable[[Units], None],
    kept: Callable[[Units], None],
    edited: Callable[[Units], None],
) -> None:
    repo, made = GitRepo(tmp_path / "repository"), units()
    managers = [{"person": "max", "serves": ["u1"]}, {"person": "liz", "serves": ["u3"]}]
    repo.write({"rules/own.yaml": yaml.safe_dump(RULES)})
    committed(made)
    write(repo, {"organisation": organisation(*managers), **made})
    repo.commit("2026-01-15")
    made["u1"]["investments"][0] |= {"outcome_owner": "p2", "title": "The same"}
    write(repo, made)
    repo.commit("2026-06-15")
    kept(made)
    write(repo, made)
    with cache_in(f"{tmp_path}/cache"):
        run_check(repo.root, DAY)
    edited(made)
    write(repo, made)
    cold = run_check(repo.root, DAY)
    with cache_in(f"{tmp_path}/cache"):
        assert run_check(repo.root, DAY) == cold


def test_what_came_with_a_later_commit_has_no_past_yet_wherever_a_file_is_not_committed(
    tmp_path: Path,
) -> None:
    repo, made = GitRepo(tmp_path / "repository"), units()
    rule = RULES["rules"][0] | {
        "for": "investment", "assert": "investment.id != 'NEW' || investment.history_days != 0", "message": "So new",
    }  # fmt: skip
    repo.write({"rules/own.yaml": yaml.safe_dump({"extends": "standard", "rules": [rule]})})
    write(repo, {"organisation": organisation(), **made})
    repo.commit("2026-01-15")
    title_came(made)
    write(repo, made)
    repo.commit("2026-12-15")
    with cache_in(f"{tmp_path}/cache"):
        committed = run_check(repo.root, DAY)
    title_changes(made)
    write(repo, made)
    cold = run_check(repo.root, DAY)
    with cache_in(f"{tmp_path}/cache"):
        assert run_check(repo.root, DAY) == cold
    assert "So new" not in committed[1] + cold[1]


def test_what_git_tells_of_a_name_is_not_kept_once_it_is_nobodys(tmp_path: Path) -> None:
    repo, made = GitRepo(tmp_path / "repository"), units()
    write(repo, {"organisation": organisation({"person": "m0", "serves": ["u1"]}), **made})
    repo.commit("2026-01-15")
    made["u1"]["investments"][0]["outcome_owner"] = "p2"
    write(repo, made)
    repo.commit("2026-06-15")
    verb = ("managers", "--format", "json")
    told = []
    for word in ("p5", "p1", "p2"):
        repo.write({"itgov.yaml": f"placeholders: [{word}]\n"})
        with cache_in(f"{tmp_path}/cache"):
            told.append(answer(verb, repo.root, "2026-11-23"))
        assert told[-1] == answer(verb, repo.root, "2026-11-23")
    assert len(set(told)) == 3
