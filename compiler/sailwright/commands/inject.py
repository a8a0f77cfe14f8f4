"""Injection of files: every document of every source, in order, as one YAML text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Finding, ObjectRef, Path, Severity
from sailwright.diagnostics.problem import Problem
from sailwright.render.injection.inject import Injected, inject, over_items
from sailwright.render.injection.pod_templates import is_list
from sailwright.render.injection.settings import InjectionSettings
from sailwright.runtime.records import dataclass
from sailwright.source import Document, Source
from sailwright.source.emit import emit_all

RULES: Mapping[Severity, str] = {
    "error": "injection-refused",
    "warning": "injection-doubtful",
    "info": "injection-skipped",
}
"""What findings of injection are reported as."""

SettingsFor = Callable[[str], InjectionSettings]
"""The settings for a namespace, which may be empty where nobody knows it."""


@dataclass(frozen=True, slots=True)
class InjectedFiles:
    """The text to print, and what there is to say. With an error among the findings there is no text."""

    text: str
    findings: tuple[Finding, ...]
    documents: int


def inject_sources(sources: Iterable[Source], settings_for: SettingsFor, namespace: str | None = None) -> InjectedFiles:
    """Inject every document; those without pods pass through as they are. Empty documents are dropped."""
    values: list[Any] = []
    findings: list[Finding] = []
    for source in sources:
        findings += source.problems
        for document in source.documents:
            if document.value is not None:
                value, found = _inject_document(document, settings_for, namespace)
                values.append(value)
                findings += found
    refused = any(finding.severity == "error" for finding in findings)
    return InjectedFiles("" if refused else emit_all(values), tuple(findings), len(values))


def _inject_document(
    document: Document, settings_for: SettingsFor, namespace: str | None
) -> tuple[Any, Iterator[Finding] | tuple[Finding, ...]]:
    value = document.value
    if document.source.dialect == "service":
        message = "a service file is no manifest: `sailwright build` compiles it, sidecar included"
        return value, (Finding(RULES["error"], "error", message, document.locate(("apiVersion",))),)
    if not isinstance(value, dict):
        return value, ()
    result = _injected(value, settings_for, namespace)
    return result.value, (_finding(document, problem) for problem in result.problems)


def _injected(value: dict[str, Any], settings_for: SettingsFor, namespace: str | None) -> Injected:
    if is_list(value):
        return over_items(value, lambda item: _injected(item, settings_for, namespace))
    metadata = value.get("metadata")
    own = metadata.get("namespace") if isinstance(metadata, dict) else None
    return inject(value, settings_for(own if isinstance(own, str) else namespace or ""), namespace)


def _finding(document: Document, problem: Problem) -> Finding:
    return Finding(
        RULES[problem.severity],
        problem.severity,
        problem.message,
        document.locate(problem.path),
        help=problem.help,
        object=_ref(document.value, problem.path),
        path=problem.path,
    )


def _ref(value: Any, path: Path) -> ObjectRef:
    """The object that a path belongs to: inside a List, its item."""
    while value.get("kind") == "List" and path[:1] == ("items",) and len(path) > 1:
        value, path = value["items"][path[1]], path[2:]
    metadata = value.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    namespace = known.get("namespace")
    return ObjectRef(
        str(value.get("apiVersion", "")),
        str(value.get("kind", "")),
        namespace if isinstance(namespace, str) else None,
        str(known.get("name", "")),
    )
