"""What follows from the rules of the standard pack, written down for later runs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from itgov.rules.analysis import (
    READS,
    expressions_of_health,
    expressions_of_rule,
    read_anew,
    reading,
)
from itgov.rules.batch import KindRules
from itgov.rules.cel import Runtime, parse
from itgov.rules.compiled import CompiledRule
from itgov.rules.kept_trees import TREES
from itgov.rules.language import SUBJECTS, HealthFile, Rule, RuleFile
from itgov.rules.pack_programs import PROGRAMS, Programs


def keep_parts(key: str, contents: Sequence[RuleFile | HealthFile]) -> None:
    """Keep what follows from what the pack with this key says."""
    rules: list[Rule] = []
    texts: dict[str, None] = {}
    for content in contents:
        if isinstance(content, HealthFile):
            texts.update(dict.fromkeys(expressions_of_health(content.health)))
        else:
            rules += content.rules
    texts.update(dict.fromkeys(t for r in rules for t in expressions_of_rule(r)))
    TREES.keep(key, {text: parse(text) for text in texts})
    READS.keep(key, {reading(rule): read_anew(rule) for rule in rules})
    PROGRAMS.keep(key, _programs(rules))


def _programs(rules: Sequence[Rule]) -> Programs:
    runtime = Runtime(datetime.date.min, ())  # no date and no variable stands in what is compiled
    compiled = [CompiledRule(rule, runtime) for rule in rules]
    kinds = [
        KindRules(kind, [c for c in compiled if c.rule.for_ == kind], blind)
        for kind in SUBJECTS
        for blind in (False, True)
    ]
    return Programs(
        {kind.identity(): kind.answering() for kind in kinds},
        {rule.told: rule.telling() for rule in compiled},
        {rule.condition: rule.history is None for rule in compiled if rule.facts},
    )
