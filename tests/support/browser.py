"""Chromium, where it is installed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


def in_chromium(test: Callable[..., Any]) -> Any:
    """Mark a test that starts Chromium."""
    there = pytest.mark.skipif(
        not CHROMIUM,
        reason="Chromium is not installed, so nothing was looked at in a browser "
        "(apt-get install chromium)",
    )
    return pytest.mark.slow(there(test))
