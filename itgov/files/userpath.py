"""Where a user's own configuration and history are; needed before the first screen, so it imports little."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def user_config_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where a user keeps the configuration: `$XDG_CONFIG_HOME/itgov/config.yaml`."""
    return _base(environment, "XDG_CONFIG_HOME", "APPDATA", ".config") / "config.yaml"


def filter_history_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the filters that a user typed are kept: `$XDG_STATE_HOME/itgov/filters.json`."""
    return _base(environment, "XDG_STATE_HOME", "LOCALAPPDATA", ".local/state") / "filters.json"


def _base(environment: Mapping[str, str], name: str, on_windows: str, at_home: str) -> Path:
    base = environment.get(name, "")
    if not os.path.isabs(base):  # the specification says to ignore it then
        home = environment.get(on_windows) if os.name == "nt" else None
        base = home or os.path.join(os.path.expanduser("~"), at_home)
    return Path(base) / "itgov"
