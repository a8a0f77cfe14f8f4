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
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, items

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


def check(sidecar: Sidecar, mesh: World) -> Iterator[Problem]:
    """The egress hosts of Sidecars that are no wildcard."""
    registry = mesh.index.registry
    for path, listener in entries(sidecar.manifest.spec.get("egress"), ("spec", "egress")):
        for position, written in enumerate(items(listener.get("hosts"))):
            namespace, slash, host = written.rpartition("/") if isinstance(written, str) else ("", "", "")
            if not slash or namespace.startswith("~") or not host or "*" in host:
                continue
            if registry.decide(host.lower()) == "unknown":
                remedy = did_you_mean(host, sorted(registry.hosts), "correct it, or declare it under known.hosts")
                yield Problem(
                    sidecar.manifest,
                    (*path, "hosts", position),
                    f"no service has the host {host}",
                    remedy,
                    absent=no_host(host),
                )
