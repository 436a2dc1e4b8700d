"""PyYAML, imported without compiling the patterns of its own parser: libyaml, which parses here, has no use for them.

They are half of its import, 5 ms of a start.  One that is used after all is compiled then.
"""

from __future__ import annotations

import re

from itgov.model.lazy_patterns import LazyPattern

_compile = re.compile
re.compile = LazyPattern  # type: ignore[assignment]
try:
    import yaml
    from yaml.cyaml import CParser  # type: ignore[attr-defined]
finally:
    re.compile = _compile

__all__ = ["CParser", "yaml"]
