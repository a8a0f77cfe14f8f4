"""The custom kinds that sailwright.yaml lists under `validate.schemas`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Finding, Location
from sailwright.project.model import Project
from sailwright.runtime.cache import Cache
from sailwright.source.files.checkout import Unreadable
from sailwright.source.source import MANIFEST_LIMIT

if TYPE_CHECKING:
    from sailwright.validate.schemas.crd import CustomResource


def listed_schemas(project: Project, cache: Cache) -> tuple[tuple[CustomResource, ...], tuple[Finding, ...]]:
    """The kinds, and what is wrong with the files."""
    patterns = project.validate.get("schemas", ())
    if not patterns:
        return (), ()
    from sailwright.validate.schemas.imported import read_schemas

    found: list[CustomResource] = []
    problems: list[Finding] = []
    for pattern in patterns:
        for path in project.checkout.glob(pattern):
            data = project.checkout.read(path, MANIFEST_LIMIT)
            if isinstance(data, Unreadable):
                problems.append(Finding("unreadable-file", "error", data.reason, Location(path)))
                continue
            resources, faults = read_schemas(path, data, cache)
            found += resources
            problems += faults
    return tuple(found), tuple(problems)
