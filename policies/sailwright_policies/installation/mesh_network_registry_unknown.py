"""A network that takes its endpoints from a registry that does not exist has none.

`fromRegistry` of meshNetworks names a cluster: Kubernetes, or the key of a Secret labelled `istio/multiCluster: "true"`. The
meshNetworks of the ConfigMap `istio` are checked if the repository has such Secrets.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.source import parse
from sailwright.source.untyped import entries, mapping, text

ID = "mesh-network-registry-unknown"
KIND = objects(kinds.CONFIG_MAP)
SEVERITY: Severity = "error"
ALIASES = ("IST0126",)
BAD = """
apiVersion: v1
kind: Secret
metadata: {name: remote, namespace: istio-system, labels: {istio/multiCluster: "true"}}
stringData: {cluster-eu1: kubeconfig}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  meshNetworks: |  # finding
    networks:
      net-eu: {endpoints: [{fromRegistry: cluster-eu}]}
"""
GOOD = BAD.replace("  # finding", "").replace("fromRegistry: cluster-eu}", "fromRegistry: cluster-eu1}")
_BUILT_IN = ("Mock", "Kubernetes", "External")


def check(config_map: Manifest, mesh: World) -> Iterator[Problem]:
    """Look each registry up. Files alone give the analyzers no meshNetworks."""
    if mesh.facts.compat or not (config_map.name == "istio" or config_map.name.startswith("istio-")):
        return
    registries = mesh.index.derived(_registries)
    networks = text(mapping(config_map.value.get("data")).get("meshNetworks")) if registries else ""
    for network, name in _references(networks):
        if name not in (*_BUILT_IN, *registries):
            message = f"the network {network} takes its endpoints from `{name}`, which is no registry"
            remedy = did_you_mean(name, registries, "name a cluster that has a remote secret")
            yield Problem(config_map, ("data", "meshNetworks"), message, remedy)


def _registries(index: Index) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for secret in index.of(kinds.SECRET):
        if secret.labels.get("istio/multiCluster") == "true":
            found |= dict.fromkeys((*mapping(secret.value.get("data")), *mapping(secret.value.get("stringData"))))
    return tuple(found)


def _references(written: str) -> Iterator[tuple[str, str]]:
    for document in parse("meshNetworks", written.encode(), "manifest").documents:
        for network, value in mapping(mapping(document.value).get("networks")).items():
            for _, endpoint in entries(mapping(value).get("endpoints"), ()):
                if endpoint.get("fromRegistry"):
                    yield network, text(endpoint["fromRegistry"])
