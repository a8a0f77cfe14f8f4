"""Kinds that nobody gave a schema of, each reported once: a repository has hundreds of objects of some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Finding
from sailwright.runtime.records import replace
from sailwright.validate.findings import SCHEMA_MISSING


def once_per_kind(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The same findings, of those about a kind without a schema the first of each kind: it says how many objects there are."""
    objects = Counter(each.message for each in findings if each.rule == SCHEMA_MISSING)
    return tuple(_first_of_each(findings, objects)) if len(objects) < objects.total() else tuple(findings)


def _first_of_each(findings: Sequence[Finding], objects: Counter[str]) -> Iterator[Finding]:
    for each in findings:
        if each.rule != SCHEMA_MISSING:
            yield each
        elif number := objects.pop(each.message, 0):
            more = f"{each.message}: {number} objects of it are not checked"
            yield replace(each, message=more) if number > 1 else each
