"""Repositories of random content, and random edits of them: what people do, and what they should not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from .git import GitRepo

Data = dict[str, Any]

PEOPLE = ["ann", "bob", "cy", "dee", "eve", "flo"]
ODD = ["nobody.here", "TBD", "", "Ann Archer", "é́ñ", "x" * 40]
UNITS = ["retail", "claims", "it"]

OWN_RULES = {
    "rules": [
        {
            "id": "ZZZ-001", "name": "boss-of-boss", "summary": "The manager's manager is known",
            "severity": "warning", "for": "business_unit",
            "when": "business_unit.relationship_manager in relationship_managers",
            "assert": "relationship_managers[business_unit.relationship_manager].reports_to in people && "
            "people[relationship_managers[business_unit.relationship_manager].reports_to].side == 'business'",
            "message": "{business_unit.name}: {relationship_managers[business_unit.relationship_manager].reports_to}",
        },
        {
            "id": "ZZZ-002", "name": "few-people", "summary": "Few people", "severity": "info",
            "for": "investment", "assert": "people.size() < 4", "message": "{investment.title}: many",
        },
        {
            "id": "ZZZ-003", "name": "whole-spend", "summary": "The whole stays small", "severity": "error",
            "for": "outcome", "assert": "organisation.spend_total < 500.0 || today < '2026-08-01'",
            "message": "{outcome.statement}: {organisation.spend_total}",
        },
        {
            "id": "ZZZ-004", "name": "compares", "summary": "May not be evaluated", "severity": "warning",
            "for": "investment", "assert": "investment.start < investment.end",
        },
    ]
}  # fmt: skip


class RandomRepository:
    """A repository on disk in git, made from a seed; `edit` changes it and says how."""

    units = UNITS
    people = PEOPLE
    managers = PEOPLE[:3]
    odd = 0.1
    """How many names are nobody's."""
    listed = 0.8
    """How many people are there."""
    fewest = 0
    objectives = ("g1", "g2")
    """Items of a unit."""
    sizes = (1, 3)
    """Units, at first."""

    def __init__(self, root: Path, seed: int) -> None:
        self.near = self.people
        self.random = random.Random(seed)
        self.git = GitRepo(root)
        self.root = root
        self.day = f"2026-{self.random.randint(3, 11):02}-{self.random.randint(1, 28):02}"
        self.earlier: list[dict[str, bytes]] = []
        self._commits = 0
        files: dict[str, str | None] = {"portfolios/organisation.yaml": self._organisation()}
        for unit in self.units[: self.random.randint(*self.sizes)]:
            files[f"portfolios/{unit}.yaml"] = self._unit(unit)
        self.git.write(files)
        if self.random.random() < 0.7:
            self._commit()

    # -- content ---------------------------------------------------------------------------

    def _some(self, values: Sequence[Any]) -> Any:
        return self.random.choice(ODD if self.random.random() < self.odd else values)

    def _people_near(self, unit: str) -> list[str]:
        """Return who is named in a unit's file."""
        return self.people

    def _other_item(self) -> str:
        return f"{self.random.choice(self.units)}-{self.random.randint(1, 3)}"

    def _left(self) -> Data:
        return {"left": self._date()}

    def _served(self, person: str) -> str:
        """Return which unit a relationship manager serves."""
        return str(self._some(self.units))

    def _measured_by(self) -> list[str]:
        return [f"{self.random.choice(self.units)}-1/o1"]

    def _benefit(self) -> int:
        return self.random.randint(1, 10**6)

    def _date(self) -> str:
        return f"{self.random.choice([2025, 2026, 2026, 2027])}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"

    def _maybe(self, data: Data, share: float = 0.7) -> Data:
        return {k: v for k, v in data.items() if self.random.random() < share}

    def _organisation(self) -> str:
        r = self.random
        whole: Data = {
            "id": "o",
            "name": "O",
            "currency": r.choice(["GBP", "USD"]),
            "fiscal_year_start": r.choice([1, 4]),
        }
        people = [
            {"id": p, "name": r.choice([p.title(), "Ann Archer"]), **self._maybe({"side": r.choice(["business", "it"]),
             "business_unit": self._some(self.units), **self._left(), "email": f"{p}@example.org"}, 0.5)}
            for p in self.people if r.random() < self.listed
        ]  # fmt: skip
        managers = [
            {"person": p, **self._maybe({"title": "Manager", "serves": [self._served(p)],
             "represents": r.choice(["customer", "supplier", "middle"]), "position": r.choice(["bridge", "embedded", "native"]),
             "position_since": self._date(), "native_by": self._date(), "reports_to": self._some(self.people),
             "dedication": r.random(), "measured_by": self._measured_by()})}
            for p in self.managers if r.random() < 0.7
        ]  # fmt: skip
        return text_of({"organisation": whole, "people": people, "relationship_managers": managers})

    def _item(self, identifier: str) -> Data:
        r = self.random
        outcomes = [
            {"id": f"o{n}", "statement": f"Better {n}", **self._maybe({"measure": "Days", "unit": "days", "baseline": r.randint(1, 20),
             "target": r.randint(1, 20), "due": self._date(), "value": self._benefit(), "value_from": self._date(),
             "results": [self._maybe({"date": self._date(), "actual": r.randint(1, 20), "value": r.randint(1, 10**5),
                         "evidence": r.choice(["docs/a.pdf", "docs/b.pdf", "https://example.org/x", "said so"]),
                         "confirmed_by": self._some(self.near)}, 0.8) | {"date": self._date()} for _ in range(r.randint(0, 2))]})}
            for n in range(1, r.randint(1, 4))
        ]  # fmt: skip
        return {
            "id": identifier, "title": f"Item {identifier}",
            **self._maybe({
                "type": r.choice(["investment", "service"]), "purpose": r.choice(["run", "grow", "transform"]),
                "stage": r.choice(["proposed", "approved", "delivering", "live", "retired", "stopped"]),
                "outcome_owner": self._some(self.near), "relationship_manager": self._some(self.near[:3]),
                "sponsor": self._some(self.near), "delivery_lead": self._some(self.near), "objective": self._some(self.objectives),
                "depends_on": [self._other_item()], "start": self._date(), "end": self._date(),
                "last_reviewed": self._date(), "next_review": self._date(), "ended": self._date(),
                "spend": [{"year": y, "budget": r.randint(1, 10**6), "actual": r.randint(1, 10**6)} for y in (2025, 2026)[: r.randint(0, 2)]],
                "outcomes": outcomes, "custom": {"tower": r.choice("ab")},
                "waivers": [self._maybe({"rule": r.choice(["VAL-001", "VAL-004", "ZZZ-001", "NOT-001", "REL-002"]), "reason": "Later",
                            "until": self._date(), "approved_by": self._some(self.near)}, 0.9) | {"rule": "VAL-004"}],
            }, 0.6),
        }  # fmt: skip

    def _unit(self, unit: str) -> str:
        r = self.random
        self.near = self._people_near(unit)
        head = {"id": unit, "name": unit.title(), **self._maybe({"head": self._some(self.near), "relationship_manager": self._some(self.near[:3]),
                "engagement_cadence_days": r.choice([30, 90]), "objectives": [{"id": "g1", "statement": "Grow"}],
                "held": [{"role": "relationship_manager", "person": self._some(self.near), "from": "2024-01-01", "to": self._date()}]})}  # fmt: skip
        engagements = [
            {"date": self._date(), **self._maybe({"kind": "review", "by": self._some(self.near), "with": [self._some(self.near)],
             "satisfaction": {"score": r.randint(1, 5), "by": self._some(self.near)},
             "actions": [{"what": "Ask", "owner": self._some(self.near), "due": self._date()}]})}
            for _ in range(r.randint(0, 3))
        ]  # fmt: skip
        items = [self._item(f"{unit}-{n}") for n in range(1, r.randint(self.fewest + 1, 4))]
        return text_of({"business_unit": head, "investments": items, "engagements": engagements})

    # -- edits -----------------------------------------------------------------------------

    def _files(self) -> list[Path]:
        return sorted((self.root / "portfolios").rglob("*.y*ml"))

    def _state(self) -> dict[str, bytes]:
        paths = [
            p
            for f in ("portfolios", "rules", "docs")
            for p in sorted((self.root / f).rglob("*"))
            if p.is_file()
        ]
        paths += [p for p in [self.root / "itgov.yaml"] if p.exists()]
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in paths}

    def _commit(self) -> None:
        self._commits += 1
        self.git.commit(f"2026-{min(self._commits, 12):02}-15")

    def edit(self) -> str:
        """Change something, and return what."""
        self.earlier.append(self._state())
        made = self.random.choice(self._edits())
        made()
        return made.__name__

    def _edits(self) -> list[Callable[[], None]]:
        return [
            self._edit_unit, self._edit_unit, self._edit_value, self._edit_value, self._edit_organisation,
            self._edit_people, self._edit_people, self._break, self._rename, self._delete, self._rules, self._settings,
            self._evidence, self._day, self._go_back, self._comment, self._commit, self._copy,
        ]  # fmt: skip

    def _edit_unit(self) -> None:
        unit = self.random.choice(self.units)
        self.git.write({f"portfolios/{unit}.yaml": self._unit(unit)})

    def _edit_value(self) -> None:
        path = self.random.choice(self._files() or [self.root / "portfolios/it.yaml"])
        lines = (
            path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
            if path.exists()
            else [""]
        )
        at = [n for n, line in enumerate(lines) if ": " in line]
        if at:
            n = self.random.choice(at)
            value = self.random.choice(
                [*self.near, *self.units, "2026-05-05", "7", "true", "null", "live", "VAL-001"]
            )
            lines[n] = f"{lines[n].split(': ')[0]}: {value}"
        path.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")

    def _edit_organisation(self) -> None:
        self.git.write({"portfolios/organisation.yaml": self._organisation()})

    def _edit_people(self) -> None:
        path = self.root / "portfolios/organisation.yaml"
        text = path.read_text(encoding="utf-8", errors="surrogateescape") if path.exists() else ""
        one, other = self.random.sample(
            [*self.people, "business", "it", "Ann Archer", "bridge", "native"], 2
        )
        path.write_text(
            text.replace(one, other, self.random.randint(1, 3)),
            encoding="utf-8",
            errors="surrogateescape",
        )

    def _break(self) -> None:
        path = self.random.choice(self._files() or [self.root / "portfolios/it.yaml"])
        with path.open("ab") as handle:
            handle.write(
                self.random.choice(
                    [b"  : [\n", b"titel: x\n", b"\xff\n", b"investments: 7\n", b"? {a}\n"]
                )
            )

    def _rename(self) -> None:
        if files := self._files():
            path = self.random.choice(files)
            path.rename(path.with_name(f"{self.random.choice(['a', 'z', 'people', 'claims'])}.yml"))

    def _delete(self) -> None:
        if len(files := self._files()) > 1:
            self.random.choice(files).unlink()

    def _copy(self) -> None:
        if files := self._files():
            path = self.random.choice(files)
            (self.root / f"portfolios/{self.random.choice('bcy')}.yaml").write_bytes(
                path.read_bytes()
            )

    def _rules(self) -> None:
        r = self.random
        adjust = {
            "REL-002": {"severity": r.choice(["info", "warning"])},
            "VAL-004": {"message": f"{{outcome.id}} {r.randint(1, 3)}"},
        }
        own: Data = {
            "extends": "standard",
            "adjust": self._maybe(adjust),
            "disable": r.sample(["VAL-009", "HIS-001", "REL-003"], r.randint(0, 2)),
        }
        own["rules"] = r.sample(OWN_RULES["rules"], r.randint(1, 4))
        text = text_of({k: v for k, v in own.items() if v})
        files: dict[str, str | None] = {"rules/own.yaml": text}
        if r.random() < 0.3:
            files["rules/health.yaml"] = text_of({"health": {"grace_days": r.randint(1, 200), "dimensions": [
                {"id": "d", "title": "D", "weight": 1, "rules": ["OWN-001", "REL-001"]}]}})  # fmt: skip
        self.git.write(files)

    def _settings(self) -> None:
        words = self.random.sample(
            [*self.people, "Ann Archer", "Manager"], self.random.randint(0, 2)
        )
        self.git.write(
            {
                "itgov.yaml": text_of(
                    {"placeholders": words, "fail_on": self.random.choice(["error", "info"])}
                )
            }
        )

    def _evidence(self) -> None:
        path = self.root / self.random.choice(["docs/a.pdf", "docs/b.pdf"])
        if path.exists():
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text("shown")

    def _day(self) -> None:
        self.day = f"2026-{self.random.randint(3, 12):02}-{self.random.randint(1, 28):02}"

    def _go_back(self) -> None:
        then, now = self.random.choice(self.earlier), self._state()
        for name in now.keys() - then.keys():
            (self.root / name).unlink()
        for name, data in then.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_bytes(data)

    def _comment(self) -> None:
        if files := self._files():
            path = self.random.choice(files)
            path.write_bytes(b"# moved down\n" + path.read_bytes())


def text_of(data: Data) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
