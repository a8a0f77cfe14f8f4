"""Services that lie in no file: a repository seldom has them all, so where their requests end cannot be decided."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.mesh.index import Index
from sailwright.mesh.queries.absence import host_absence_known
from sailwright.mesh.values.hosts import service_of
from sailwright.route.envoy.answers import Answer, undecidable

_KEPT = ("virtualService", "name")


def with_missing_services(answer: Answer, index: Index, namespace: str) -> Answer:
    """The answer; "cannot decide" in its place where a Service that it depends on is in no file, and may be in the cluster."""
    missing = next(_missing(answer, index, namespace), None)
    if missing is None:
        return answer
    service = service_of(missing, index.domain)
    title = f"Service {service[1]}/{service[0]}" if service else f"a ServiceEntry for {missing}"
    kept = {key: answer[key] for key in _KEPT if key in answer}
    return {**undecidable(f"{title} is in no file"), **kept}


def _missing(answer: Answer, index: Index, namespace: str) -> Iterator[str]:
    """The hosts of destinations that an answer takes to be absent, and that may not be."""
    for destination in answer.get("destinations") or ():
        host = str(destination.get("host"))
        unknown = destination.get("unknown") and not index.registry.services(host)
        if unknown and not host_absence_known(index, host, namespace):
            yield host
