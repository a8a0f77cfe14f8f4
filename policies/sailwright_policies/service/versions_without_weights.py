"""Several versions without weights: each gets a share of the traffic by its number of pods.

A new version that starts with as many pods as the old one gets half of all requests at once. With a `weight` per version, the
split does not depend on the number of pods.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import SERVICE, SERVICE_FILE
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.services import Service
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, items, mapping

ID = "versions-without-weights"
KIND = SERVICE_FILE | SERVICE
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: sailwright/v1alpha1
name: reviews
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:  # finding
  - {name: v1, image: "reviews:1"}
  - {name: v2, image: "reviews:2"}
"""
_WITH_ROUTE = """
apiVersion: sailwright/v1alpha1
name: reviews
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:
  - {name: v1, image: "reviews:1"}
  - {name: v2, image: "reviews:2"}
routes:
  - {name: all, to: v1}
"""
GOOD = (
    """
apiVersion: sailwright/v1alpha1
name: reviews
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions:
  - {name: v1, image: "reviews:1", weight: 100}
  - {name: v2, image: "reviews:2", weight: 0}
""",
    _WITH_ROUTE,
)


def check(subject: Manifest | Service, mesh: World) -> Iterator[Problem]:
    """Service files with several versions and nothing that decides between them; of rendered Services the file they come from."""
    if isinstance(subject, Manifest):
        names = _undecided(subject.value)
        if names:
            yield Problem(subject, ("versions",), *_words(names), key=True)
        return
    origin = subject.manifest.origin
    if subject.is_entry or origin is None or subject.is_headless or not subject.selector:
        return
    workloads = [workload for workload in mesh.index.backends(subject) if workload.kind == "Deployment"]
    names = sorted({workload.labels.get("version", "") for workload in workloads})
    if len(names) > 1 and all(names) and _undecided(mapping(origin.document.value)) and not _routed(subject, mesh):
        yield Problem(subject.manifest, ("metadata", "name"), *_words(names))


def _undecided(file: dict[str, object]) -> list[str]:
    """The versions of a service file that share its traffic by their pods; empty where the file decides, or has no sidecars."""
    versions = [version for _, version in entries(file.get("versions"), ())]
    routes = [route for key in ("routes", "tcpRoutes", "tlsRoutes") for _, route in entries(file.get(key), ())]
    outside = mapping(file.get("mesh")).get("inject") == "none" or "external" in file or not items(file.get("ports"))
    weighted = any("weight" in version or version.get("retire") for version in versions)
    if outside or weighted or len(versions) < 2 or any(not route.get("match") for route in routes):
        return []
    return [str(version.get("name")) for version in versions]


def _routed(service: Service, mesh: World) -> bool:
    """Whether a VirtualService sends all requests that are left to subsets, as an overlay or a file beside may do."""
    last = [
        destination
        for virtual_service in mesh.index.virtual_services
        if service.hosts[0] in virtual_service.hosts
        for path, rule in virtual_service.rules()
        if not rule.get("match")
        for destination in virtual_service.destinations
        if destination.path[: len(path)] == path
    ]
    return any(destination.subset for destination in last)


def _words(names: list[str]) -> tuple[str, str]:
    return (
        f"versions {' and '.join(names)} have no weights: each gets a share of the traffic by its number of pods",
        "write a `weight` under each version, such as 100 and 0",
    )
