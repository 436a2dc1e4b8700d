"""The rule language: rule files, their checking, evaluation, findings, waivers."""
