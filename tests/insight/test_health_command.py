"""`itgov health` at the command line: shapes, exit codes, broken and hostile input."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest

from itgov.cli.main import main

SAMPLE = str(Path(__file__).resolve().parents[2])
DAY = ["--as-of", "2026-11-23"]
NAME = "\u202e\u200b<img src=x>|`[x](http://e)` @ann\n::stop-commands::x ##[add-mask]"
UNIT = {
    "business_unit": {"id": "a", "name": "Unit A"},
    "investments": [{"id": "I-1", "title": "One", "spend": [{"year": 2026, "budget": 5}]}],
}
HEALTH = """health:
  dimensions:
    - {id: owned, weight: 1, rules: [OWN-001]}
"""


def make(folder: Path, health: str | None = None, rules: str | None = "extends: standard\n", **units: object) -> Path:  # fmt: skip
    (folder / "portfolios").mkdir(parents=True)
    for name, unit in (units or {"a": UNIT}).items():
        text = unit if isinstance(unit, str) else json.dumps(unit)
        (folder / "portfolios" / f"{name}.yaml").write_text(text)
    if health is not None or rules != "extends: standard\n":
        (folder / "rules").mkdir()
    if (folder / "rules").is_dir() and rules is not None:
        (folder / "rules" / "all.yaml").write_text(rules)
    if health is not None:
        (folder / "rules" / "health.yaml").write_text(health)
    return folder


def test_json_has_the_promised_shape(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["health", SAMPLE, "--format", "json", *DAY]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["schema"], told["as_of"]) == (1, "2026-11-23")
    units = {u["id"]: u for u in told["units"]}
    assert len(units) == 8
    for unit in units.values():
        assert isinstance(unit["score"], float)
        assert unit["band"] in ("healthy", "attention", "at risk")
        assert sum(d["weight"] for d in unit["dimensions"]) == 100
        assert {"id", "weight", "score", "count"} <= set(unit["dimensions"][0])
        assert len(unit["next_steps"]) <= 3
        for step in unit["next_steps"]:
            assert {"rule", "path", "line", "points"} <= set(step)
            assert (Path(SAMPLE) / step["path"]).is_file()
    assert units["people"]["capped_by"] == "Nobody speaks for this unit"
    assert (units["people"]["score"], units["people"]["band"]) == (49, "at risk")
    assert units["claims"]["capped_by"] is None
    assert "sensitivity" not in told


def test_insufficient_evidence_is_null_and_has_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "r", a="business_unit: {id: a}")
    assert main(["health", str(tmp_path / "r"), "--format", "json", *DAY]) == 0
    [unit] = json.loads(capfd.readouterr().out)["units"]
    assert (unit["score"], unit["band"]) == (None, "insufficient evidence")
    assert unit["next_steps"] == []
    assert main(["health", str(tmp_path / "r"), *DAY]) == 0
    assert "insufficient evidence" in capfd.readouterr().out


def test_text_says_bands_caps_and_places_in_words(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["health", SAMPLE, *DAY]) == 0
    told = capfd.readouterr().out
    assert "\x1b" not in told
    assert "at risk (capped at 49)" in told
    assert "Capped at 49: Nobody speaks for this unit" in told
    assert re.search(r"\+\d\.\d  portfolios/\w+\.yaml:\d+  [A-Z]{3}-\d{3} ", told)
    assert re.search(r"Unknown: .*\(nothing recorded that counts\)", told)


def test_colour_where_it_is_wanted(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["health", SAMPLE, *DAY]) == 0
    assert "\x1b[1;31mat risk\x1b[0m" in capfd.readouterr().out


def test_one_unit_with_every_finding(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["health", SAMPLE, "--unit", "people", *DAY]) == 0
    told = capfd.readouterr().out
    assert re.search(
        r"Owners and managers named +attention +15% +72% +7\d% +100% +\d+ of \d+", told
    )
    assert re.search(r"\d findings with points lost", told)
    assert "Lending" not in told
    assert main(["health", SAMPLE, "--unit", "peple", *DAY]) == 2
    assert "did you mean `people`?" in capfd.readouterr().err


def test_sensitivity_in_every_format(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["health", SAMPLE, "--sensitivity", "--format", "json", *DAY]) == 0
    moves = json.loads(capfd.readouterr().out)["sensitivity"]
    assert len(moves) == 2 * 13
    assert {m["weight"] / m["weight_before"] for m in moves} == {0.5, 1.5}
    assert main(["health", SAMPLE, "--sensitivity", *DAY]) == 0
    assert "  Relationship level 5 → 2.5: " in capfd.readouterr().out
    assert main(["health", SAMPLE, "--sensitivity", "--format", "markdown", *DAY]) == 0
    assert "- Relationship level 5 → 2.5: " in capfd.readouterr().out


def test_markdown_of_one_unit_has_what_the_text_has(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["health", SAMPLE, "--unit", "people", "--format", "markdown", *DAY]) == 0
    told = capfd.readouterr().out
    assert "\n### People and workplace, 49.0, at risk\n\n- Coverage 85% `portfolios/" in told
    row = r"\n\| Owners and managers named \| attention \| 15% \| 72% \| 7\d% \| 100% \| \d+ of \d+ \|"
    assert re.search(row, told)
    assert re.search(r"\n- \+0\.0 \(\+\d\.\d uncapped\) `portfolios/people.yaml:\d+` `", told)
    assert "\n1. Owners and managers named, 15%: " in told


def test_each_format_to_its_own_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = [str(tmp_path / "h.json"), str(tmp_path / "h.md")]
    words = ["--format", "json", "--output", files[0], "--format", "markdown", "--output", files[1]]
    assert main(["health", SAMPLE, *words, *DAY]) == 0
    assert json.loads(Path(files[0]).read_text())["schema"] == 1
    assert Path(files[1]).read_text().startswith("## Engagement health\n")
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("health", "place", "said"),
    [
        (HEALTH.replace("OWN-001", "OWN-999"), "3:38", "there is no rule OWN-999 in force"),
        (HEALTH.replace("weight: 1", "weight: 0"), "3:5", "add up to 0"),
        (HEALTH.replace("rules: [OWN-001]", "score: business_unit.satsifaction"), "3:51", "satisfaction"),
        (HEALTH + "  caps: [{when: business_unit.nobody == null, at_most: 5}]\n", "4:31", "nobody"),
        (HEALTH.replace("weight: 1", "weight: -1"), "3:27", "`weight` should be at least 0"),
        (HEALTH + "  bands: {healthy: 10, attention: 50}\n", "4:35", "begins above"),
        ("health: [\n", "", ""),
        ("health: {dimension: [{id: a}]}\n", "1:10", "dimensions"),
        ("health: {}\n", "1:9", "add up to 0"),
        ("health:\n", "1:1", "add up to 0"),
        ("health: 5\n", "1:9", "should be a mapping, not the number 5"),
        (HEALTH.replace(", rules: [OWN-001]", ""), "3:12", "Add `rules` or `score`"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("own_rules", [True, False])
def test_a_broken_health_file_is_named_with_its_place(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], health: str, place: str, said: str, own_rules: bool
) -> None:  # fmt: skip
    own = """rules:
  - {id: TST-001, name: n, for: investment, require: [title], examples: {
      passes: [{investment: {id: a, title: b}}], fails: [{investment: {id: a, title: ''}}]}}
"""
    rules = "extends: standard\n" + (own if own_rules else "")
    make(tmp_path / "r", health, rules)
    assert main(["health", str(tmp_path / "r"), *DAY]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert said in err
    assert f"rules/health.yaml:{place}" in err


def test_a_broken_rule_stops_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rules = "rules: [{id: X-001, name: n, for: investment, assert: investment.nix}]\n"
    make(tmp_path / "r", rules=rules)
    for verb in ("health", "value", "managers"):
        assert main([verb, str(tmp_path / "r"), *DAY]) == 2
        assert "rules/all.yaml:1:" in capfd.readouterr().err


def test_the_standard_way_still_works_without_a_rule_that_is_switched_off(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    own = """extends: standard
disable: [VAL-018]
rules:
  - {id: TST-001, name: n, for: investment, require: [title]}
"""
    make(tmp_path / "r", rules=own)
    assert main(["health", str(tmp_path / "r"), "--format", "json", *DAY]) == 0
    capfd.readouterr()


@pytest.mark.parametrize("verb", ["health", "value", "managers"])
def test_without_a_portfolio_nothing_is_shown(
    verb: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, str(tmp_path), *DAY]) == 2
    assert main([verb, str(tmp_path / "nowhere"), *DAY]) == 2
    (tmp_path / "portfolios").mkdir()
    assert main([verb, str(tmp_path), *DAY]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("itgov: ") == 3
    assert main([verb, "--as-of", "yesterday"]) == 2
    assert main([verb, "--format", "html"]) == 2


@pytest.mark.parametrize("verb", ["health", "value", "managers"])
def test_a_file_that_cannot_be_read_is_said_to_be_in_no_figure(
    verb: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path / "r", a=UNIT, b="business_unit: {id: b\n")
    assert main([verb, str(tmp_path / "r"), "--format", "json", *DAY]) == 0
    out, err = capfd.readouterr()
    assert "portfolios/b.yaml:" in err
    assert [p["path"] for p in json.loads(out)["unread"]] == ["portfolios/b.yaml"]


@pytest.mark.parametrize("verb", ["health", "value", "managers"])
@pytest.mark.parametrize("format", ["text", "json", "markdown"])
def test_hostile_words_do_nothing(
    verb: str, format: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    organisation = {
        "organisation": {"id": "o", "name": NAME, "currency": NAME},
        "people": [{"id": NAME, "name": NAME, "side": "it"}],
        "relationship_managers": [
            {"person": NAME, "title": NAME, "reports_to": NAME, "measured_by": [NAME], "represents": "supplier"}
        ],
    }  # fmt: skip
    outcome = {"id": NAME, "measure": NAME, "unit": NAME, "value": 5}
    unit = {
        "business_unit": {"id": "a", "name": NAME, "relationship_manager": NAME},
        "investments": [
            {"id": NAME, "title": NAME, "spend": [{"year": 2026, "budget": 5}], "delivery_lead": NAME},
            {"id": "B", "title": NAME, "outcomes": [outcome], "outcome_owner": NAME},
            {"id": "C", "title": NAME, "outcomes": [outcome], "relationship_manager": NAME + "x"},
        ],
    }  # fmt: skip
    make(tmp_path / "r", organisation=organisation, a=unit)
    extra = {
        "health": [["--unit", "a", "--sensitivity"], []],
        "value": [["--tree"], ["--by", "objective", "--by", "unit"]],
        "managers": [[], [NAME]],
    }
    for more in extra[verb]:
        words = [verb, str(tmp_path / "r"), *more] if verb != "managers" else [verb, *more]
        if verb == "managers":
            words.append(str(tmp_path / "r"))
        assert main([*words, "--format", format, *DAY]) == 0
        out, err = capfd.readouterr()
        assert all(c.isprintable() or c == "\n" for c in out + err)
        assert "##[" not in out + err
        assert not any(line.lstrip(" │├└─").startswith("::") for line in out.split("\n"))
        if format == "json":
            json.loads(out)
        if format == "markdown" and "```" not in out:
            assert "<img" not in out
            assert "](http" not in out
            assert "@ann" not in out
        if format == "markdown" and "```" in out:
            assert out.count("\n````text\n") + out.count("```text\n") >= 1


def test_a_finding_that_costs_nothing_is_no_step(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    free = {"id": "I-2", "title": "Two"}
    unit = UNIT | {"investments": [*UNIT["investments"], free]}
    make(tmp_path / "r", HEALTH, None, a=unit)
    assert main(["health", str(tmp_path / "r"), "--format", "json", *DAY]) == 0
    [found] = json.loads(capfd.readouterr().out)["units"]
    [owned] = found["dimensions"]
    assert (owned["failed"], owned["without_spend"]) == (2, 1)
    assert [s["subject"]["id"] for s in found["next_steps"]] == ["I-1"]
    assert [(f["subject"]["id"], f["points"]) for f in found["findings"]] == [
        ("I-1", 100),
        ("I-2", 0),
    ]


def columns(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(c) in ("W", "F") for c in line)
    return len(line) + wide - sum(unicodedata.category(c) in ("Mn", "Me") for c in line)


def tables(text: str) -> list[list[str]]:
    """The tables of a text, each from its head to its last line."""
    blocks = [block.split("\n") for block in text.split("\n\n")]
    return [b for b in blocks if any(set(line) == {"-", " "} for line in b)]


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("verb", ["health", "value", "managers"])
def test_tables_fit_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], verb: str, width: int
) -> None:
    monkeypatch.setattr("itgov.cli.figures.width", lambda: width)
    assert main([verb, SAMPLE, *DAY]) == 0
    found = tables(capfd.readouterr().out)
    assert found
    for table in found:
        left_out = [line for line in table if line.startswith("No room here for: ")]
        assert bool(left_out) <= (width < 200)
        assert all(columns(line) <= width for line in table if line not in left_out)
    first = " ".join(line.rstrip() for line in found[0])
    for word in {"health": ["Lending", "Finance"], "value": ["167.2m"], "managers": ["Nadia"]}[
        verb
    ]:
        assert word in first


def test_names_in_any_script_keep_the_columns_straight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    names = ["零售银行业务部门与数字渠道零售银行业务", "cafe\u0301 cre\u0300me", "Plain"]
    units = {
        f"u{i}": UNIT | {"business_unit": {"id": f"u{i}", "name": name}, "investments": []}
        for i, name in enumerate(names)
    }
    make(tmp_path / "r", None, None, **units)
    monkeypatch.setattr("itgov.cli.figures.width", lambda: 80)
    assert main(["health", str(tmp_path / "r"), *DAY]) == 0
    [table] = tables(capfd.readouterr().out)
    rule = next(i for i, line in enumerate(table) if set(line) == {"-", " "})
    assert len({columns(line) for line in table[rule + 1 :] if "insufficient" in line}) == 1
    assert "".join(line.split()[0] for line in table if columns(line) > len(line)) == names[0]
    assert any("cafe\u0301 cre\u0300me" in line for line in table)
