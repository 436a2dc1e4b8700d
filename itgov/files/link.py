"""Link: from the records of many files to one portfolio, and what does not fit together."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from itgov.files.link_checks import missing_evidence, plans_given_twice
from itgov.files.linked import Elsewhere, Linked, file_by_file
from itgov.files.linker import Linker
from itgov.files.load import ReadFile, not_read
from itgov.model.derive import derive
from itgov.model.portfolio import Portfolio
from itgov.model.reach import GRACE_DAYS


def link(
    files: Iterable[ReadFile],
    today: datetime.date,
    beside: Iterable[ReadFile] = (),
    passed_over: Iterable[str] = (),
    has_file: Callable[[str], bool] = lambda path: False,
    grace_days: int = GRACE_DAYS,
    elsewhere: Elsewhere | None = None,
) -> Linked:
    """Join what the files say into one portfolio, with every fact derived for `today`.

    `beside` are the minutes of closed review sessions, read by `read_minutes`, and scenarios, read by
    `read_scenario`; `passed_over` are paths in the repository's folders that nothing was read of;
    `has_file` says whether the repository has a file at a path, for the evidence of results;
    `grace_days` are those of health.yaml; `elsewhere` is what other portfolio files have, where `files` are some.

    Findings are those of the files themselves (YML, MOD) and of references (REF).
    """
    unread_files = [not_read(path) for path in passed_over]
    linker = Linker(list(files), [*beside, *unread_files], today, elsewhere or Elsewhere([], {}))
    linker.organisation()
    linker.units()
    linker.beside()
    linker.references()
    if not linker.is_told:
        linker.references_beside()
    own = frozenset(f.document.path for f in linker.files).union(linker.elsewhere.paths)
    managers = {} if linker.is_told else linker.portfolio.managers
    linker.add_all(missing_evidence(linker.portfolio, managers, own, has_file))
    linker.add_all(plans_given_twice(linker.portfolio))
    linker.portfolio.grace_days = grace_days
    derive(linker.portfolio, linker.is_told)
    known = {f.document.path for f in unread_files}
    unread = [p for p, content in linker.contents.items() if content is None and p not in known]
    return Linked(
        linker.portfolio,
        linker.documents,
        file_by_file(linker.findings, linker.documents),
        unread,
        linker.hiding,
        len(linker.files),
        linker.unknown,
        not linker.unknown_elsewhere,
    )


def link_organisation(
    files: Iterable[ReadFile],
    today: datetime.date,
    minutes: Iterable[ReadFile],
    own: Iterable[str],
    has_file: Callable[[str], bool],
    grace_days: int,
) -> Portfolio:
    """Return what files and minutes say of the organisation, for links of units that are given it.

    `own` are the paths of all portfolio files; the rest is as for `link`.
    """
    linker = Linker(list(files), list(minutes), today, Elsewhere([], {}))
    linker.organisation()
    linker.beside()
    linker.references_beside()
    portfolio = linker.portfolio
    for _ in missing_evidence(portfolio, portfolio.managers, frozenset(own), has_file):
        pass  # which evidence is there is what is wanted
    portfolio.grace_days = grace_days
    derive(portfolio)
    return portfolio
