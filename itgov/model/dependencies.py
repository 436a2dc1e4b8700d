"""What investments and services cannot do without: circles, what is over, and who waits for whom.

Everything here takes time in proportion to the number of items and of `depends_on`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from itgov.model.portfolio import InvestmentEntry

Needs = Mapping[str, Sequence[str]]
"""By id, the ids of what an item depends on directly; none that is not there."""


def derive_dependencies(entries: Mapping[str, InvestmentEntry]) -> None:
    """Fill in the facts of all items that depend on others, or that others depend on."""
    needs = {
        name: list(dict.fromkeys(n for n in e.record.depends_on if n in entries))
        for name, e in entries.items()
        if e.record.depends_on
    }
    if not needs:
        return
    for name, needed in needs.items():
        entry = entries[name]
        over = [n for n in needed if not entries[n].facts.is_active]
        entry.facts.depends_on_over = over
        if entry.facts.is_active:
            for each in needed:
                entries[each].facts.needed_by.append(name)
    for circle in circles(needs):
        for name in circle:
            entries[name].facts.dependency_circle = sorted(circle)


def circles(needs: Needs) -> Iterator[list[str]]:
    """Yield each set of items that depend on each other, or on themselves (Tarjan 1972)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for start in needs:
        if start in number:
            continue
        number[start] = low[start] = len(number)
        stack.append(start)
        on_stack.add(start)
        work = [(start, iter(needs[start]))]
        while work:
            name, below = work[-1]
            child = next(below, None)
            if child is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[name])
                if low[name] == number[name]:
                    found = _taken_off(stack, on_stack, name)
                    if len(found) > 1 or name in needs.get(name, ()):
                        yield found
            elif child not in number:
                number[child] = low[child] = len(number)
                stack.append(child)
                on_stack.add(child)
                work.append((child, iter(needs.get(child, ()))))
            elif child in on_stack:
                low[name] = min(low[name], number[child])


def _taken_off(stack: list[str], on_stack: set[str], last: str) -> list[str]:
    found = []
    while True:
        name = stack.pop()
        on_stack.discard(name)
        found.append(name)
        if name == last:
            return found


def dependants(entries: Mapping[str, InvestmentEntry], stopped: Iterable[str]) -> list[str]:
    """Return the ids of active items that depend on some, directly or through others, sorted."""
    gone = set(stopped)
    found: set[str] = set()
    waiting = [name for name in gone if name in entries]
    while waiting:
        for name in entries[waiting.pop()].facts.needed_by:
            if name not in found and name not in gone:
                found.add(name)
                waiting.append(name)
    return sorted(found)
