"""What is linked again in a process that stays is all that linking anew tells: every fact and finding."""

from __future__ import annotations

import datetime
import random
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itgov.files.repository import Repository, find_repository
from itgov.files.sources import RawFile, Version, WithChanges
from itgov.insight.flow import Flow
from itgov.insight.governed import Governed
from itgov.insight.memory import Memory

from ..support.examples import many
from ..support.loose_repository import LooseRepository
from ..support.random_repository import RandomRepository


def told(governed: Governed) -> dict[str, Any]:
    """Return all that is known of a judged portfolio, as plain data."""
    linked, judged = governed.linked, governed.judged
    portfolio = linked.portfolio
    return {
        "portfolio": {
            name: msgspec.to_builtins(getattr(portfolio, name), enc_hook=str)
            for name in portfolio.__struct_fields__
            if name != "evidence_files"  # which may have more than is named
        },
        "order": [list(portfolio.units), list(portfolio.people), list(portfolio.managers)],
        "linked": [(f.path, f.line, f.rule, f.message) for f in linked.findings],
        "hiding": {(rule, at): fields for (rule, at), fields in linked.hiding.items()},
        "unread": linked.unread,
        "documents": [(path, document.raw) for path, document in linked.documents.items()],
        "findings": list(judged.findings),
        "verdicts": [(v.unit, v.kind, v.subjects, bytes(v.table)) for v in judged.verdicts],
        "extent": (governed.extent.files, governed.extent.investments),
        "health": msgspec.to_builtins(governed.health, enc_hook=str),
    }


def with_an_edit(repository: Repository, chance: random.Random) -> Version[WithChanges]:
    """Return a repository as it would be with one of its files edited."""
    raw = chance.choice(repository.on_disk.portfolio_files)
    old, new = chance.choice(
        [(b"title: Item", b"title: Thing"), (b"budget: 1", b"budget: 2"), (b"- id: ", b"- ident: ")]
    )
    data = raw.data.replace(old, new, 1)
    return repository.version(WithChanges(repository.tree, [RawFile(raw.path, data)]))


@pytest.mark.parametrize("kind", [RandomRepository, LooseRepository])
def test_what_is_held_is_as_linked_anew(kind: type[RandomRepository]) -> None:
    again: list[bool] = []

    @settings(max_examples=many(10))
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            repo = kind(Path(folder) / "repository", seed)
            memory, done = Memory(), []
            for _ in range(6):
                repository, day = find_repository(repo.root), datetime.date.fromisoformat(repo.day)
                book = Flow(repository).rules()
                if not book.broken:
                    before = memory.links
                    held = Flow.remembering(memory, repository).at(day, book, empty=True)
                    anew = Flow(repository).at(day, book, empty=True)
                    assert told(held) == told(anew), (seed, done)
                    edited = with_an_edit(repository, repo.random)
                    held = Flow.remembering(memory, repository).at(day, book, edited, empty=True)
                    anew = Flow(repository).at(day, book, edited, empty=True)
                    assert told(held) == told(anew), (seed, done, "an edit")
                    linked = memory.links
                    again.append(
                        before is not None
                        and linked is not None
                        and any(
                            u is v
                            for u in before.linked.portfolio.units.values()
                            for v in linked.linked.portfolio.units.values()
                        )
                    )
                done.append(repo.edit())

    run()
    assert any(again) or kind is RandomRepository
