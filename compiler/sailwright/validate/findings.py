"""The findings of validation: the rules they belong to, and their places in the author's files."""

from __future__ import annotations

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.problem import Problem
from sailwright.runtime.records import replace
from sailwright.source.manifest import Manifest

#: The rules about schemas. Those about Istio's webhook are named by kind: see `webhook`.
SCHEMA_VIOLATION = "schema-violation"
SCHEMA_RULE = "schema-rule"
SCHEMA_MISSING = "schema-missing"
KIND_UNKNOWN = "kind-unknown"


def finding(problem: Problem, manifest: Manifest) -> Finding:
    """The finding at the place in the author's file."""
    from sailwright.diagnostics.rule_page import url

    place = manifest.locate(problem.path, key=problem.key)
    found = problem.finding(place.location, place.path)
    return replace(found, url=url(problem.rule), object=manifest.written_ref, rendered=place.rendered)
