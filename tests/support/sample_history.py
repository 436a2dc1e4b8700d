"""The sample with two years of git history, made of its present files.

A commit of a past day has today's files without what is dated later (results, meetings, levels, gates, answers),
without the decisions that were taken later, and with the spend of that day: the budgets of all years, the actual of
years that were over, and of the year of that day by its days up to then.  The last commit is the sample to the byte.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from .git import GitRepo

SAMPLE = Path(__file__).resolve().parents[2]
FIRST, LAST = "2024-07-01", "2026-11-20"
FINANCE = "Priya Nair <priya.nair@example.org>"
DECISIONS = (
    (
        "2025-06-02", "Gareth Penrose <gareth.penrose@example.org>", "OPS-003: stopped", "operations.yaml", "OPS-003",
        (("    stage: delivering\n", "    stage: stopped\n"), ("", "    ended: 2025-05-30\n")),
    ),
    (
        "2025-11-21", "Martin Cole <martin.cole@example.org>", "LEN-001: offers half a year later", "lending.yaml",
        "LEN-001", (("        due: 2026-03-31\n", "        due: 2026-09-30\n"),),
    ),
    (
        "2026-02-05", "Amara Okafor <amara.okafor@example.org>", "RET-005: Idris takes over", "retail.yaml", "RET-005",
        (("    relationship_manager: lena.fischer\n", "    relationship_manager: idris.bello\n"),),
    ),
    (
        "2026-03-12", "Callum Reid <callum.reid@example.org>", "DIG-010: one old app stays", "digital/mobile.yaml",
        "three-apps", (("        target: 0  # one,", "        target: 1  # one,"),),
    ),
    (
        "2026-05-29", "Catherine Dolan <catherine.dolan@example.org>", "Helen Marsh has left", "people.yaml", "PPL-001",
        (("manager: helen.marsh", "manager: idris.bello"),),
    ),
    (
        "2026-05-29", "Catherine Dolan <catherine.dolan@example.org>", "Helen Marsh has left", "people.yaml", "PPL-003",
        (("manager: helen.marsh", "manager: idris.bello"),),
    ),
    (
        "2026-05-29", "Catherine Dolan <catherine.dolan@example.org>", "Helen Marsh has left", "people.yaml", "PPL-005",
        (("manager: helen.marsh", "manager: denise.hargreave"),),
    ),
    (
        "2026-06-26", "Martin Cole <martin.cole@example.org>", "LEN-001: offers later again", "lending.yaml",
        "LEN-001", (("        due: 2026-09-30\n", "        due: 2027-03-31\n"),),
    ),
    (
        "2026-07-01", "Zara Malik <zara.malik@example.org>", "DIG-011: Idris takes over", "digital/mobile.yaml",
        "DIG-011",
        (("    relationship_manager: oliver.stanton\n", "    relationship_manager: idris.bello\n"),),
    ),
    (
        "2026-08-01", "Catherine Dolan <catherine.dolan@example.org>", "PPL-005: Patrick Leary has left", "people.yaml",
        "PPL-005", (("    outcome_owner: patrick.leary\n", "    outcome_owner: catherine.dolan\n"),),
    ),
    (
        "2026-10-15", "Fiona Carrick <fiona.carrick@example.org>", "CLM-006: approved", "claims.yaml", "CLM-006",
        (("    stage: proposed\n", "    stage: approved\n"),),
    ),
)  # fmt: skip
"""Day, author, title, file, the item or outcome, and what was replaced by what in it."""
_QUARTERS = [
    f"{y}-{end}" for y in (2024, 2025, 2026) for end in ("03-31", "06-30", "09-30", "12-31")
]
_FISCAL_MONTH = 4
_SPEND = re.compile(
    r"(?m)^(?P<head> +- )\{year: (?P<year>\d{4}), (?P<amounts>(?:(?:budget|actual|forecast): [\d.]+(?:, )?)+)\}"
    r"(?P<tail>.*\n)"
)
_AMOUNT = re.compile(r"(budget|actual|forecast): ([\d.]+)")
_DATED = re.compile(r"(?m)^ +- \{(?:date|on|gate: [a-z-]+, on): (\d{4}-\d\d-\d\d)[,}].*\n")
_MEETING = re.compile(r"(?m)^(?:  # .*\n)?  - date: (\d{4}-\d\d-\d\d)\n(?:    .*\n|\n)*")


def _as_of(text: str, day: str) -> str:
    """Return a file without what is dated after a day, and with what was spent by then."""
    for pattern in (_MEETING, _DATED):
        text = pattern.sub(lambda m: m[0] if m[1] <= day else "", text)
    return _SPEND.sub(lambda row: _spent(row, datetime.date.fromisoformat(day)), text)


def _spent(row: re.Match[str], day: datetime.date) -> str:
    """Return a row of spend as it was on a day."""
    amounts = {key: float(value) for key, value in _AMOUNT.findall(row["amounts"])}
    year, now = int(row["year"]), day.year - (day.month < _FISCAL_MONTH)
    if year < now:
        return row[0]
    actual = amounts.get("actual")
    kept = [f"{key}: {value}" for key, value in _AMOUNT.findall(row["amounts"]) if key == "budget"]
    if year == now and actual is not None:
        begins, ends = (datetime.date(y, _FISCAL_MONTH, 1) for y in (year, year + 1))
        until = min(datetime.date.fromisoformat(LAST), ends)
        share = (day - begins).days / (until - begins).days
        kept.append(f"actual: {round(actual * share, -3):.0f}")
    if not kept:
        return ""
    return f"{row['head']}{{year: {year}, {', '.join(kept)}}}{row['tail']}"


def _before(texts: dict[str, str], day: str) -> dict[str, str]:
    """Return the files without the decisions taken after a day."""
    texts = dict(texts)
    for taken, _, _, name, record, changes in reversed(DECISIONS):
        if taken <= day:
            continue
        start = texts[name].index(f"- id: {record}\n")
        head, body = texts[name][:start], texts[name][start:]
        for old, new in changes:
            assert new in body, new
            body = body.replace(new, old, 1)
        texts[name] = head + body
    return texts


def sample_history(root: Path) -> GitRepo:
    """Make a git repository of the sample: decisions, and what each quarter brought."""
    folder = SAMPLE / "portfolios"
    texts = {
        p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8")
        for p in sorted(folder.rglob("*.yaml"))
    }
    repo = GitRepo(root)
    told = {day: (author, title) for day, author, title, *_ in DECISIONS}
    days = {FIRST, *(q for q in _QUARTERS if FIRST < q < LAST), *told, LAST}
    for day in sorted(days):
        author, title = told.get(day, (FINANCE, "Results and meetings"))
        then = _before(texts, day)
        repo.write(
            {f"portfolios/{n}": t if day == LAST else _as_of(t, day) for n, t in then.items()}
        )
        repo.git("add", "-A")
        repo.git("commit", "-q", "-m", title, "--author", author, date=day)
    return repo
