"""Unit files as people write them: any style, order, comment and blank line."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from itgov.files.reader import read
from itgov.files.write import scalar

PATH = "portfolios/retail.yaml"
PEOPLE = b"people: [{id: amara, name: Amara}, {id: lena, name: Lena}]\n"

# -- a file in any style -----------------------------------------------------------------------

PLAIN = st.text(alphabet="abc xyzé", min_size=1, max_size=12).map(str.strip).filter(bool)
TEXTS = st.one_of(
    PLAIN, PLAIN, st.text(alphabet="ab: #'\"-,[]{}\\%@é", min_size=1, max_size=12).filter(str.strip)
).map(str.strip)
NOTES = st.sampled_from(["", "", "", "", "   # note", " # it's: {odd}"])
RESULTS = st.lists(
    st.fixed_dictionaries(
        {"date": st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))},
        optional={"actual": st.integers(0, 99), "evidence": TEXTS},
    ),
    max_size=3,
    unique_by=lambda r: r["date"],
)
OUTCOMES = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["one", "two"])},
        optional={"measure": TEXTS, "target": st.integers(0, 99), "results": RESULTS},
    ),
    max_size=2,
    unique_by=lambda o: o["id"],
)
WAIVER = {"rule": "VAL-001", "reason": "So", "until": "2027-01-01", "approved_by": "amara"}
INVESTMENT = st.fixed_dictionaries(
    {"title": TEXTS},
    optional={
        "summary": TEXTS,
        "stage": st.sampled_from(["live", "proposed", None]),
        "outcome_owner": st.sampled_from(["amara", "lena", None, ""]),
        "next_review": st.dates(datetime.date(2025, 1, 1), datetime.date(2027, 1, 1)),
        "business_changes": st.lists(TEXTS, max_size=2),
        "outcomes": OUTCOMES,
        "waivers": st.sampled_from([[], None, [WAIVER]]),
        "custom": st.sampled_from([{}, {"a": 1, "b": None}]),
    },
)
ENGAGEMENT = st.fixed_dictionaries(
    {"date": st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31))},
    optional={
        "kind": st.just("review"),
        "with": st.lists(st.sampled_from(["amara", "lena"]), max_size=2),
        "satisfaction": st.sampled_from([{"score": 3}, {"score": 4, "by": "amara"}]),
        "actions": st.lists(st.fixed_dictionaries({"what": TEXTS}), max_size=2),
        "opportunities": st.sampled_from([[], [{"id": "kiosk", "state": "raised"}]]),
    },
)


class Hand:
    """Somebody who writes YAML in a way of their own."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw
        self.step = draw(st.sampled_from([1, 2, 2, 2, 4]))
        self.dash = draw(st.sampled_from([0, 2, 2]))
        self.braces = draw(st.sampled_from([0, 0, 1, 3]))  # how often, in ten, a value is in braces
        self.remarks = draw(st.booleans())

    def file(self, data: dict[str, Any]) -> bytes:
        start = self.draw(st.sampled_from(["", "# the file\n", "---\n", "# a\n\n---\n# b\n"]))
        if self.draw(st.sampled_from([False] * 9 + [True])):
            text = start + self.flow(data, 0) + "\n"
        else:
            text = start + "\n".join(self.mapping(data, 0)) + "\n"
        text += self.draw(st.sampled_from(["", "", "# the end\n", "\n\n"]))
        if self.draw(st.sampled_from([False, False, False, True])):
            text = text.rstrip("\n")
        if self.draw(st.sampled_from([False, False, True])):
            text = text.replace("\n", "\r\n")
        mark = b"\xef\xbb\xbf" if self.draw(st.sampled_from([False, False, True])) else b""
        return mark + text.encode()

    def mapping(self, data: dict[str, Any], indent: int) -> list[str]:
        lines: list[str] = []
        for key, value in data.items():
            lines += self.remark(indent)
            lines += self.entry(f"{' ' * indent}{key}:", value, indent)
        return lines

    def entry(self, start: str, value: Any, indent: int) -> list[str]:
        note = self.draw(NOTES) if self.remarks else ""
        if value in ([], {}):
            return [f"{start} {'[]' if value == [] else '{}'}{note}"]
        if isinstance(value, (dict, list)) and not self.wants_braces():
            if isinstance(value, dict):
                return [start + note, *self.mapping(value, indent + self.step)]
            return [start + note, *self.items(value, indent + self.dash)]
        if isinstance(value, (dict, list)):
            return [f"{start} {self.flow(value, indent + self.step)}{note}"]
        if value is None:
            return [start + self.draw(st.sampled_from(["", " ~", " null"])) + note]
        if isinstance(value, str) and self.draw(st.sampled_from([False] * 5 + [True])):
            style = self.draw(st.sampled_from(["|", ">-", "|-", "|+"]))
            if value.strip() and value[0] != "#":
                return [f"{start} {style}", " " * (indent + 2) + value]
        return [f"{start} {self.scalar(value)}{note}"]

    def items(self, values: list[Any], indent: int) -> list[str]:
        lines: list[str] = []
        for value in values:
            lines += self.remark(indent)
            dash = " " * indent + "-"
            if isinstance(value, dict) and not self.wants_braces():
                inner = self.draw(st.sampled_from([2, 2, 4]))
                first, *rest = self.mapping(value, indent + inner)
                while not first.strip() or first.strip().startswith("#"):
                    lines.append(first)
                    first, *rest = rest
                lines += [dash + " " * (inner - 1) + first.lstrip(), *rest]
            elif isinstance(value, dict):
                lines.append(f"{dash} {self.flow(value, indent + 2)}")
            else:
                lines.append(f"{dash} {self.scalar(value)}")
        return lines

    def remark(self, indent: int) -> list[str]:
        if not self.remarks:
            return []
        return self.draw(st.sampled_from([[]] * 6 + [[""], [" " * indent + "# here"], ["# there"]]))

    def wants_braces(self) -> bool:
        return self.draw(st.integers(0, 9)) < self.braces

    def flow(self, value: Any, indent: int) -> str:
        if isinstance(value, dict):
            parts = [f"{k}: {self.flow(v, indent)}" for k, v in value.items()]
            return self.brackets("{", parts, "}", indent)
        if isinstance(value, list):
            return self.brackets("[", [self.flow(v, indent) for v in value], "]", indent)
        return "null" if value is None else self.scalar(value, flow=True)

    def brackets(self, left: str, parts: list[str], right: str, indent: int) -> str:
        style = self.draw(st.sampled_from(["tight", "tight", "wide", "lines", "comma"]))
        if style == "wide":
            return f"{left} {', '.join(parts)} {right}"
        if style == "lines" and parts:
            space = "\n" + " " * (indent + 4)
            return f"{left}{space}{(',' + space).join(parts)}{space}{right}"
        if style == "comma" and parts:
            return f"{left}{', '.join(parts)},{right}"
        return left + ", ".join(parts) + right

    def scalar(self, value: Any, flow: bool = False) -> str:
        if isinstance(value, (str, datetime.date)):
            quotes = self.draw(st.sampled_from(["", "", "'", '"']))
            told = str(value)
            if quotes == "'":
                return "'" + told.replace("'", "''") + "'"
            if quotes == '"' or not told:
                return '"' + told.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return scalar(value, flow)


@st.composite
def files(draw: Callable[..., Any]) -> bytes:
    """A business unit's file, in any style."""
    data: dict[str, Any] = {"business_unit": {"id": "retail", "name": draw(TEXTS)}}
    investments = draw(st.lists(INVESTMENT, min_size=1, max_size=3))
    data["investments"] = [{"id": f"RET-{n}", **i} for n, i in enumerate(investments)]
    engagements = draw(st.lists(ENGAGEMENT, max_size=3, unique_by=lambda e: e["date"]))
    if engagements or draw(st.booleans()):
        data["engagements"] = engagements
    raw = Hand(draw).file(data)
    assume(not read(PATH, raw)[2])
    return raw
