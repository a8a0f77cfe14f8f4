"""The project's defaults that do not apply to a service are no mistake of its file: they are left out for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sailwright.diagnostics.finding import Path, value_at
from sailwright.project.service.checks.alternatives import ALTERNATIVES
from sailwright.project.service.checks.routes import without_http
from sailwright.project.service.checks.scaling import unscaled
from sailwright.project.service.checks.structure import parts, workload
from sailwright.project.service.checks.words import in_ambient_mode, outside_the_mesh
from sailwright.project.service.model import Service
from sailwright.project.service.overlay import Traced
from sailwright.project.service.trace import Trace
from sailwright.source.source import Document

_EXCLUSIVE = (("replicas", "autoscaling"), ("minAvailable", "maxUnavailable"), ("targetCPUUtilization", "metrics"))
_SECTIONS = ("trafficPolicy", "versions", "fault", "rewrite", "corsPolicy", "mirror", "mirrors")
"""Where a default can meet its alternative."""


def without_foreign_defaults(tree: Traced, service: Service, document: Document) -> Traced:
    """A resolved tree without the keys that only the project's defaults give it and that do not apply to such a service.

    Those are settings of pods for a service that runs elsewhere, of HTTP for one that speaks none, of scaling for a Job or
    DaemonSet, of Istio outside the mesh, and what excludes a key that the file itself has.
    """
    for path in (*_inapplicable(service), *_excluded(tree, document)):
        if not path:
            continue
        if not _is_own(tree, path, document):
            tree = _without(tree, path)
        elif (
            len(path) == 1 and tree.trace.find(path).document is not document
        ):  # a map of both: the file's part is the mistake
            children = {**tree.trace.children, path[0]: Trace(document, path)}
            tree = Traced(tree.value, tree.trace.having(children))
    return tree


def _is_own(tree: Traced, path: Path, document: Document) -> bool:
    """Whether the file itself has anything at a path."""
    trace = tree.trace
    for key in path:
        trace = trace.child(key)
    return _holds(trace, document)


def _holds(trace: Trace, document: Document) -> bool:
    return trace.document is document or any(_holds(child, document) for child in trace.children.values())


def _inapplicable(service: Service) -> Iterator[Path]:
    checks = (parts, workload, without_http, unscaled, outside_the_mesh, in_ambient_mode)
    return (problem.path for problem in chain.from_iterable(check(service) for check in checks) if problem.key)


def _excluded(tree: Traced, document: Document, path: Path = ()) -> Iterator[Path]:
    """The inherited key of each pair of which the file has the other."""
    node = value_at(tree.value, path)
    if isinstance(node, dict):
        for group in (*_EXCLUSIVE, *ALTERNATIVES):
            found = [key for key in group if key in node]
            own = [key for key in found if _is_own(tree, (*path, key), document)]
            yield from ((*path, key) for key in found if own and key not in own)
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        if path or key in _SECTIONS:
            yield from _excluded(tree, document, (*path, key))


def _without(tree: Traced, path: Path) -> Traced:
    """The tree without the key at `path`; what is not on the way there is shared."""

    def rid(node: Any, way: Path) -> Any:
        if way[0] not in (node if isinstance(node, dict) else range(len(node))):
            return node
        if isinstance(node, list):
            return [rid(item, way[1:]) if index == way[0] else item for index, item in enumerate(node)]
        if len(way) == 1:
            return {key: value for key, value in node.items() if key != way[0]}
        return {key: rid(value, way[1:]) if key == way[0] else value for key, value in node.items()}

    return Traced(rid(tree.value, path), tree.trace)
