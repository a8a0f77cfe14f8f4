"""Three-valued answers: something holds, does not hold, or depends on a fact that the input does not say."""

from __future__ import annotations

from collections.abc import Iterable

Verdict = bool | str
"""Whether something matches; text names the fact that is missing."""


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether all hold."""
    found = list(verdicts)
    return False if False in found else next((each for each in found if isinstance(each, str)), True)


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """Whether one holds."""
    found = list(verdicts)
    return True if True in found else next((each for each in found if isinstance(each, str)), False)


def opposite(verdict: Verdict) -> Verdict:
    """Whether it does not hold."""
    return verdict if isinstance(verdict, str) else not verdict
