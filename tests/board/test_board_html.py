"""The HTML: one file, sound, accessible, and harmless whatever the data say."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from itgov.insight.boardtypes import BoardReport
from itgov.report.board import page, wiki
from itgov.report.board.html import is_web, link
from itgov.report.board.style import DARK, GROUNDS, LIGHT, SHAPES, TEXTS, style_sheet
from itgov.rules.book import RuleBook


def _shared() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "board_conftest", Path(__file__).with_name("conftest.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["board_conftest"] = module
    spec.loader.exec_module(module)
    return module
