"""An import of tables that no mapping is for: its questions, up to what would be written.

Terminal and room hold one `Interview`: they show what it is sure of, ask its open questions, show
what would be written, and write it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, structs

from itgov.files.save import save
from itgov.files.uninterrupted import uninterrupted
from itgov.files.write import document, plain
from itgov.importing import mapping as m
from itgov.importing.binding import SUFFIXES, bind
from itgov.importing.conditions import holds
from itgov.importing.draft_head import mapping_name
from itgov.importing.drafting import Drafted, draft
from itgov.importing.existing import read_existing
from itgov.importing.load import Loaded, parse_mapping
from itgov.importing.place_questions import how_to_merge
from itgov.importing.questions import ALONE, MOST_QUESTIONS, Question, examples, values
from itgov.importing.run import HowToImport, Planned, plan_import
from itgov.importing.stated import TableRow
from itgov.importing.table_day import day_in_name
from itgov.importing.tables import SourceTable
from itgov.importing.trouble import refuse, shown
from itgov.importing.walk import Use, columns_of, uses
from itgov.model.fields import label

FOLDER = "mappings"
"""Where in a repository the mapping of an import is kept."""


class Sure(Struct, frozen=True):
    """A field that is not asked: what it is read from, and values of it."""

    field: str
    source: str
    examples: tuple[str, ...] = ()


class Interview:
    """The questions of one import, and their answers."""

    def __init__(
        self,
        files: Sequence[Path],
        target: Path,
        answers: Mapping[str, str] | None = None,
        today: datetime.date | None = None,
        how: HowToImport | None = None,
    ) -> None:
        """Begin with what the repository and `answers` say; raise ImportRefused for no table."""
        self.files = list(_tables(files))
        self.target = target
        self.today = today
        self.how = how or HowToImport()
        self.known = known_of(target)
        """What the repository says already, by the fields of the questions."""
        self.given = dict(answers or {})
        """What was answered before any question was asked."""
        self.answers: dict[str, str] = {}
        self.taken: list[Question] = []
        """Questions beyond the most that are asked: their proposals are taken."""
        self.proposed: set[str] = set()
        """Fields that were answered by their proposals, by nobody's choice."""
        self._drafted: tuple[dict[str, str], Drafted] | None = None
        self._is_settled = False
        """Whether no answer since the last draft can have changed another question."""
        self._planned: tuple[Drafted, Planned] | None = None

    @property
    def as_of(self) -> datetime.date | None:
        """The day of the tables, where the mapping does not say it."""
        return None

    @property
    def mapping_path(self) -> Path:
        """Where the mapping will be kept, in the repository; a name that is free."""
        stem = mapping_name(self.files[0])
        found, number = self.target / FOLDER / f"{stem}.yaml", 1
        while found.exists():
            number += 1
            found = self.target / FOLDER / f"{stem}-{number}.yaml"
        return found

    def drafted(self) -> Drafted:
        """Return the draft as the answers make it."""
        answers = {**self.given, **self.known, **self.answers}
        answers |= {q.field: q.proposal.answer for q in self.taken if q.proposal is not None}
        if self._drafted is None or self._drafted[0] != answers:
            kept = self.mapping_path.relative_to(self.target).as_posix()
            first, *others = self.files
            before = self._drafted[1] if self._drafted is not None else None
            made = draft(
                first,
                today=self.today,
                answers=answers,
                kept=kept,
                others=others,
                before=before,
                proposed={*self.proposed, *(q.field for q in self.taken)},
            )
            made.questions = self._asked(made.questions)
            self._drafted = answers, made
        return self._drafted[1]

    def _asked(self, questions: list[Question]) -> list[Question]:
        """Return questions without that for the day of several files: each name must say its own."""
        undated = [f for f in self.files if day_in_name(f.stem) is None]
        if len(self.files) == 1 or all(q.field != "as_of" for q in questions):
            return questions
        if undated:
            raise refuse(
                "these tables do not say of which day they are",
                undated[0].as_posix(),
                "Import one after the other, the oldest first.",
            )
        return [q for q in questions if q.field != "as_of"]

    def open(self) -> list[Question]:
        """Return the questions that are not answered yet, in their order.

        At most twelve are asked of a table; of more, those that matter and have no proposal.
        """
        if self._is_settled and self._drafted is not None:
            asked = [q for q in self._drafted[1].questions if q.field not in self.answers]
            if asked:
                return asked
        found = self.drafted().questions
        self._is_settled = True
        room = MOST_QUESTIONS - len(self.answers)
        if len(found) > room:
            must = [q for q in found if q.matters or q.proposal is None]
            rest = [q for q in found if q not in must]
            self.taken += rest[max(0, room - len(must)) :]
            found = self.drafted().questions
        return found or self._merging()

    def _merging(self) -> list[Question]:
        """Return the question on rows that have one id, once nothing else is open."""
        if "merge" in self.given or "merge" in self.answers or len(self.answers) >= MOST_QUESTIONS:
            return []
        conflicts = self.plan().report.conflicts
        amounts = {
            column
            for use in uses(self.mapping().mapping)
            if "spend" in use.route
            for _, column in columns_of(use.spec)
        }
        found = how_to_merge(conflicts, self.table(), amounts)
        return [found] if found is not None else []

    def answer(self, question: Question, text: str) -> None:
        """Take an answer; raise BadAnswer where the question does not take it."""
        self.answers.pop(question.field, None)
        answer = self.answers[question.field] = question.read(text)
        is_proposed = question.proposal is not None and answer == question.proposal.answer
        if not is_proposed and question.field not in ALONE:
            self._is_settled = False

    def take(self, question: Question) -> None:
        """Let the proposal of a question be its answer, though nobody chose it."""
        if question.proposal is not None:
            self.proposed.add(question.field)
            self.answer(question, question.proposal.answer)

    def back(self) -> bool:
        """Take the last answer away, so that it is asked again; say whether there was one."""
        if not self.answers:
            return False
        self.answers.popitem()
        self._is_settled = False
        return True

    def mapping(self) -> Loaded:
        """Return the mapping as the answers make it."""
        path = self.mapping_path.relative_to(self.target).as_posix()
        return parse_mapping(path, self.drafted().text.encode())

    def table(self) -> SourceTable:
        """Return the table as it is read."""
        return next(iter(bind(self.mapping(), self.files[:1]).values()))[0]

    def sure(self) -> list[Sure]:
        """Return what is read from where, but for what is asked."""
        mapping = self.mapping().mapping
        asked = {q.field for q in self.drafted().questions}
        table = self.table()
        found = [
            Sure(_label(use), _source(use.spec), _examples(use.spec, table))
            for use in uses(mapping)
            if use.field not in {*asked, "custom"}
            and not ("unit" in asked and "unit" in use.route)
            and _is_read(use)
        ]
        kept = [c for source in mapping.investments for c in source.custom]
        if kept:
            listed = ", ".join(kept[:6]) + (f" and {len(kept) - 6} more" if len(kept) > 6 else "")
            found.append(Sure(f"kept under custom ({len(kept)})", listed))
        return found

    def plan(self) -> Planned:
        """Make the import without writing it; raise ImportRefused."""
        drafted = self.drafted()
        if self._planned is None or self._planned[0] is not drafted:
            drafted.let_go()
            how = structs.replace(self.how, as_of=self.as_of)
            planned = plan_import(self.mapping().mapping, self.files, self.target, how)
            self._planned = drafted, planned
        return self._planned[1]

    def write(self, planned: Planned) -> Path:
        """Write the files and the mapping; return the path of the mapping.  Raise EditRefused."""
        with uninterrupted():
            planned.write(self.target, self.how)
            return self.mapping_path if self.how.dry_run else self.write_mapping()

    def write_mapping(self) -> Path:
        """Write the mapping alone, and return its path.  Raise EditRefused."""
        path = self.mapping_path
        save(self.target, path, self.drafted().text.encode(), None)
        return path


def known_of(target: Path) -> dict[str, str]:
    """Return what a repository says of itself, as answers; nothing where there is none."""
    file = read_existing(target).organisation
    record = file.data.get("organisation") if file is not None else None
    if not isinstance(record, dict):
        return {}
    found = {
        "organisation": record.get("name") or record.get("id"),
        "currency": record.get("currency"),
        "fiscal_year_start": record.get("fiscal_year_start", 1),
    }
    return {field: str(value) for field, value in found.items() if value is not None}


def first_records(planned: Planned, most: int = 3) -> str:
    """Return the first investments as they would be written."""
    return document({"investments": [plain(i.record) for i in planned.imports[:most]]})


def _tables(files: Sequence[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            inside = sorted(
                p for p in file.iterdir() if p.suffix.casefold() in SUFFIXES and p.is_file()
            )
            if not inside:
                raise refuse("the folder holds no CSV or XLSX file", file.as_posix())
            yield from inside
        else:
            yield file


def _label(use: Use) -> str:
    if "unit" in use.route and "outcomes" not in use.route:
        return "business unit"
    return {"as_of": "as of"}.get(use.field) or label(use.field)


def _is_read(use: Use) -> bool:
    """Say whether a field is read from the table, or stands for something a reader asks for."""
    return bool(columns_of(use.spec)) or "unit" in use.route


def _source(spec: m.Field) -> str:
    columns = list(dict.fromkeys(c for _, c in columns_of(spec)))
    if columns:
        scale = spec.scale if isinstance(spec, m.Spec) else None
        said = f", times {scale:,}" if scale not in (None, 1) else ""
        where = spec.where.items() if isinstance(spec, m.Spec) else ()
        for column, words in where:
            said += f", where `{shown(column)}` is {values(tuple(map(str, words)))}"
        return ", ".join(f"`{shown(c)}`" for c in columns) + said
    return f"always `{shown(spec.value)}`" if isinstance(spec, m.Spec) else ""


def _examples(spec: m.Field, table: SourceTable) -> tuple[str, ...]:
    rows = (TableRow(table, row) for row in table.rows[:200])
    if isinstance(spec, m.Spec):
        rows = (place for place in rows if holds(spec, place))
    found = [place.row for place in rows]
    return examples(table.cell(row, column) for _, column in columns_of(spec)[:1] for row in found)
