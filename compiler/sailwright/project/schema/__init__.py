"""Judge a tree by one of our JSON Schemas: a compiled validator says yes or no, words are found only for a no."""

from sailwright.diagnostics.suggestions import did_you_mean, listed
from sailwright.project.schema.fault import Fault
from sailwright.project.schema.judge import faults

__all__ = ["Fault", "did_you_mean", "faults", "listed"]
