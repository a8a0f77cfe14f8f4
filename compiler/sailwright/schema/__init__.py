"""Judge a tree by one of our JSON Schemas: a compiled validator says yes or no, words are found only for a no."""

from sailwright.schema.judge import Fault, faults
from sailwright.schema.near import did_you_mean, listed

__all__ = ["Fault", "did_you_mean", "faults", "listed"]
