"""The path of the user's own configuration; needed before the first screen, so it imports little."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def user_config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where a user keeps the configuration: `$XDG_CONFIG_HOME/itgov/config.yaml`."""
    base = environment.get("XDG_CONFIG_HOME", "")
    if not os.path.isabs(base):  # the specification says to ignore it then
        home = environment.get("APPDATA") if os.name == "nt" else None
        base = home or os.path.join(os.path.expanduser("~"), ".config")
    return Path(base) / "itgov" / "config.yaml"
