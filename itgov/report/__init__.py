"""Findings and insight written down: one file for each format, pure functions."""

from itgov.report.formats import FORMATS, Format, render
from itgov.report.outcome import CheckReport, Summary, summarise

__all__ = ["FORMATS", "CheckReport", "Format", "Summary", "render", "summarise"]
