"""What sailwright.yaml says about one cluster, as a World holds it."""

from __future__ import annotations

from sailwright.mesh.facts import NEWEST_ISTIO, Facts, Known
from sailwright.project.model import Namespace, Project
from sailwright.project.service.resolve import Target
from sailwright.render.declared_gateways import declared_gateways
from sailwright.render.waypoints import labels_for


def facts(project: Project, target: Target) -> Facts:
    """The facts of one cluster. Its release is that of the data plane, where no service says otherwise."""
    istio = project.istio_for(target)
    return Facts(
        istio_version=istio.version or NEWEST_ISTIO,
        control_planes=istio.control_planes,
        revision=istio.revision,
        sidecar_mode=istio.sidecar_mode,
        cni=istio.cni,
        cluster_domain=istio.cluster_domain,
        mesh_config=istio.mesh_config,
        values=istio.values,
        kubernetes_versions=project.kubernetes_for(target),
        namespaces={name: _labels(namespace) for name, namespace in project.namespaces.items() if _labelled(namespace)},
        known=_known(project),
    )


def _labelled(namespace: Namespace) -> bool:
    """Whether the file says which labels a namespace has; one that is there for its `allow` alone says nothing of them."""
    return bool(namespace.labels or namespace.render or namespace.services is not None or not namespace.allow)


def _labels(namespace: Namespace) -> dict[str, str]:
    """The labels of a namespace: those that are declared, and the waypoint where the Namespace is rendered."""
    return {**namespace.labels, **(labels_for(namespace.name, namespace.waypoint) if namespace.render else {})}


def _known(project: Project) -> Known:
    known = project.known
    return Known(
        hosts=known.get("hosts"),
        gateways=known.get("gateways"),
        namespaces=known.get("namespaces"),
        secrets=known.get("secrets"),
        service_accounts=known.get("serviceAccounts"),
        declared_gateways=tuple(declared_gateways(project.document)),
    )
