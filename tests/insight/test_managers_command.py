"""`itgov managers` at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from itgov.cli.main import main

SAMPLE = str(Path(__file__).resolve().parents[2])
DAY = ["--as-of", "2026-11-23"]


def test_a_row_for_each_and_what_pulls_them_to_two_sides(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["managers", SAMPLE, *DAY]) == 0
    told = capfd.readouterr().out
    assert (
        "sign: supplier (observed): is also the delivery lead of what they govern: LEN-001" in told
    )
    assert "overdue by 5 months" in told
    assert "have no listed relationship manager" in told


def test_one_card_by_id_or_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    for word in ("lena.fischer", "LENA Fischer", "lena", "Lena Fischer (lena.fischer)"):
        assert main(["managers", word, SAMPLE, *DAY]) == 0
        told = capfd.readouterr().out
        assert "RET-001/branch-wait: target met, 102% of the way" in told
        assert (
            "services, customer's side (with evidence); investments, customer's side (with" in told
        )
        assert "Martin" not in told


def test_json(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["managers", "martin.cole", SAMPLE, "--format", "json", *DAY]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["schema"], told["uncovered"]) == (2, 2)
    [card] = told["managers"]
    assert card["standing"]["expectation"] == "not agreed"
    assert card["load"]["per_full_time"] == 16
    value = card["value"]
    assert value["per_spend"] == pytest.approx(
        value["judged"]["realised"] / value["spend_promising"]
    )
    assert {(s["sign"], s["side"], s["declared"]) for s in card["signs"]} == {
        ("represents", "middle", True), ("reports-to", "supplier", False),
        ("measured-by", "supplier", False), ("delivers", "supplier", False),
        ("takes-part", "customer", False), ("appraised-by", "supplier", False),
        ("seen-by-business", "middle", False),
    }  # fmt: skip
    delivers = next(s for s in card["signs"] if s["sign"] == "delivers")
    assert (delivers["unit"], delivers["items"]) == ("lending", ["LEN-001"])
    lines = (Path(SAMPLE) / delivers["path"]).read_text(encoding="utf-8").splitlines()
    assert "delivery_lead: martin.cole" in lines[delivers["line"] - 1]


@pytest.mark.parametrize("verb", ["managers", "why"])
def test_a_beginning_of_several_names_is_refused_with_whom_it_can_mean(
    verb: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "portfolios").mkdir()
    people = "[{id: a.lee, name: Ann Lee}, {id: b.lee, name: Bob Lee}, {id: c.wu, name: Cy Wu, formerly: [c.old]}]"
    text = f"people: {people}\nrelationship_managers: [{{person: a.lee}}, {{person: c.wu}}]\n"
    (tmp_path / "portfolios/organisation.yaml").write_text(text)
    (tmp_path / "portfolios/a.yaml").write_text("business_unit: {id: a, name: A}\n")
    assert main([verb, "lee", str(tmp_path), *DAY]) == 2
    assert "a.lee, b.lee" in capfd.readouterr().err
    for word in ("cy", "c.old"):
        assert main([verb, word, str(tmp_path), *DAY]) == 0
        assert "Cy Wu" in capfd.readouterr().out


def test_nobody_of_that_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["managers", "lena.fisher", SAMPLE, *DAY]) == 2
    assert "did you mean `lena.fischer`?" in capfd.readouterr().err
    assert main(["managers", SAMPLE, "."]) == 2


def test_a_portfolio_without_any(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "portfolios").mkdir()
    (tmp_path / "portfolios" / "a.yaml").write_text("business_unit: {id: a}\n")
    assert main(["managers", str(tmp_path), *DAY]) == 0
    assert "No one is listed" in capfd.readouterr().out
    assert main(["managers", str(tmp_path), "--format", "markdown", *DAY]) == 0


def test_units_that_only_name_somebody_stand_apart_from_those_served(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["managers", "denise.hargreave", SAMPLE, *DAY]) == 0
    rows = {line[:28].strip(): line[28:] for line in capfd.readouterr().out.splitlines()}
    assert rows["serves"] == "Operations"
    assert rows["also named in"] == "People and workplace"


def test_two_people_side_by_side_fit_a_screen_and_say_what_a_card_says(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert main(["managers", "martin.cole", SAMPLE, *DAY]) == 0
    card = capfd.readouterr().out
    assert main(["managers", "--compare", "martin.cole", "lena.fischer", SAMPLE, *DAY]) == 0
    table = capfd.readouterr().out.split("\n\n")[1].splitlines()
    assert max(map(len, table)) <= 122
    label, cell, cells = "", "", dict[str, str]()
    for line in table[2:]:
        label, cell = (line[:32].strip(), "") if line[:32].strip() else (label, cell)
        cell = cells[label] = f"{cell} {line[32:78].strip()}".strip()
    for name in ("experience", "Lending: during", "Lending: now", "value in tenure"):
        assert cells[name] in card
