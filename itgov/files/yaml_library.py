"""PyYAML, imported without compiling the patterns of its own parser: libyaml, which parses here, has no use for them.

They are half of its import, 5 ms of a start.  One that is used after all is compiled then.
"""

from __future__ import annotations

from itgov.model.lazy_patterns import compiled_late

with compiled_late():
    import yaml
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

__all__ = ["CParser", "yaml"]
