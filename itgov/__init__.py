"""Governance of IT investment portfolios kept as YAML in git."""

__version__ = "0.1.0"
