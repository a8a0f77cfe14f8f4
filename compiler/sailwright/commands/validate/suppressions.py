"""Suppressions hold for validation as they do for lint: in a comment, in an annotation, in sailwright.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sailwright.diagnostics.finding import Finding
from sailwright.lint.rule import Rule
from sailwright.lint.settings import Settings
from sailwright.lint.suppression import annotation, comments
from sailwright.lint.suppression_audit import Names, names, without_commented, without_ignored
from sailwright.source import Source
from sailwright.source.manifest import Manifest


def without_suppressed(
    found: Iterable[tuple[Manifest, tuple[Finding, ...]]],
    sources: Iterable[Source],
    rules: Callable[[], Iterable[Rule]],
    settings: Settings,
) -> tuple[list[Finding], int]:
    """The findings that nobody suppresses, and how many were. Whether a suppression is stale is for lint to say.

    `rules` are asked for only where something is suppressed: to load them takes longer than to validate a file.
    """
    every = [(manifest, finding) for manifest, findings in found for finding in findings]
    inline = [each for source in sources for each in comments(source)] if every else []
    if not inline and not settings.ignore and not any(annotation(manifest) for manifest, _ in every):
        return [finding for _, finding in every], 0
    known = names(rules(), (), settings.locked)
    left = [finding for manifest, finding in every if not _annotated(manifest, finding, known)]
    uncommented, _ = without_commented(left, inline, known)
    kept, _ = without_ignored(uncommented, settings.ignore, known)
    return kept, len(every) - len(kept)


def _annotated(manifest: Manifest, finding: Finding, known: Names) -> bool:
    return any(finding.rule in known.ids(each) for each in annotation(manifest))
