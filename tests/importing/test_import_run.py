"""Imports from end to end, on small tables."""

from __future__ import annotations

import datetime
import signal
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from itgov.files.save import save
from itgov.importing import ImportRefused, ImportReport, detect, run_import
from itgov.model.types import Investment
from tests.support.interrupts import interruptible

Import = Callable[..., ImportReport]
ReadBack = Callable[[], dict[str, Investment]]
D = datetime.date

HEADER = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"
FIRST = (
    HEADER
    + 'P1,Claims,Retail,2024-03-31,,Green,31/12/2025,2023,"€1,000.50",first\n'
    + "P2,Branches,Retail,2024-03-31,,Amber/Red,30/06/2025,2023,€20,\n"
    + "P3,Ledger,Finance,2024-03-31,,,,2023,Secret: tender,\n"
)
SECOND = (
    HEADER
    + 'P1,Claims platform,Retail,2025-03-31,,Red,31/12/2026,2024,"€2,000",second\n'
    + "P4,Kiosks,Retail,2025-03-31,,,,2024,€7,\n"
)


def snapshot(target: Path) -> dict[str, bytes]:
    return {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*.yaml")}


def test_a_first_import(run: Import, target: Path, read_back: ReadBack) -> None:
    report = run(FIRST)
    found = read_back()
    claims = found["P1"]
    assert (claims.title, claims.confidence, claims.end) == ("Claims", "green", D(2025, 12, 31))
    assert [(s.year, s.budget) for s in claims.spend] == [(2023, 1000.5)]
    assert claims.custom["note"] == "first"
    assert claims.custom["imported"] == {"from": "small", "as_of": "2024-03-31"}
    assert found["P2"].confidence == "amber-red"
    assert found["P3"].withheld == {"spend": "Secret: tender"}
    assert sorted(snapshot(target)) == [
        "portfolios/finance.yaml",
        "portfolios/organisation.yaml",
        "portfolios/retail.yaml",
    ]
    assert report.new == ["P1", "P2", "P3"]
    assert report.is_complete
    assert (report.without_owner, report.spend, report.spend_without_outcome) == (3, 1020.5, 1020.5)
    text = report.render_text()
    assert "3 rows, all accounted for" in text
    assert "no outcome owner: 3 of 3 investments; no relationship manager: 3" in text


def test_importing_twice_changes_nothing(run: Import, target: Path) -> None:
    run(FIRST)
    before = snapshot(target)
    report = run(FIRST)
    assert snapshot(target) == before
    assert (report.new, report.updated, report.unchanged) == ([], [], 3)
    assert {f.state for f in report.files} == {"unchanged"}


def test_a_dry_run_writes_nothing(run: Import, target: Path) -> None:
    report = run(FIRST, dry_run=True)
    assert list(target.iterdir()) == []
    assert report.new == ["P1", "P2", "P3"]
    assert "nothing was written" in report.render_text()


def test_a_later_year_keeps_what_people_have_added(
    run: Import, target: Path, read_back: ReadBack
) -> None:
    run(FIRST)
    retail = target / "portfolios" / "retail.yaml"
    text = retail.read_text(encoding="utf-8")
    text = text.replace(
        "    title: Claims\n",
        "    title: Claims   # as we say\n    outcome_owner: amara   # agreed in May\n",
    )
    text = text.replace(
        "  - id: P2\n",
        "    waivers:\n      - {rule: VAL-004, reason: re-measured, until: 2027-01-31}\n"
        "    # the second one\n  - id: P2\n",
    )
    text += "# what we talk about\nengagements:\n  - {date: 2026-10-12, kind: review}\n"
    retail.write_text(text, encoding="utf-8")
    report = run(SECOND)
    after = retail.read_text(encoding="utf-8")
    for kept in (
        "    outcome_owner: amara   # agreed in May\n",
        "      - {rule: VAL-004, reason: re-measured, until: 2027-01-31}\n    # the second one\n",
        "# what we talk about\nengagements:\n  - {date: 2026-10-12, kind: review}\n",
    ):
        assert kept in after
    assert "    title: Claims platform   # as we say\n" in after
    found = read_back()
    assert found["P1"].confidence == "red"
    assert [(s.year, s.budget) for s in found["P1"].spend] == [(2023, 1000.5), (2024, 2000)]
    assert found["P4"].title == "Kiosks"
    assert report.new == ["P4"]
    assert [(u.id, u.fields) for u in report.updated] == [
        ("P1", ["title", "confidence", "end", "spend", "custom"])
    ]
    assert [(g.id, g.since, g.spend) for g in report.gone] == [("P2", D(2025, 3, 31), 20)]
    assert report.not_judged == {"finance": 1}  # the tables do not speak of P3's unit
    assert report.without_owner == 1
    again = snapshot(target)
    run(SECOND)
    assert snapshot(target) == again


def test_an_older_year_never_overwrites_a_newer_one(run: Import, read_back: ReadBack) -> None:
    run(SECOND)
    report = run(FIRST)
    found = read_back()
    assert found["P1"].title == "Claims platform"
    assert found["P1"].custom["note"] == "second"
    assert found["P1"].custom["imported"]["as_of"] == "2025-03-31"
    assert [(s.year, s.budget) for s in found["P1"].spend] == [(2023, 1000.5), (2024, 2000)]
    assert [(g.id, g.since) for g in report.gone] == [("P2", D(2025, 3, 31))]


def test_both_years_at_once_are_the_same(
    run: Import, read_back: ReadBack, tmp_path: Path, small: str
) -> None:
    run(FIRST)
    run(SECOND)
    apart = read_back()
    (tmp_path / "projects-1.csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "projects-2.csv").write_text(SECOND, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(small, encoding="utf-8")
    files = [tmp_path / "projects-2.csv", tmp_path / "projects-1.csv"]
    report = run_import(tmp_path / "m.yaml", files, tmp_path / "repository-2")
    assert [(a.rows, a.imported, a.merged) for a in report.accounts] == [(3, 2, 1), (2, 2, 0)]
    assert run_import(tmp_path / "m.yaml", files, tmp_path / "repository").updated == []
    assert set(apart) == {"P1", "P2", "P3", "P4"}


def test_a_field_that_is_withheld_later_is_taken_out(run: Import, read_back: ReadBack) -> None:
    run(FIRST)
    run(SECOND.replace("31/12/2026", "Secret: court"))
    found = read_back()["P1"]
    assert found.end is None
    assert found.withheld == {"end": "Secret: court"}
    run(SECOND.replace("2025-03-31", "2026-03-31"))
    assert read_back()["P1"].withheld == {}
    assert read_back()["P1"].end == D(2026, 12, 31)


def test_another_field_may_be_withheld_in_the_place_of_the_only_one(
    run: Import, read_back: ReadBack
) -> None:
    run(SECOND.replace("31/12/2026", "Secret: court"))
    later = SECOND.replace("2025-03-31", "2026-03-31").replace("Red", "Secret: rating")
    report = run(later)
    assert not report.is_refused
    assert read_back()["P1"].withheld == {"confidence": "Secret: rating"}


def test_a_rating_does_not_keep_the_date_of_another(
    run: Import, read_back: ReadBack, small: str
) -> None:
    dated = small.replace("Rating\n    end", "Rating\n    confidence_on: As of\n    end")
    run(FIRST, dated)
    assert read_back()["P1"].confidence_on == D(2024, 3, 31)
    run(SECOND)
    assert read_back()["P1"].confidence == "red"
    assert read_back()["P1"].confidence_on is None


def test_bad_cells_are_left_out_and_named(run: Import, read_back: ReadBack, target: Path) -> None:
    table = HEADER + (
        'P1,"Claims\nplatform",Retail,2024-03-31,,Purple,31/02/2025,2023,=1+1,\n'
        "P2,Two,Retail,2024-03-31,,Green,\x1b[31mnever,2023,5 apples,\n"
    )
    with pytest.raises(ImportRefused, match="2 of 2 cells of the column `Budget` are no amounts"):
        run(table)
    assert not (target / "portfolios").exists()
    report = run(table, anyway=True)
    said = [str(p).split("projects.csv: ")[1] for p in report.left_out]
    assert said[0].startswith("row 2, column `Rating`: is not green, amber-green")
    assert said[1] == "row 2, column `End`: is a date that does not exist: `31/02/2025`"
    assert said[2] == "row 2, column `Budget`: is not an amount: `=1+1`"
    assert said[3].startswith(
        "row 3 (line 4), column `End`: is not a date in the formats DD/MM/YYYY"
    )
    assert "\x1b" not in report.render_text()
    found = read_back()
    assert found["P1"].title == "Claims platform"
    assert (found["P1"].end, found["P1"].spend) == (None, [])
    before = snapshot(target)
    with pytest.raises(ImportRefused, match="row 2, column `Rating`"):
        run(table.replace("Claims", "Other"), strict=True)
    assert snapshot(target) == before


def test_rows_that_are_no_record_are_accounted_for(run: Import) -> None:
    report = run(
        HEADER + ",No id,Retail,,,,,,,\nP2,,Retail,,,,,,,\nP3,No unit,,,,,,,,\n,,,,,,,,,\n"
        "P5,Five,Retail,,,,,,,\nP5,Five,Retail,,,,,,,\n"
    )
    (account,) = report.accounts
    assert account.is_complete
    assert (account.rows, account.imported, account.merged) == (6, 1, 1)
    assert account.skipped == {
        "it has no id": [2],
        "it has no title": [3],
        "it names no unit": [4],
        "blank row": [5],
    }


def test_hostile_cells_stay_text_and_stay_inside(
    run: Import, target: Path, read_back: ReadBack
) -> None:
    rows = [
        "../../evil,../../x,../../etc/passwd",
        "&a,*b,organisation",
        "!!python/object:os.system,{a: [b,CON",
        '"a: b # c","- ? yes","\u2028Retail"',
        "null,~,\u202eliateR",
        "1e3,0x1F,2024-01-01",
    ]
    table = HEADER + "".join(f"{r},2024-03-31,,,,,,\n" for r in rows if r.count(",") == 2)
    table += '"!!tag","{a: [b",CON,2024-03-31,,,,,,\n'
    report = run(table)
    found = read_back()
    assert report.is_complete
    assert "..-..-evil" in found
    assert {"*b", "~", "0x1F", "{a: [b", "- ? yes"} <= {i.title for i in found.values()}
    names = {p.name for p in target.rglob("*") if p.is_file()}
    assert {"etc-passwd.yaml", "organisation-unit.yaml", "con-unit.yaml"} <= names
    assert all(p.parent.name == "portfolios" for p in target.rglob("*.yaml"))


def test_people_who_are_named_become_people(run: Import, target: Path, read_back: ReadBack) -> None:
    table = FIRST.replace("2024-03-31,,", "2024-03-31,Amara Okafor,", 1)
    table = table.replace("2024-03-31,,", "2024-03-31,TBD,", 1)
    report = run(table)
    assert read_back()["P1"].outcome_owner == "amara.okafor"
    assert read_back()["P2"].outcome_owner is None
    assert report.without_owner == 2
    path = target / "portfolios" / "organisation.yaml"
    assert "  - id: amara.okafor\n    name: Amara Okafor\n" in path.read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("amara.okafor", "a.okafor")
    path.write_text(text, encoding="utf-8")
    run(table.replace("TBD", "Tom Reyes"))
    assert read_back()["P1"].outcome_owner == "a.okafor"  # known by name
    assert path.read_text(encoding="utf-8") == text + "  - id: tom.reyes\n    name: Tom Reyes\n"


def test_an_investment_stays_in_the_file_people_put_it_in(
    run: Import, target: Path, read_back: ReadBack
) -> None:
    run(FIRST)
    folder = target / "portfolios"
    (folder / "retail").mkdir()
    text = (folder / "retail.yaml").read_text(encoding="utf-8")
    head, _, second = text.partition("  - id: P2\n")
    (folder / "retail.yaml").write_text(head, encoding="utf-8")
    part = "business_unit: retail\ninvestments:\n  - id: P2\n" + second
    (folder / "retail" / "more.yaml").write_text(part, encoding="utf-8")
    report = run(FIRST.replace("Branches", "All branches").replace("Ledger,Finance", "Ledger,HR"))
    assert "All branches" in (folder / "retail" / "more.yaml").read_text(encoding="utf-8")
    assert "P3: the table has it under `hr`; it stays in portfolios/finance.yaml" in report.notes
    assert len(read_back()) == 3


def test_a_portfolio_that_is_broken_or_of_another_currency_is_refused(
    run: Import, target: Path, small: str
) -> None:
    run(FIRST)
    before = snapshot(target)
    with pytest.raises(ImportRefused, match=r"organisation\.yaml:5:13: `currency` is EUR here"):
        run(FIRST, small.replace("EUR", "USD"))
    assert snapshot(target) == before
    (target / "portfolios" / "finance.yaml").write_text("a: [1\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"portfolios/finance\.yaml:1:"):
        run(FIRST)


def test_a_file_that_cannot_be_edited_is_refused_and_the_others_go_on(
    run: Import, target: Path
) -> None:
    run(FIRST)
    path = target / "portfolios" / "retail.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("    title: Claims\n", "    title: &t Claims\n", 1)
    text = text.replace("      note: first", "      note: first\n      again: *t")
    path.write_text(text, encoding="utf-8")
    report = run(SECOND.replace("Kiosks,Retail", "Kiosks,Finance"))
    states = {f.path: f.state for f in report.files}
    assert states["portfolios/finance.yaml"] == "changed"
    if states["portfolios/retail.yaml"] == "refused":
        assert path.read_text(encoding="utf-8") == text
        assert report.is_refused
        assert "refused: portfolios/retail.yaml" in report.render_text()


# -- files and tables ----------------------------------------------------------------------


def test_which_file_is_which_table(tmp_path: Path, small: str) -> None:
    mapping = tmp_path / "m.yaml"
    two = small.replace("reading:", "  other: {files: [other.csv], may_be_absent: true}\nreading:")
    mapping.write_text(two, encoding="utf-8")
    odd = tmp_path / "odd.csv"
    odd.write_text(FIRST, encoding="utf-8")
    assert run_import(mapping, [odd], tmp_path / "by-columns").new == ["P1", "P2", "P3"]
    assert run_import(mapping, [f"projects={odd}"], tmp_path / "by-name").new == ["P1", "P2", "P3"]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "projects.csv").write_text(FIRST, encoding="utf-8")
    (folder / "unrelated.csv").write_text("x\n1\n", encoding="utf-8")
    assert run_import(mapping, [folder], tmp_path / "by-folder").new == ["P1", "P2", "P3"]
    for files, says in (
        ([f"project={odd}"], "no table `project`; did you mean `projects`"),
        ([folder / "unrelated.csv"], "matches no table of the mapping `small`"),
        ([], "no table is given"),
        ([tmp_path / "nowhere.csv"], "cannot be read"),
        ([f"other={odd}"], "no file is given for the table `projects`"),
    ):
        with pytest.raises(ImportRefused, match=says):
            run_import(mapping, files, tmp_path / "no")
    assert not (tmp_path / "no").exists()


def test_a_workbook_reads_as_its_csv_does(
    tmp_path: Path, target: Path, run: Import, read_back: ReadBack, small: str
) -> None:
    run(FIRST)
    expected = read_back()
    book = openpyxl.Workbook()
    header, *_ = FIRST.splitlines()
    book.active.append(header.split(","))
    day, end = D(2024, 3, 31), D(2025, 12, 31)
    book.active.append(["P1", "Claims", "Retail", day, None, "Green", end, 2023, 1000.5, "first"])
    book.save(tmp_path / "projects.xlsx")
    (tmp_path / "m.yaml").write_text(small, encoding="utf-8")
    report = run_import(tmp_path / "m.yaml", [tmp_path / "projects.xlsx"], target)
    assert report.updated == []
    assert read_back() == expected


def test_ready_mappings_are_found_by_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "anything.csv"
    path.write_text(FIRST, encoding="utf-8")
    with pytest.raises(ImportRefused, match="--guess"):
        detect([path])


def test_ctrl_c_while_files_are_written_leaves_none_out(
    run: Import, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[Path] = []

    def interrupted(root: Path, path: Path, raw: bytes, was: str | None) -> bool:
        signal.raise_signal(signal.SIGINT)
        saved.append(path)
        return save(root, path, raw, was)

    monkeypatch.setattr("itgov.importing.edits.save", interrupted)
    row = "P{0},Name {0},Unit {0},2024-03-31,,,,2023,1,\n"
    header = "No,Name,Department,As of,Owner,Rating,End,Year,Budget,Note\n"
    with interruptible(), pytest.raises(KeyboardInterrupt):
        run(header + "".join(row.format(n) for n in range(3)))
    assert len(saved) == 4
    assert {p.name for p in (target / "portfolios").iterdir()} == {
        *("organisation.yaml", "unit-0.yaml", "unit-1.yaml", "unit-2.yaml")
    }
