"""Workloads of a namespace without an injection label stay outside of the mesh, quietly.

Injection is asked for by `istio-injection: enabled` or by a revision in `istio.io/rev`. To keep a namespace outside the mesh,
write `istio-injection: disabled`.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.namespaces import says_nothing
from sailwright.mesh.queries.injector_config import injects_by_default
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "namespace-not-injected"
KIND = objects(kinds.NAMESPACE)
SEVERITY: Severity = "info"
ALIASES = ("IST0102",)
BAD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop  # finding
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec: {template: {metadata: {labels: {app: cart}}}}
"""
GOOD = BAD.replace("name: shop  # finding", "name: shop\n  labels: {istio-injection: disabled}")


_INFRASTRUCTURE = frozenset(
    (
        *("argo", "argocd", "argo-rollouts", "flux", "monitoring", "logging", "observability", "prometheus", "grafana"),
        *("cert-manager", "external-dns", "external-secrets", "ingress-nginx", "kyverno", "keda", "vault", "velero"),
        *(
            "local-path-storage",
            "longhorn",
            "metallb",
            "rook-ceph",
            "openebs",
            "sealed-secrets",
            "reloader",
            "renovate",
        ),
        *(
            "knative-serving",
            "knative-eventing",
            "tekton-pipelines",
            "crossplane",
            "karpenter",
            "gatekeeper",
            "opencost",
        ),
        *(
            "loki",
            "tempo",
            "mimir",
            "jaeger",
            "kiali",
            "opentelemetry",
            "elastic-stack",
            "network-policies",
            "networking",
        ),
    )
)


def check(namespace: Manifest, mesh: World) -> Iterator[Problem]:
    """A namespace with workloads and without a word about injection."""
    index = mesh.index
    if not says_nothing(namespace) or injects_by_default(index, ""):
        return
    if index.facts.compat or (not _is_infrastructure(namespace.name) and _stays_outside(index, namespace.name)):
        message = f"the namespace {namespace.name} does not ask for injection: its workloads are outside of the mesh"
        remedy = "label it istio-injection: enabled or istio.io/rev: REVISION, or disabled if that is meant"
        yield Problem(namespace, ("metadata", "name"), message, remedy)


def _stays_outside(index: Index, namespace: str) -> bool:
    return any(
        index.injected(workload) is False and workload.inject is None for workload in index.selected({}, namespace)
    )


def _is_infrastructure(namespace: str) -> bool:
    """Whether a namespace is by its name one of the cluster's own programs, which stay outside of the mesh as a rule."""
    return (
        namespace.startswith(("kube-", "openshift-")) or namespace.endswith("-system") or namespace in _INFRASTRUCTURE
    )
