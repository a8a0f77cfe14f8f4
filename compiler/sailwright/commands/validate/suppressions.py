"""Suppressions hold for validation as they do for lint: in a comment, in an annotation, in sailwright.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding
from sailwright.source.manifest import Manifest
from sailwright.source.source import Source

if TYPE_CHECKING:
    from sailwright.lint.rule import Rule
    from sailwright.lint.settings import Settings
    from sailwright.lint.suppression_audit import Names


def without_suppressed(
    found: Iterable[tuple[Manifest, tuple[Finding, ...]]],
    sources: Iterable[Source],
    rules: Callable[[], Iterable[Rule]],
    settings: Settings | None,
) -> tuple[list[Finding], int]:
    """The findings that nobody suppresses, and how many were. Whether a suppression is stale is for lint to say.

    `rules` are asked for only where something is suppressed: to load them takes longer than to validate a file.
    """
    every = [(manifest, finding) for manifest, findings in found for finding in findings]
    if not every:
        return [], 0
    from sailwright.lint.settings import ANNOTATION, MARKER

    commented = any(MARKER in source.data for source in sources)
    annotated = any(ANNOTATION in manifest.annotations for manifest, _ in every)
    if not commented and not annotated and (settings is None or not settings.ignore):
        return [finding for _, finding in every], 0
    from sailwright.lint.settings import Settings
    from sailwright.lint.suppression import comments
    from sailwright.lint.suppression_audit import names, without_commented, without_ignored

    settings = settings or Settings()
    inline = [each for source in sources for each in comments(source)]
    known = names(rules(), (), settings.locked)
    left = [finding for manifest, finding in every if not _annotated(manifest, finding, known)]
    uncommented, _ = without_commented(left, inline, known)
    kept, _ = without_ignored(uncommented, settings.ignore, known)
    return kept, len(every) - len(kept)


def _annotated(manifest: Manifest, finding: Finding, known: Names) -> bool:
    from sailwright.lint.suppression import annotation

    return any(finding.rule in known.ids(each) for each in annotation(manifest))
