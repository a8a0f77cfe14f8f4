"""Destinations of an answer behind which no pod is ready: Envoy has the cluster, and answers 503."""

from __future__ import annotations

from typing import Any

from sailwright.mesh.index import Index
from sailwright.mesh.pilot.sidecar_scope import Scope
from sailwright.mesh.queries.running_pods import resting
from sailwright.route.envoy.answers import Answer
from sailwright.source.untyped import labels


def with_ready_pods(answer: Answer, index: Index, scope: Scope) -> Answer:
    """The answer, each destination without a ready pod marked `unready`, with the reason."""
    destinations = answer.get("destinations") or ()
    found = [_why_unready(destination, index, scope) for destination in destinations]
    if not any(found):
        return answer
    marked = [
        {**destination, "unready": why} if why else destination
        for destination, why in zip(destinations, found, strict=True)
    ]
    return {**answer, "destinations": marked}


def _why_unready(destination: dict[str, Any], index: Index, scope: Scope) -> str:
    """Why no pod takes requests there; empty where one does, or where the input does not say."""
    if destination.get("unknown") or destination.get("invalid"):
        return ""
    known = scope.services.get(destination["host"])
    service = index.registry.service(destination["host"]) if known else None
    if known is None or service is None:
        return ""
    rule = scope.destination_rule(known) if destination.get("subset") else None
    subset = rule.subsets.get(destination["subset"]) if rule else None
    selector = labels((subset or {}).get("labels"))
    pods = [workload for workload in index.backends(service) if index.carries(workload, selector)]
    if not pods or index.machines(service) or not all(resting(index, workload) for workload in pods):
        return ""
    return ", ".join(f"{workload.kind} {workload.name} has no replicas" for workload in pods)
