"""Importing tables (CSV, XLSX) into a portfolio repository, by a mapping file."""

from itgov.importing.binding import detect
from itgov.importing.drafting import guess
from itgov.importing.load import load_mapping, ready_mappings
from itgov.importing.report import ImportReport
from itgov.importing.run import HowToImport, run_import
from itgov.importing.trouble import CellProblem, ImportProblem, ImportRefused

__all__ = [
    "CellProblem",
    "HowToImport",
    "ImportProblem",
    "ImportRefused",
    "ImportReport",
    "detect",
    "guess",
    "load_mapping",
    "ready_mappings",
    "run_import",
]
