"""`itgov import FILE` without a mapping: questions on the terminal, then what would be written."""

from __future__ import annotations

import sys
from pathlib import Path

from itgov.cli.terminal import say
from itgov.importing.interview import Interview, Sure, first_records
from itgov.importing.questions import PLACES, BadAnswer, Question, lines, values
from itgov.importing.report import total_lines
from itgov.importing.run import Planned
from itgov.importing.trouble import shown
from itgov.model.text import plural

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_COLUMNS = 200
"""Most columns that are listed where any of them may be named."""


_CONFLICTS = 10


class Ended(Exception):
    """Whoever is asked has ended the dialogue: nothing is written."""


def can_ask() -> bool:
    """Say whether somebody can be asked: both sides of the talk are a terminal."""
    return all(s is not None and s.isatty() for s in (sys.stdin, sys.stderr))


def take_proposals(interview: Interview) -> list[Question]:
    """Answer each question by its proposal, saying so; return those that have none.

    What the import assumes by itself stays open: an answer would be kept as if somebody had said it.
    """
    while True:
        asked = interview.open()
        found = [q for q in asked if not q.is_assumed]
        proposed = [q for q in found if q.proposal is not None]
        if not proposed:
            for question in asked:
                if question.is_assumed:
                    say(f"{question.asks}: {question.proposal} (assumed; {question.why})")
            return found
        for question in proposed:
            interview.take(question)
            say(f"{question.asks}: {question.proposal} (proposed; {question.why})")


def would_ask(questions: list[Question]) -> None:
    """Say what would be asked, and how to answer without a terminal."""
    for question in questions:
        say("\n".join(lines(question)))
    say(
        "Nothing was written: these questions are open. Run this in a terminal to be asked, answer "
        "with `--answer FIELD=ANSWER`, add `--yes` to take what is proposed, or draft a mapping "
        "(`--guess FILE`), correct it and name it with `--mapping`."
    )


def converse(interview: Interview) -> Planned | None:
    """Ask, and show what would be written; return what is to be written, None for nothing.

    Raise ImportRefused where the tables cannot be imported, Ended and KeyboardInterrupt where
    whoever is asked ends it.
    """
    is_shown = False
    while True:
        while found := interview.open():
            if not is_shown and found[0].field not in PLACES:
                is_shown = True
                _begin(interview)
            _ask(interview, found[0], len(interview.answers) + 1, len(found))
        for question in interview.taken:
            say(f"Not asked, the proposal is taken: {question.asks}: {question.proposal}")
        if not is_shown:
            _begin(interview)
        is_shown = True
        planned = interview.plan()
        _preview(planned)
        decided = _decision(interview)
        if decided == "<":
            continue
        if decided == "m":
            say(f"Written: {interview.write_mapping()}. No investment was written.")
            return None
        return planned


def _begin(interview: Interview) -> None:
    table = interview.table()
    where = f" under the header in row {table.header_row}" if table.header_row > 1 else ""
    say(f"{table.path}: {plural(len(table.rows), 'row')}{where}")
    for note in table.notes:
        say(f"  {note}")
    for field, value in interview.known.items():
        say(f"  {field.replace('_', ' ')}: {value}, as the repository says")
    sure = interview.sure()
    if sure:
        say("Read without a question:")
        for line in _table(sure):
            say(f"  {line}")
    say(
        "Enter takes what is proposed, ? explains, < goes back, ctrl-c ends; nothing is written yet."
    )


def _table(sure: list[Sure]) -> list[str]:
    left = min(max(len(s.field) for s in sure), 30)
    return [
        f"{s.field:<{left}}  {s.source}{f'  ({values(s.examples)})' if s.examples else ''}"
        for s in sure
    ]


def _ask(interview: Interview, question: Question, number: int, left: int) -> None:
    _show(question, number, number + left - 1)
    while True:
        text = _read("> ")
        if text == "?":
            _explain(question)
            continue
        if text == "<":
            if not interview.back():
                say("This is the first question.")
                continue
            return
        if not text:
            if question.proposal is None:
                say("There is no proposal; enter an answer.")
                continue
            text = question.proposal.answer
        try:
            interview.answer(question, _meant(question, text))
        except BadAnswer as refused:
            say(f"{refused}. ? explains the question.")
            continue
        return


def _show(question: Question, number: int, count: int) -> None:
    say(f"\n{number}/{count}  {question.asks}")
    if question.why:
        say(f"     {question.why}")
    if question.examples:
        say(f"     in the table: {values(question.examples)}")
    for letter, choice in zip(_LETTERS, question.choices, strict=False):
        is_proposed = choice is question.proposal
        said = f"  ({values(choice.examples)})" if choice.examples else ""
        say(f"  {letter}  {choice}{said}{'   [Enter]' if is_proposed else ''}")
    free = {
        "text": "or type a name",
        "id": "or type an id",
        "currency": "or type three letters",
        "month": "or type a month",
        "day": "or type a date (2026-12-31)",
        "year": "or type a year",
        "column": "or type the name of another column; ? lists them",
    }.get(question.takes)
    if free:
        say(f"     {free}")


def _explain(question: Question) -> None:
    say(f"     {question.explains or question.why}")
    if question.takes == "column":
        for at, column in enumerate(question.columns[:_COLUMNS], 1):
            say(f"  {at:>3}  {column}")


def _meant(question: Question, text: str) -> str:
    """Return the answer that a letter or a number stands for, else the text itself."""
    choices = question.choices
    if len(text) == 1 and text.casefold() in _LETTERS[: len(choices)]:
        return choices[_LETTERS.index(text.casefold())].answer
    if text.isdecimal() and question.takes == "column":
        at = int(text)
        if 1 <= at <= len(question.columns) and text not in question.columns:
            return question.columns[at - 1]
    return text


def _preview(planned: Planned) -> None:
    report = planned.report
    say("\nThe first investments as they would be written:\n")
    say(first_records(planned))
    for line in total_lines(report.totals, report.unaccounted, report.currency):
        say(line)
    if report.conflicts:
        conflicts = plural(len(report.conflicts), "value")
        say(f"{conflicts} of rows that contradict another row of the same key:")
        for conflict in report.conflicts[:_CONFLICTS]:
            say(f"    {conflict}")
        if len(report.conflicts) > _CONFLICTS:
            say(f"    … and {len(report.conflicts) - _CONFLICTS:,} more: the report lists them")
    say(
        f"{plural(report.investments, 'investment')} ({len(report.new):,} new, "
        f"{len(report.updated):,} updated) in {plural(len(report.units), 'unit')}"
    )


def _decision(interview: Interview) -> str:
    """Return `y`, `m` for the mapping alone, or `<` for the last question once more."""
    where = "this folder" if interview.target == Path() else shown(str(interview.target))
    say(f"\nWrite this to {where}?")
    say("  y  yes, the files and the mapping")
    say("  m  only the mapping, to be corrected by hand")
    say("  n  nothing")
    while True:
        text = _read("> ").casefold()
        if text in ("y", "yes"):
            return "y"
        if text in ("m", "mapping"):
            return "m"
        if text in ("n", "no"):
            raise Ended
        if text == "<" and interview.back():
            return "<"
        say("Enter y, m, n, or < for the last question.")


def _read(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise Ended
    return line.strip()
