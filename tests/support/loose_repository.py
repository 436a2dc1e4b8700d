"""Repositories of many units that have little to do with each other, and edits of them."""

from __future__ import annotations

from collections.abc import Callable

import yaml

from .random_repository import Data, RandomRepository, text_of


class LooseRepository(RandomRepository):
    """Many units that share nobody, as a rule: most files change without others."""

    units = [f"unit{n}" for n in range(9)]
    people = [f"{unit}.{n}" for unit in units for n in range(3)]
    managers = [f"{unit}.0" for unit in units]
    odd = 0.001
    listed = 1.0
    fewest = 1
    objectives = ("g1",)
    sizes = (9, 9)

    def _is_rare(self) -> bool:
        return self.random.random() < 0.02

    def _people_near(self, unit: str) -> list[str]:
        own = [p for p in self.people if p.startswith(unit)]
        return [*own, self.random.choice(self.people)] if self._is_rare() else own

    def _other_item(self) -> str:
        at = 0 if self._is_rare() else self.units.index(self.near[0].partition(".")[0])
        return f"{self.units[at]}-1{'x' if self._is_rare() else ''}"

    def _left(self) -> Data:
        return super()._left() if self._is_rare() else {}

    def _served(self, person: str) -> str:
        return super()._served(person) if self._is_rare() else person.partition(".")[0]

    def _measured_by(self) -> list[str]:
        return super()._measured_by() if self._is_rare() else []

    def _benefit(self) -> int:
        return 1000 if self._is_rare() else super()._benefit()

    def _edits(self) -> list[Callable[[], None]]:
        often = [
            self._edit_unit,
            self._edit_value,
            self._edit_value,
            self._comment,
            self._move_item,
            self._copy_outcome,
            self._add_item,
            self._drop_item,
        ]
        seldom = [self._scenario, self._minutes, self._split_unit, self._pass_over]
        return [*super()._edits(), *(seldom * 4), *(often * 8)]

    def _unit(self, unit: str) -> str:
        """Return a unit's file with what others may have to do with as well."""
        r, data = self.random, yaml.safe_load(super()._unit(unit))
        for item in data["investments"]:
            for outcome in item.get("outcomes", []):
                if r.random() < 0.05:
                    other = f"{self._other_item()}/o1"
                    outcome["also_claimed_by"] = [{"outcome": other, "share": r.choice([0.3, 0.5])}]
            if r.random() < 0.2:
                item["formerly"] = [r.choice([f"old-{item['id']}", self._other_item(), "old"])]
        for number, engagement in enumerate(data["engagements"]):
            state = r.choice(["raised", "pursued", "realised", "dropped"])
            engagement["opportunities"] = [
                {"id": r.choice(["a", f"b{number}"]), "statement": "A chance", "state": state, "investment": self._other_item(),
                 "raised_by": r.choice(self.near)}
            ]  # fmt: skip
        return text_of(data)

    def _split_unit(self) -> None:
        """Give a unit a second file."""
        unit = self.random.choice(self.units)
        self.near = self._people_near(unit)
        items = [self._item(f"{unit}-x{n}") for n in range(self.random.randint(1, 2))]
        more = text_of({"business_unit": unit, "investments": items})
        self.git.write({f"portfolios/{self.random.choice([unit, 'more'])}/{unit}-2.yaml": more})

    def _scenario(self) -> None:
        stops = [{"stop": f"{self.random.choice(self.units)}-1", "on": self._date()}]
        scenario = {"id": "spring", "changes": stops}
        self.git.write({"scenarios/spring.yaml": text_of({"scenario": scenario})})

    def _pass_over(self) -> None:
        """Have a file that is not read come, or go."""
        path = self.root / "portfolios" / "notes.json"
        if path.exists():
            path.unlink()
        else:
            self.git.write({"portfolios/notes.json": "{}"})

    def _minutes(self) -> None:
        """Close a session on one unit."""
        r, unit = self.random, self.random.choice(self.units)
        day, by = self._date(), r.choice(self.people)
        subjects = [
            ("investment", f"{unit}-1"),
            ("business_unit", unit),
            ("relationship_manager", f"{unit}.0"),
        ]
        verdicts = ["approve", "hold", "challenge", "escalate", "stop"]
        items = [
            {"subject": {"kind": kind, "id": identifier}, "business_unit": unit, "decisions": [
                {"decision": r.choice(verdicts), "by": by, "reason": "So"},
                {"decision": "action", "by": by, "what": "Ask", "owner": by, "due": self._date(), "action": f"{day}/{identifier}"}]}
            for kind, identifier in subjects
        ]  # fmt: skip
        review = {"id": f"{day}-{unit}", "date": day, "business_unit": unit, "chair": by}
        self.git.write({f"reviews/{day}-{unit}.yaml": text_of({"review": review, "items": items})})

    def _edit_items(self, edit: Callable[[list[Data]], None]) -> None:
        """Change the items of one file, which has some."""
        path = self.random.choice(self._files())
        try:
            data = yaml.safe_load(path.read_bytes())
            edit(data["investments"])
        except (yaml.YAMLError, KeyError, TypeError, IndexError, AttributeError):
            return
        path.write_text(text_of(data), encoding="utf-8")

    def _add_item(self) -> None:
        """Add an item with a title that others have."""
        identifier = f"{self.random.choice(self.units)}-{self.random.choice('uvw')}"
        if self.random.random() < 0.1:  # which looks like that of another item
            identifier = f"{self.random.choice(self.units)}-1".replace("i", "\u0456")
        item = {**self._item(identifier), "title": "The same"}
        self._edit_items(lambda items: items.append(item))

    def _drop_item(self) -> None:
        self._edit_items(lambda items: items.remove(items[-1]))

    def _copy_outcome(self) -> None:
        """Have the results of one outcome told of another item as well."""
        copied: list[Data] = []
        self._edit_items(lambda items: copied.append(items[0]["outcomes"][0]))
        if copied:
            self._edit_items(lambda items: items[-1].setdefault("outcomes", []).append(copied[0]))

    def _move_item(self) -> None:
        """Move an item to another unit's file, or have it there as well."""
        paths = self.random.sample(self._files(), 2)
        try:
            one, other = [yaml.safe_load(p.read_bytes()) for p in paths]
            item = one["investments"].pop()
            other["investments"].append(item)
        except (yaml.YAMLError, KeyError, TypeError, IndexError, AttributeError):
            return
        if not self._is_rare():
            paths[0].write_text(text_of(one), encoding="utf-8")
        paths[1].write_text(text_of(other), encoding="utf-8")
