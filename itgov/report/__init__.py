"""Findings and insight written down: one file for each format, pure functions."""

from itgov.report.check_report import CheckReport, Summary, summarise
from itgov.report.formats import FORMATS, Format, render

__all__ = ["FORMATS", "CheckReport", "Format", "Summary", "render", "summarise"]
