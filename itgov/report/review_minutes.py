"""Minutes in Markdown: what people read, and what a wiki or a merge request shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from itgov.model.minutes import Decision, Minutes, MinutesItem, is_settled, verdict_of
from itgov.report.figures import money
from itgov.report.markdown_escape import LABEL, escape, table
from itgov.report.review_words import DONE, said, spent
from itgov.report.words import plural

_LONG = 1000


def markdown(
    minutes: Minutes, names: Mapping[str, str], units: Mapping[str, str], organisation: str
) -> str:
    """Write minutes down; `names` are people's names by id, `units` those of business units."""
    review = minutes.review
    scope = units.get(review.business_unit or "", review.business_unit) or organisation
    lines = [f"# Review of {escape(scope, LABEL)}, {review.date}", ""]
    if review.chair:
        lines.append(f"Chair: {_person(review.chair, names)}  ")
    if review.present:
        lines.append("Present: " + ", ".join(_person(p, names) for p in review.present) + "  ")
    decided = [i for i in minutes.items if is_settled(i)]
    rest = [i for i in minutes.items if not is_settled(i)]
    seconds = sum(i.seconds or 0 for i in minutes.items)
    lines.append(
        f"{len(decided)} of {plural(len(minutes.items), 'item')} decided in {spent(seconds)}"
    )
    actions = [(i, d) for i in minutes.items for d in i.decisions if d.decision == "action"]
    if actions:
        rows = (
            (
                escape(d.what or "", _LONG),
                _person(d.owner, names),
                str(d.due),
                escape(item.subject.id, LABEL),
            )
            for item, d in sorted(actions, key=lambda pair: str(pair[1].due))
        )
        lines += ["", "## Actions", "", *table(("What", "Who", "Due", "About"), rows)]
    if decided:
        lines += ["", "## Decisions"]
        for item in decided:
            lines += _item(item, names)
    if rest:
        lines += ["", "## Not decided: comes back", ""]
        lines += [f"- {escape(_called(item), LABEL)}" for item in rest]
    if minutes.seal is not None:
        lines += ["", f"Seal: `{minutes.seal.hash}`"]
    return "\n".join(lines) + "\n"


def _item(item: MinutesItem, names: Mapping[str, str]) -> Iterator[str]:
    verdict = verdict_of(item.decisions)
    word = f": {DONE[verdict.decision]}" if verdict is not None else ""
    yield ""
    yield f"### {escape(_called(item), LABEL)}{word}"
    yield ""
    if item.money:
        yield f"Spend: {money(item.money)}"
        yield ""
    for decision in sorted(item.decisions, key=lambda d: d is not verdict):
        yield f"- {_said(decision, names)}"
    if item.reasons:
        yield ""
        yield "Why it is here:"
        yield ""
        for reason in item.reasons:
            rule = f"{escape(reason.rule, LABEL)}: " if reason.rule else ""
            yield f"- {rule}{escape(reason.says, _LONG)}"


def _said(decision: Decision, names: Mapping[str, str]) -> str:
    words = escape(said(decision, names), 3 * _LONG)
    return words[:1].upper() + words[1:]


def _called(item: MinutesItem) -> str:
    title = item.title or ""
    return item.subject.id if title in ("", item.subject.id) else f"{title} ({item.subject.id})"


def _person(identifier: str | None, names: Mapping[str, str]) -> str:
    if identifier is None:
        return "nobody"
    return escape(names.get(identifier, identifier), LABEL)
