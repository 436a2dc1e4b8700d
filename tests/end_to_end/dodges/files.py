"""Dodges by what a file holds, or what it is called."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from ...support.git import GitRepo
from . import NO_OWNER, Dodge, both, replace, write

_MORE = """\
business_unit: claims
investments:
  - {id: CLA-009, title: Hidden, stage: delivering, spend: [{year: 2026, budget: 9000000}]}
"""


def _named(path: str) -> Dodge:
    """A file that is not read is named, and fails where warnings do."""
    command = ["check", "--fail-on", "warning"]
    return Dodge(
        f"a file called {path}",
        write({path: _MORE}),
        command,
        1,
        ["YML-012", path.split("/x", maxsplit=1)[0]],
    )


def _read(path: str) -> Dodge:
    return Dodge(f"a file called {path}", write({path: _MORE}), ["check"], 1, [path, "OWN-001"])


def _broken(what: str, text: str, *says: str) -> Dodge:
    """A file that takes long to refuse hides nothing: what is wrong elsewhere is found."""
    change = both(NO_OWNER, write({"portfolios/x.yaml": text}))
    return Dodge(what, change, ["check"], 1, ["portfolios/x.yaml:", "OWN-001", *says])


def _pipe(path: str, code: int, *command: str) -> Dodge:
    """A named pipe, which a reader would wait for without end."""

    def change(repo: GitRepo) -> None:
        at = repo.root / path
        at.parent.mkdir(exist_ok=True)
        at.unlink(missing_ok=True)
        repo.write({"t.csv": "id,title\nCLA-001,T\n", "m.yaml": _MAPPING})
        os.mkfifo(at)

    what = f"{command[0]} with a named pipe called {path}"
    what_is_wrong = "not a regular file" if path.endswith(".yaml") else "no folder"
    return Dodge(what, change, command, code, [path, what_is_wrong])


_MAPPING = """\
mapping: {name: t}
organisation: {id: x, currency: EUR}
tables: {table: {files: [t.csv]}}
investments: [{table: table, id: id, title: title, unit: {name: {value: Claims}}}]
"""


def _submodule(path: str) -> Callable[[GitRepo], None]:
    """A commit that says that another repository belongs at a path, where nothing is."""

    def change(repo: GitRepo) -> None:
        link = f"160000,{'1' * 40},{path}"
        repo.git("rm", "-rq", "--cached", "--ignore-unmatch", path)
        repo.git("update-index", "--add", "--cacheinfo", link)
        repo.git("commit", "-qm", "A submodule")
        (repo.root / path).mkdir()

    return change


_UNIT = "portfolios/claims.yaml"


def _since_broken(what: str, broken: str, *says: str) -> Dodge:
    """A file that is broken already hides what the next change adds to it."""

    def change(repo: GitRepo) -> None:
        write({"portfolios/x.yaml": broken})(repo)
        repo.commit("2026-11-21", title="Broken already")
        write({"portfolios/x.yaml": broken.replace("{id: X-1", "{id: X-9, title: New}, {id: X-1")})(
            repo
        )

    return Dodge(what, change, ["check", "--since", "HEAD"], 1, says)


_OWNER = "    outcome_owner: nadia.rahman"


def _hidden(what: str, old: str, new: str, *says: str) -> list[Dodge]:
    """A file that keeps a mandatory rule from judging is no pass of that rule, whichever is asked for."""
    change = replace(_UNIT, old, new)
    return [
        Dodge(f"{what}: {' '.join(asked)}", change, ["check", *asked], 1, says)
        for asked in (["--select", "OWN-001"], ["--select", "OWN,REL"], ["--ignore", "MOD,YML"])
    ]


_SHADOW = both(
    NO_OWNER,
    write(
        {
            "portfolios/a.yaml": "business_unit: claims\ninvestments: [{id: CLA-001, title: T, "
            "outcome_owner: nadia.rahman, relationship_manager: sam.reed}]\n",
            "itgov.yaml": "fail_on: never\n",
        }
    ),
)
"""An investment with an owner takes the id of the one that has none, which is then read nowhere."""

_UNSELECTED = [
    Dodge("the id of an investment without an owner is taken", _SHADOW, ["check"], 1, ["REF-006"]),
    Dodge("the id of an investment without an owner is taken, and owners are asked for", _SHADOW, ["check", "--select", "OWN-001"], 1, ["REF-006"]),
    Dodge("the id of an investment without an owner is taken, and references ignored", _SHADOW, ["check", "--ignore", "REF"], 1, ["REF-006"]),
    *_hidden("an owner that is a list", _OWNER, "    outcome_owner: [nadia.rahman]", "MOD-003"),
    *_hidden("an investment without an id", "  - id: CLA-001 ", "  - custom: {a: b} ", "MOD-002"),
    *_hidden("an investment with a title that is a list", "    title: ", "    title: [x]\n    summary: ", "MOD-003"),
    *_hidden("investments under a misspelt key", "\ninvestments:\n", "\ninvestment:\n", "MOD-001"),
    *_hidden("investments given twice", "\ninvestments:\n", "\ninvestments: []\ninvestments:\n", "YML-003"),
    Dodge("a date that does not exist, where owners are asked for", replace(_UNIT, "    next_review: ", "    next_review: 2026-02-30 # "), ["check", "--select", "OWN-001"], 0),
    Dodge("an owner that is a list, where something else is asked for", replace(_UNIT, _OWNER, "    outcome_owner: [nadia.rahman]"), ["check", "--select", "VAL-001"], 0),
]  # fmt: skip

_DOUBLING = """\
rules:
  - id: X-001
    name: x
    for: investment
    severity: info
    assert: "['ab']%s != []"
""" % (".map(s, s + s + s + s + s)" * 12)

DODGES = [
    Dodge("an investment loses its outcome owner", NO_OWNER, ["check"], 1, ["OWN-001"]),
    *map(_read, ["portfolios/x.YAML", "portfolios/claims/x.Yml"]),
    *map(
        _named,
        [
            "portfolios/x.json",
            "portfolios/.x.yaml",
            "portfolios/claims/x.yaml.txt",
            "portfolios/.claims/x.yaml",
            "rules/x.toml",
            "reviews/.x.yaml",
            *(
                f"portfolios/{n}/x.yaml"
                for n in (".gitkeep", ".gitignore", ".gitattributes", ".DS_Store")
            ),
            "portfolios/x.yaml~",
            "portfolios/.x.yaml.swp",
            "portfolios/#x.yaml#",
            "portfolios/x.yaml.md",
            "itgov.yml",
            ".itgov.yaml",
        ],
    ),
    _broken("a million blank lines after an error", "x: [\n" + "\n" * 1_000_000, "YML-001"),
    _broken(
        "a million control characters",
        "\0" * 1_000_000,
        "YML-006",
        "and 999,900 more of YML-006 in this file",
    ),
    *_UNSELECTED,
    _broken(
        "twenty thousand empty items",
        "business_unit: {id: x}\ninvestments:\n" + "- {}\n" * 20_000,
        "MOD-002",
        "and 39,900 more of MOD-002 in this file",
    ),
    Dodge(
        "a file below very many folders",
        both(NO_OWNER, write({f"portfolios/{'d/' * 150}x.yaml": _MORE})),
        ["check"],
        1,
        [f"portfolios{'/d' * 101}:1:1", "YML-011", "nested more than 100 deep", "OWN-001"],
    ),
    Dodge(
        "a rule that builds ever longer texts",
        both(NO_OWNER, write({"rules/x.yaml": _DOUBLING})),
        ["check"],
        2,
        ["rules/x.yaml:6:14", "RUL-014", "the limit is 50 MB"],
    ),
    _broken(
        "a text of a million characters",
        "business_unit: {id: x}\ninvestments:\n  - {id: X, title: " + "a" * 1_000_000 + "}\n",
        "portfolios/x.yaml:3:20",
        "MOD-009",
    ),
    _broken("an item that is nothing", "business_unit: {id: x}\ninvestments: [null]\n", "MOD-008"),
    _pipe("portfolios/x.yaml", 1, "check"),
    _pipe("reviews/x.yaml", 1, "check"),
    _pipe("reviews", 1, "check"),
    Dodge(
        "a submodule that is not checked out",
        _submodule("portfolios/claims"),
        ["check"],
        1,
        ["portfolios/claims:1", "YML-011", "a git submodule that is not checked out"],
    ),
    Dodge(
        "a submodule called as a file",
        _submodule("portfolios/x.yaml"),
        ["check"],
        1,
        ["portfolios/x.yaml:1", "YML-011"],
    ),
    Dodge(
        "rules in a submodule that is not checked out",
        both(lambda repo: shutil.rmtree(repo.root / "rules"), _submodule("rules")),
        ["check"],
        2,
        ["rules", "a git submodule"],
    ),
    *(
        Dodge(
            f"a {field} that is {written}",
            replace(_UNIT, f"{field}: {old}", f"{field}: {written}"),
            ["check"],
            1,
            [says],
            ["MON-0", "REV-0", "VAL-0"],
        )
        for field, old, written, says in [
            ("budget", "120000", ".inf", "YML-010"),
            (
                "budget",
                "120000",
                "120,000",
                "`budget: 120,000` is not one number: here a comma ends it",
            ),
            ("budget", "120000", "-1,120,000", "`budget: -1,120,000` is not one number"),
            ("baseline", "19", "1e999", "YML-010"),
        ]
    ),
    _since_broken(
        "a file that was broken before",
        "business_unit: {id: x}\ninvestments: [{id: X-1, title: x}\n",
        "YML-001",
    ),
    _since_broken(
        "a record that was broken before",
        "business_unit: {id: x}\ninvestments: [{id: X-1, title: [x]}]\n",
        "MOD-003",
    ),
    _since_broken(
        "a file with a key twice before",
        "business_unit: {id: x}\ninvestments: []\ninvestments: [{id: X-1, title: x}]\n",
        "YML-003",
    ),
    Dodge(
        "a submodule inside, compared with before",
        both(
            _submodule("portfolios/claims"),
            lambda repo: (repo.root / "portfolios/claims/a.yaml").write_text(_MORE) and None,
        ),
        ["check", "--since", "HEAD"],
        2,
        ["`portfolios/claims` is a git submodule"],
    ),
    Dodge(
        "an empty folder",
        lambda repo: (repo.root / "portfolios/x").mkdir(),
        ["check", "--fail-on", "warning"],
        0,
    ),
    Dodge(
        "reviews that are a file",
        write({"reviews": "review: {}\n"}),
        ["check"],
        1,
        ["reviews:1", "this is no folder"],
    ),
    Dodge(
        "scenarios that are a file",
        write({"scenarios": "scenario: {}\n"}),
        ["check"],
        1,
        ["scenarios:1", "this is no folder"],
    ),
    _pipe("rules/x.yaml", 2, "check"),
    _pipe("itgov.yaml", 2, "check"),
    _pipe("portfolios/x.yaml", 2, "import", "--mapping", "m.yaml", "t.csv", "--into", "."),
]
