"""The lines of a draft about what is no money: people, ratings, stages, days, outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from itgov.files.write import text
from itgov.importing import values as v
from itgov.importing import words
from itgov.importing.column_choice import ColumnChoice, is_remark, name_forms, why
from itgov.importing.languages import other_phrases, plain_words, value_words
from itgov.importing.looks import (
    ENOUGH,
    ColumnLook,
    are_people,
    date_spec,
    is_prose,
    is_read,
    name_of,
    personal,
    share_of,
    wordy,
)
from itgov.importing.questions import Choice, Question
from itgov.importing.stages import MISSING, meaning_of
from itgov.importing.trouble import shown
from itgov.model.fields import choices
from itgov.model.stages import OVER
from itgov.model.types import Investment

_STAGES = 30
"""Most different words of a column that says a stage."""

_PEOPLE = ("outcome_owner", "relationship_manager", "sponsor", "delivery_lead")


class DraftLine(Struct):
    """A line of the draft: what a field is read from, and why."""

    field: str
    spec: str
    comment: str


def field_lines(choice: ColumnChoice) -> Iterator[DraftLine]:
    """Yield the lines of all fields that are found."""
    if (found := choice.find("summary", wordy)) is not None:
        yield DraftLine("summary", name_of(found), found.comment() + why(found, "summary"))
    for field in _PEOPLE:
        yield from _person(choice, field)
    yield from _rating(choice)
    yield from _chosen(choice, "type")
    yield from _chosen(choice, "purpose")
    yield from _stage(choice)
    for field in ("last_reviewed", "next_review", "start", "end"):
        day, also = choice.dated(field)
        if day is not None:
            yield DraftLine(field, date_spec(day), f"{day.comment()}{also}")
    yield from _outcome(choice)


def _person(choice: ColumnChoice, field: str) -> Iterator[DraftLine]:
    ranked = [c for c in choice.ranked(field, personal) if not is_remark(c)]
    found = choice.take(ranked[0]) if ranked else None
    if found is None:
        perhaps = [c for c in choice.ranked(field, personal, perhaps=True) if are_people(c)]
        if perhaps:
            name = shown(perhaps[0].name)
            said = f"`{name}` names people, and does not say whether they answer for the outcome"
            found = choice.if_answered(field, perhaps, said)
    if found is not None:
        yield DraftLine(field, name_of(found), found.comment() + why(found, field))


def _rating(choice: ColumnChoice) -> Iterator[DraftLine]:
    ranked = choice.ranked("confidence", words.rating)
    found = choice.take(ranked[0]) if ranked else None
    if found is None and (line := _in_other_words(choice)) is not None:
        yield line
        return
    if found is None:
        perhaps = choice.ranked("confidence", words.rating, perhaps=True)
        if perhaps:
            said = "ratings of one aspect only, and no column rates the whole"
            found = choice.if_answered("confidence", perhaps, said)
    if found is not None:
        others = [f"`{shown(c.name)}`" for c in ranked[1:4]]
        also = why(found, "confidence") + (f"; not {', '.join(others)}" if others else "")
        yield DraftLine("confidence", name_of(found), f"{found.comment()}{also}")


def _in_other_words(choice: ColumnChoice) -> DraftLine | None:
    """Return the line of a column that rates in other words: *on track*, or how much confidence.

    One that is named so may hold as many words that are no ratings, nor stages: *Not rated*, *Reset*.
    """
    for column in choice.ranked("confidence", wordy):
        names = name_forms(column.name)
        by_level = any(n in other_phrases("confidence_names") for n in names)
        meant = value_words("level" if by_level else "health")
        said = {w: _rated(w, meant) for w in dict.fromkeys(column.words)}
        known = [w for w in column.words if said[w] != MISSING]
        rest = [w for w in column.words if said[w] == MISSING and not v.is_placeholder(w)]
        is_mostly = len(rest) * 5 <= len(known) or (
            len(rest) <= len(known)
            and len(set(rest)) <= _STAGES
            and all(map(_is_rating_word, known))
            and all(meaning_of(w).stage == MISSING for w in rest)
        )
        if known and is_mostly and len(set(column.words)) > 1:
            choice.take(column)
            comment = "check the meaning of each"
            none = [f"`{shown(w)}`" for w in dict.fromkeys(rest)]
            comment += f"; no rating: {', '.join(none[:4])}" if none else ""
            return DraftLine("confidence", _with_values(column, said), comment)
    return None


def _rated(word: str, meant: Mapping[str, str]) -> str:
    if (found := meant.get(plain_words(word))) is not None:
        return found
    return words.rating(word) if _is_rating_word(word) else MISSING


def _is_rating_word(word: str) -> bool:
    return is_read(word, words.rating)


def _chosen(choice: ColumnChoice, field: str) -> Iterator[DraftLine]:
    """Yield the line of a field of few values, with what each word means where it is another."""
    options = choices(Investment, field)
    meant = {**value_words(field), **{option: option for option in options}}

    def reads(cell: object) -> None:
        word = v.one_line(str(cell))
        if meant.get(v.key_of(word)) is None and meant.get(plain_words(word)) is None:
            raise v.BadCell("is none of them")

    found = choice.find(field, reads)
    if found is None:
        return
    said = list(dict.fromkeys(found.words))
    means = {w: meant.get(v.key_of(w)) or meant.get(plain_words(w), MISSING) for w in said}
    if all(v.key_of(w) in options for w in said):
        yield DraftLine(field, name_of(found), found.comment())
        return
    yield DraftLine(field, _with_values(found, means), "check the meaning of each")


def _stage(choice: ColumnChoice) -> Iterator[DraftLine]:
    for column in choice.ranked("stage"):
        said = list(dict.fromkeys(column.words))
        if not 0 < len(said) <= _STAGES or column.share(wordy) < ENOUGH:
            continue
        means = {w: meaning_of(w) for w in said}
        if all(m.stage == MISSING for m in means.values()):
            continue
        choice.take(column)
        stages = {w: m.stage for w, m in means.items()}
        for word in [w for w, m in means.items() if not m.is_sure][:2]:
            stages[word] = _asked_stage(choice, column, word, stages[word])
        unknown = [f"`{shown(w)}`" for w, s in stages.items() if s == MISSING]
        comment = f"check the meaning of each{why(column, 'stage')}"
        comment += f"; no stage: {', '.join(unknown[:4])}" if unknown else ""
        yield DraftLine("stage", _with_values(column, stages), comment)
        return


def _asked_stage(choice: ColumnChoice, column: ColumnLook, word: str, likely: str) -> str:
    options = [s for s in (likely, *OVER, MISSING) if s]
    named = {MISSING: "leave it out"}
    question = Question(
        f"stage-{v.slug(word, 40)}",
        f"What does `{shown(word)}` in `{shown(column.name)}` mean?",
        Choice(options[0], named.get(options[0], options[0])),
        tuple(Choice(o, named.get(o, o)) for o in options[1:]),
        "it may have been finished, and be live, or have been given up",
        tuple(shown(w) for w in list(dict.fromkeys(column.words))[:3]),
    )
    return choice.asked.ask(question) or likely


def _with_values(column: ColumnLook, means: dict[str, str]) -> str:
    pairs = ", ".join(f"{text(w, True)}: {m}" for w, m in means.items())
    return f"{{column: {text(column.name, True)}, values: {{{pairs}}}}}"


def _outcome(choice: ColumnChoice) -> Iterator[DraftLine]:
    """Yield the outcome that a row states: what is measured, or what it is for."""
    measure = _short(choice.ranked("measure", wordy))
    statement = _short(choice.ranked("statement", wordy), may_describe=True)
    if measure is not None:
        choice.take(measure)
        needs, named = "measure", measure
    elif statement is not None:
        said = "it may say what each investment is for, or how benefits are doing"
        statement = choice.if_answered("statement", [statement], said)
        if statement is None:
            return
        needs, named = "statement", statement
    else:
        return
    parts = ["id: {value: outcome-1}"]
    if statement is not None:
        choice.take(statement)
        parts.append(f"statement: {name_of(statement, True)}")
    if measure is not None:
        parts.append(f"measure: {name_of(measure, True)}")
        for field, key in (
            ("measure_unit", "unit"),
            ("baseline", "baseline"),
            ("target", "target"),
        ):
            column = choice.find(field, None if key == "unit" else v.number)
            parts += [f"{key}: {name_of(column, True)}"] if column else []
    parts.append(f"needs: [{needs}]")
    yield DraftLine("outcomes", f"\n      - {{{', '.join(parts)}}}", named.comment())


def _short(ranked: list[ColumnLook], *, may_describe: bool = False) -> ColumnLook | None:
    """Return the first column whose cells are no sentences.

    Where it `may_describe`, its name may be that of a description: *Benefit description*.
    """
    return next((c for c in ranked if not is_prose(c, may_describe) and not _is_rating(c)), None)


def _is_rating(column: ColumnLook) -> bool:
    return share_of(column.cells, words.rating) >= ENOUGH
