"""The pack put together: what the board decides, a page for each unit, the words; then the appendix."""

from __future__ import annotations

from itgov import __version__
from itgov.insight.board_types import BoardReport
from itgov.report.blocks import Code, Column, PageBlock, Para, Piece, Table, Words
from itgov.report.board.account import account_page
from itgov.report.board.asks import cut_of_board
from itgov.report.board.front import board_page
from itgov.report.board.glossary import glossary_page
from itgov.report.board.manager import manager_page
from itgov.report.board.summary import summary
from itgov.report.board.unit import detail_page
from itgov.report.pages import Pack, Page
from itgov.report.words import named, plural


def board_pack(report: BoardReport) -> Pack:
    """Return the whole pack, ready for any of its writers."""
    pages = [account_page(unit, report) for unit in report.units]
    if not report.only:
        pages.insert(0, board_page(report))
    pages += [glossary_page(), summary(report), *_asked(report)]
    pages += [detail_page(unit, report) for unit in report.units]
    pages += [manager_page(card, report) for card in report.managers]
    pages += [_rules(report), _waivers(report)]
    return Pack(
        title=report.organisation,
        kicker="Board pack: IT investments and services",
        opening=tuple(_opening(report)),
        notices=tuple(_notices(report)),
        pages=tuple(pages),
        closing=(
            f"Made by itgov {__version__} from {plural(report.files, 'portfolio file')} "
            f"as of {report.as_of}. The same day and files give the same figures: ",
            Code(f"itgov report --as-of {report.as_of}"),
        ),
    )


def _opening(report: BoardReport) -> list[Piece]:
    said: list[Piece] = [f"As of {report.as_of}, "]
    commit = report.commit
    if commit is None:
        said.append("not in git")
    else:
        said += ["git commit ", Code(commit.id)]
        if commit.changed:
            said.append(" with changes that are not committed")
    said.append(f". Amounts in {report.currency}." if report.currency else ".")
    if report.only:
        names = ", ".join(u.health.name for u in report.units)
        said.append(f" Limited to: {names}.")
    return said


def _notices(report: BoardReport) -> list[tuple[Piece, ...]]:
    found: list[tuple[Piece, ...]] = []
    if report.unread:
        found.append(
            (
                f"{plural(len(report.unread), 'place')} in the files cannot be read and are in no "
                "figure; see `itgov check`: ",
                *(p for place in report.unread[:20] for p in (place, " ")),
            )
        )
    found += [(f"{problem.message} ", problem.place) for problem in report.problems[:20]]
    if report.trend is not None:
        found += [(note,) for note in report.trend.notes]
    return found


def _asked(report: BoardReport) -> list[Page]:
    """Return a page of what the board's own has cut, if anything."""
    blocks = tuple(cut_of_board(report)) if not report.only else ()
    title = "Decisions asked of the board, in full"
    return (
        [Page(kind="annex", id="asked", title=title, kicker="Appendix", blocks=blocks)]
        if blocks
        else []
    )


def _rules(report: BoardReport) -> Page:
    rows: list[tuple[Words, ...]] = [
        (
            Code(r.id),
            r.name,
            f"{r.severity}{', mandatory' if r.mandatory else ''}",
            r.subject.replace("_", " "),
            r.summary,
        )
        for r in report.rules
    ]
    return Page(
        kind="annex",
        id="rules",
        title="Rules in force",
        kicker="Appendix",
        blocks=(
            Table(
                [
                    Column("Rule", "short"),
                    Column("Name"),
                    Column("Severity", "short"),
                    Column("For every", "short"),
                    Column("Requirement", "wide"),
                ],
                rows,
                caption=f"{plural(len(rows), 'rule')}; a mandatory rule cannot be disabled or "
                "waived.",
                most=2000,
            ),
        ),
    )


def _waivers(report: BoardReport) -> Page:
    held = report.waivers
    block: PageBlock = Para("No waiver is in force.")
    if held:
        block = Table(
            [
                Column("On", "wide"),
                Column("Rule", "short"),
                Column("Until", "short"),
                Column("Approved by"),
                Column("Reason", "wide"),
                Column("Where"),
            ],
            [
                (
                    named(w.subject, w.name),
                    Code(w.waiver.rule),
                    str(w.waiver.until),
                    w.approver,
                    w.waiver.reason or "no reason",
                    w.place,
                )
                for w in held
            ],
            caption=f"{plural(len(held), 'waiver')} in force on {report.as_of}, in the order of their "
            "end dates.",
        )
    return Page(
        kind="annex", id="waivers", title="Waivers in force", kicker="Appendix", blocks=(block,)
    )
