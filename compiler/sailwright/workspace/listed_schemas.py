"""The custom kinds that sailwright.yaml lists under `validate.schemas`."""

from __future__ import annotations

from sailwright.diagnostics.finding import Finding, Location
from sailwright.project.model import Project
from sailwright.runtime.cache import Cache
from sailwright.source.files.checkout import Unreadable
from sailwright.source.source import MANIFEST_LIMIT
from sailwright.validate.schemas.crd import CustomResource
from sailwright.validate.schemas.imported import read_schemas


def listed_schemas(project: Project, cache: Cache) -> tuple[tuple[CustomResource, ...], tuple[Finding, ...]]:
    """The kinds, and what is wrong with the files."""
    found: list[CustomResource] = []
    problems: list[Finding] = []
    for pattern in project.validate.get("schemas", ()):
        for path in project.checkout.glob(pattern):
            data = project.checkout.read(path, MANIFEST_LIMIT)
            if isinstance(data, Unreadable):
                problems.append(Finding("unreadable-file", "error", data.reason, Location(path)))
                continue
            resources, faults = read_schemas(path, data, cache)
            found += resources
            problems += faults
    return tuple(found), tuple(problems)
