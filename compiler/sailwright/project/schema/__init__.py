"""Check a tree by one of our JSON Schemas: a compiled validator says yes or no, words are found only for a no."""

from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.schema.judge import problems

__all__ = ["did_you_mean", "listed", "problems"]
