"""What `istioctl analyze` prints of what its checks found: equal messages once, and nothing that an annotation suppresses.

Source: pkg/config/analysis/local (filterMessages) and pkg/config/analysis/diag (SortedDedupedCopy).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sailwright.lint.run_rules import Found

SUPPRESS = "galley.istio.io/analyze-suppress"


def printed(found: Iterable[Found]) -> Iterator[Found]:
    """Of each message of a check about an object the first in each line; other worlds' problems pass as they are."""
    seen: set[tuple[str, int, str, int]] = set()
    for each in found:
        if not each.world.facts.compat:
            yield each
            continue
        problem = each.problem
        line = problem.manifest.locate(problem.path, key=problem.key).location.line
        message = (each.chosen.rule.ID, id(problem.manifest), problem.message, line)
        if message not in seen and not _suppressed(each):
            seen.add(message)
            yield each


def _suppressed(found: Found) -> bool:
    """The list is split at its commas and not trimmed: `IST0101, IST0102` suppresses the first alone."""
    codes = found.problem.manifest.annotations.get(SUPPRESS)
    if not isinstance(codes, str):
        return False
    return any(code == "*" or code in found.chosen.rule.ALIASES for code in codes.split(","))
