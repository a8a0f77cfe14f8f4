"""An egress host that no service has lets the sidecar see nothing: calls to the service that was meant fail.

Decided where sailwright.yaml says which hosts exist outside the repository (`known.hosts`).
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import SIDECAR
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.objects.sidecars import Sidecar
from sailwright.mesh.queries.absence import no_host
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, items, mapping, text

ID = "sidecar-egress-host-unknown"
KIND = SIDECAR
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA1004",)

BAD = Example(
    """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  egress:
    - hosts:
        - istio-system/*
        - ./reviwes.shop.svc.cluster.local  # finding
---
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
""",
    Facts(known=Known(hosts=())),
)
GOOD = Example(
    BAD.text.replace("reviwes.shop.svc.cluster.local  # finding", "reviews.shop.svc.cluster.local"), BAD.facts
)


_ENABLE = "enable its service here, leave it out in this environment, or declare the host under known.hosts"


def check(sidecar: Sidecar, mesh: World) -> Iterator[Problem]:
    """The egress hosts of Sidecars that are no wildcard."""
    registry = mesh.index.registry
    yield from _absent_callees(sidecar, mesh)
    for path, listener in entries(sidecar.manifest.spec.get("egress"), ("spec", "egress")):
        for position, written in enumerate(items(listener.get("hosts"))):
            namespace, slash, host = written.rpartition("/") if isinstance(written, str) else ("", "", "")
            if not slash or namespace.startswith("~") or not host or "*" in host:
                continue
            if host.lower() in registry.absent and registry.decide(host.lower()) == "unknown":
                message = f"the project does not render {host} here, only in other environments or clusters"
                yield Problem(sidecar.manifest, (*path, "hosts", position), message, _ENABLE, severity="error")
            elif registry.decide(host.lower()) == "unknown":
                remedy = did_you_mean(host, sorted(registry.hosts), "correct it, or declare it under known.hosts")
                yield Problem(
                    sidecar.manifest,
                    (*path, "hosts", position),
                    f"no service has the host {host}",
                    remedy,
                    absent=no_host(host),
                )


def _absent_callees(sidecar: Sidecar, mesh: World) -> Iterator[Problem]:
    """The services of `accessPolicy.outbound` that the project has elsewhere and not here: their hosts are not rendered."""
    registry = mesh.index.registry
    for name in _outbound(sidecar):
        namespace, _, short = name.rpartition("/")
        host = service_host(short, namespace or sidecar.namespace, mesh.index.domain)
        if host in registry.absent and registry.decide(host) == "unknown":
            message = f"the project does not render the service {name} here, only in other environments or clusters"
            yield Problem(sidecar.manifest, ("spec",), message, _ENABLE, severity="error")


def _outbound(sidecar: Sidecar) -> Iterator[str]:
    """The services that the service file of a rendered Sidecar lists as callees."""
    origin = sidecar.manifest.origin
    if origin is None or not sidecar.manifest.spec.get("workloadSelector"):
        return
    written = origin.written(("accessPolicy", "outbound"))
    value = written.document.value
    for key in written.path:
        value = mapping(value).get(str(key))
    yield from (text(callee.get("service")) for _, callee in entries(value, ()) if callee.get("service"))
