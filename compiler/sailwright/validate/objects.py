"""Which documents of a file are objects of the cluster, and what becomes of the others: nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Finding, Path, Skipped
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest, manifests, not_objects, why_not_an_object
from sailwright.source.source import Document, Source
from sailwright.validate.findings import KIND_UNKNOWN


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a file, the findings about the file itself, and the documents that are not for the cluster."""

    manifests: tuple[Manifest, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]


def objects(source: Source) -> Objects:
    """Every document of a file accounted for. A service file is held to its own schema; what it renders is the project's."""
    if source.dialect == "service":
        from sailwright.project.service.reading import read_service

        found = tuple(finding for document in source.documents for finding in read_service(document).findings)
        return Objects((), (*source.problems, *found), ())
    findings = list(source.problems)
    kept: list[Manifest] = []
    for document in source.documents:
        if isinstance(document.value, dict):
            findings += _strays(document)
    for manifest in manifests(source):
        if why_not_an_object(manifest):
            continue
        if not manifest.api_version or not manifest.kind:
            missing = "kind" if manifest.api_version else "apiVersion"
            findings.append(_finding(manifest.document, manifest.base, f"`{missing}` is missing"))
        else:
            kept.append(manifest)
    return Objects(tuple(kept), tuple(findings), tuple(not_objects(source)))


def _strays(document: Document) -> Iterator[Finding]:
    """Items of a List that are no maps."""
    items = document.value.get("items")
    if str(document.value.get("kind", "")).endswith("List") and isinstance(items, list):
        for place, item in enumerate(items):
            if not isinstance(item, dict):
                yield _finding(document, ("items", place), "an item of a List must be an object")


def _finding(document: Document, path: Path, message: str) -> Finding:
    from sailwright.diagnostics.rule_page import url

    location = document.locate(path)
    return Finding(KIND_UNKNOWN, "error", message, location, url=url(KIND_UNKNOWN), path=path)
