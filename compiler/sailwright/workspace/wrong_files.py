"""Errors that are of one service file by itself: all others are rendered as they are without them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Final

from sailwright.diagnostics.finding import Finding

_OF_SEVERAL: Final = "duplicate-service"
"""Two services have one name, which may be in one file."""


def wrong_beside(findings: Iterable[Finding], services: Container[str]) -> bool:
    """Whether there is an error that is not of one of these service files by itself: one process that has read all words it best."""
    return any(each.severity == "error" and not _of_one(each, services) for each in findings)


def failed(findings: Iterable[Finding]) -> frozenset[str]:
    """The files with an error."""
    return frozenset(each.location.file for each in findings if each.severity == "error")


def _of_one(error: Finding, services: Container[str]) -> bool:
    file = error.location.file
    return error.rule != _OF_SEVERAL and file in services and all(each.location.file == file for each in error.related)
