"""`itgov review verify`: whether closed minutes are as they were closed."""

from __future__ import annotations

import argparse
from pathlib import Path

from itgov.cli import figures
from itgov.cli.options import Parser
from itgov.cli.review_common import add_common, seat, show
from itgov.cli.terminal import say


def run(arguments: list[str]) -> int:
    """Verify, and return the exit code."""
    parser = Parser(
        "itgov review verify",
        "Show whether the minutes of a closed session were changed, and where.\n\n"
        "Exit codes: 0 all are as they were closed; 1 some are not; 2 it could not be checked.",
    )
    add_common(parser)
    return 0 if _print_verified(parser.parse_args(arguments)) else 1


def _print_verified(options: argparse.Namespace) -> bool:
    from itgov.files.git_history import versions
    from itgov.insight.flow import Flow
    from itgov.report import review_document, review_json
    from itgov.report.write_terminal import terminal
    from itgov.review.chain import verify
    from itgov.review.storage import StoreProblem

    place = seat(options)
    linked = Flow(place.repository).minutes(figures.day_of(options))
    try:
        sessions = place.store.sessions()
    except StoreProblem as problem:
        say(f"itgov: {problem}. Minutes of this machine are verified without the store")
        sessions = []
    known = [
        (s.id, s.record, s.hash)
        for s in sessions
        if s.state == "closed" and s.record is not None and s.hash is not None
    ]
    folder, root = place.repository.config.paths.reviews, place.store.root
    ever = versions(root, folder, ".yaml")
    found = verify(linked, folder, known, lambda path: _text(root / path), ever)

    def write_as(name: str, _: bool) -> str:
        return (
            review_json.verified(found)
            if name == "json"
            else terminal(review_document.verified_document(found))
        )

    show(options, place, write_as)
    return not found.faults


def _text(path: Path) -> str | None:
    """Return a text for people, or None where there is none that can be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
