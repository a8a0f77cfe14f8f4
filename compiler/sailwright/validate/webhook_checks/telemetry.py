"""Telemetry: metrics, tracing and access logs."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.validate.cel.parse import syntax_fault
from sailwright.validate.webhook_checks.selectors import policy_target
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning

#: The one field of a custom tag that must not be empty, by its type.
_TAG_TYPES = {"literal": "value", "header": "name", "environment": "name"}


def check(telemetry: Subject) -> Iterator[Problem]:
    spec = telemetry.spec
    yield from policy_target(spec)
    for place, metrics in enumerate(spec.get("metrics", ())):
        yield from _metrics(metrics, ("spec", "metrics", place))
    tracing = spec.get("tracing", ())
    if len(tracing) > 1:
        yield warning(("spec", "tracing"), "only the first tracing entry is used")
    for place, entry in enumerate(tracing):
        yield from _tracing(entry, ("spec", "tracing", place))
    for place, logging in enumerate(spec.get("accessLogging", ())):
        path: Path = ("spec", "accessLogging", place)
        if "filter" in logging and (fault := syntax_fault(logging["filter"].get("expression", ""))):
            yield error(
                (*path, "filter"), f"'{logging['filter'].get('expression', '')}' is not a CEL expression: {fault}"
            )
        yield from _providers(logging, path)


def _providers(entry: Message, path: Path) -> Iterator[Problem]:
    for place, provider in enumerate(entry.get("providers", ())):
        if not provider.get("name"):
            yield error((*path, "providers", place), "a provider needs its name")
            return


def _metrics(metrics: Message, path: Path) -> Iterator[Problem]:
    yield from _providers(metrics, path)
    for place, override in enumerate(metrics.get("overrides", ())):
        where = (*path, "overrides", place)
        for name, tag in override.get("tagOverrides", {}).items():
            tag_path = (*where, "tagOverrides", name)
            if not name:
                yield warning(tag_path, "the tag's name is empty")
            operation = tag.get("operation", "UPSERT")
            if operation == "UPSERT" and not tag.get("value"):
                yield error(tag_path, "UPSERT needs a value")
            if operation == "REMOVE" and tag.get("value"):
                yield error(tag_path, "REMOVE takes no value")
        if override.get("match", {}).get("customMetric") == "":
            yield error((*where, "match", "customMetric"), "customMetric is empty")


def _tracing(entry: Message, path: Path) -> Iterator[Problem]:
    if len(entry.get("providers", ())) > 1:
        yield warning((*path, "providers"), "only the first tracing provider is used")
    yield from _providers(entry, path)
    if not 0 <= entry.get("randomSamplingPercentage", 0) <= 100:
        yield error((*path, "randomSamplingPercentage"), "randomSamplingPercentage is outside 0..100")
    for name, tag in entry.get("customTags", {}).items():
        where = (*path, "customTags", name)
        if not name:
            yield error(where, "the tag's name is empty")
        kind = next((kind for kind in reversed(_TAG_TYPES) if kind in tag), None)
        if kind and not tag[kind].get(_TAG_TYPES[kind]):
            yield error((*where, kind), f"the {kind} tag needs a {_TAG_TYPES[kind]}")
