"""Backends of Gateway API routes: the destinations they become, and whether a ReferenceGrant lets the route name them.

Source: Istio `pilot/pkg/config/kube/gateway` (conversion.go: buildDestination, buildHTTPDestination).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sailwright.mesh.pilot.gateway_api.filters import header_operations
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.values.kinds import REFERENCE_GRANT, kind_of
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, number, text

ROUTE_GROUP = "gateway.networking.k8s.io"
REF_NOT_PERMITTED, INVALID_KIND, BACKEND_NOT_FOUND = "RefNotPermitted", "InvalidKind", "BackendNotFound"
INVALID_DESTINATION = "InvalidDestination"
OTHER_KINDS = (
    "networking.istio.io/Hostname",
    "multicluster.x-k8s.io/ServiceImport",
    "inference.networking.k8s.io/InferencePool",
)
"""What istiod sends requests to besides Services; it is not simulated."""


@dataclass(frozen=True, slots=True)
class BackendProblem:
    """Why a backend does not resolve: istiod's reason, and the field of the reference. A `fatal` one takes the whole route out of force."""

    reason: str
    message: str
    about: str
    fatal: bool = False


class Grants:
    """The ReferenceGrants of a world."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self._found: set[tuple[str, str, str, str]] = set()
        for manifest in manifests:
            if kind_of(manifest.api_version, manifest.kind) == REFERENCE_GRANT:
                self._found.update(_granted(manifest))

    def allow(self, route: Manifest, namespace: str, service: str) -> bool:
        """Whether a route may send requests to a Service of another namespace."""
        owner = route.namespace or "default"
        if owner == namespace:
            return True
        return any((namespace, route.kind, owner, name) in self._found for name in (service, ""))


def _granted(manifest: Manifest) -> Iterator[tuple[str, str, str, str]]:
    """(namespace of the target, kind and namespace of the route, Service; empty for all)."""
    for _, source in entries(manifest.spec.get("from"), ()):
        for _, target in entries(manifest.spec.get("to"), ()):
            if text(source.get("group")) == ROUTE_GROUP and (target.get("group") or "", target.get("kind")) == (
                "",
                "Service",
            ):
                yield (
                    manifest.namespace or "default",
                    text(source.get("kind")),
                    text(source.get("namespace")),
                    text(target.get("name")),
                )


class Backends:
    """Turns the backends of one route into destinations. At Gateways (`grants` given) other namespaces must allow it."""

    def __init__(
        self, route: Manifest, domain: str, service_hosts: Collection[str], grants: Grants | None = None
    ) -> None:
        self._route = route
        self._domain = domain
        self._hosts = service_hosts
        self._grants = grants

    def sound(self, rule: Mapping[str, Any]) -> bool:
        """Whether istiod can read the backends of a rule: Services need a port, and a name without dots."""
        found = (backend for _, backend in entries(rule.get("backendRefs"), ()) if _weight(backend))
        return not any(problem and problem.fatal for problem in map(self.problem, found))

    def problem(self, backend: Mapping[str, Any]) -> BackendProblem | None:
        """What istiod writes into the route's status about a backend; None where it resolves."""
        name, namespace = (
            text(backend.get("name")),
            text(backend.get("namespace")) or self._route.namespace or "default",
        )
        if not self._allowed(backend):
            kind, own = self._route.kind, self._route.namespace or "default"
            message = f"no ReferenceGrant of namespace {namespace} lets {kind}s of {own} name Service {name}"
            return BackendProblem(REF_NOT_PERMITTED, message, "namespace")
        if not _is_service(backend):
            title = "/".join(filter(None, (text(backend.get("group")), text(backend.get("kind")))))
            return (
                None if title in OTHER_KINDS else BackendProblem(INVALID_KIND, f"{title} is no kind of backend", "kind")
            )
        if "." in name:
            return BackendProblem(INVALID_DESTINATION, f"{name} is a host: name the Service", "name", fatal=True)
        if not backend.get("port"):
            return BackendProblem(INVALID_DESTINATION, f"Service {name} needs a port", "name", fatal=True)
        if service_host(name, namespace, self._domain) not in self._hosts:
            return BackendProblem(BACKEND_NOT_FOUND, f"there is no Service {name} in namespace {namespace}", "name")
        return None

    def _allowed(self, backend: Mapping[str, Any]) -> bool:
        namespace = text(backend.get("namespace")) or self._route.namespace or "default"
        return self._grants is None or self._grants.allow(self._route, namespace, text(backend.get("name")))

    def targets(self, rule: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The destinations of a rule with a weight; a single one gets everything."""
        found = [backend for _, backend in entries(rule.get("backendRefs"), ()) if _weight(backend)]
        return [
            {
                "destination": self.destination(backend),
                "weight": _weight(backend) if len(found) > 1 else 0,
                "headers": header_operations(backend),
            }
            for backend in found
        ]

    def exists(self, destination: Mapping[str, Any]) -> bool:
        """Whether a destination is a Service of the input; mirrors of others are left out."""
        return destination["host"] in self._hosts

    def destination(self, backend: Mapping[str, Any]) -> dict[str, Any]:
        """One backend; `invalid` where the reference is not allowed or is none of a Service with a port."""
        namespace = text(backend.get("namespace")) or self._route.namespace or "default"
        name, port = text(backend.get("name")), number(backend.get("port"))
        if not _is_service(backend) or not port or not self._allowed(backend):
            return {"host": "", "invalid": True}
        return {"host": service_host(name, namespace, self._domain), "port": {"number": port}}


def _is_service(backend: Mapping[str, Any]) -> bool:
    return (backend.get("group") or "", backend.get("kind") or "Service") == ("", "Service")


def _weight(backend: Mapping[str, Any]) -> int:
    weight = backend.get("weight")
    return 1 if weight is None else number(weight)
