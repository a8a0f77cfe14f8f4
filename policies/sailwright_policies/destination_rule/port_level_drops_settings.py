"""Settings under portLevelSettings replace those above them whole: what an entry does not repeat is off for that port.

An entry inherits nothing. TLS, outlier detection and limits at the top of the trafficPolicy, or of a subset's, do not apply to a
port that has its own entry: it is sent in plain text, keeps failing pods, has no limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import DESTINATION_RULE
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.routing import DestinationRule
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, mapping, number, text

ID = "port-level-drops-settings"
KIND = DESTINATION_RULE
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()
BAD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: api.example.com
  trafficPolicy:
    tls: {mode: SIMPLE, sni: api.example.com}
    portLevelSettings:
      - port: {number: 443}  # finding
        loadBalancer: {simple: ROUND_ROBIN}
  subsets:
    - name: v1
      labels: {version: v1}
      trafficPolicy:
        outlierDetection: {consecutive5xxErrors: 3}
        portLevelSettings:
          - port: {number: 80}  # finding
            tls: {mode: DISABLE}
"""
GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: partner, namespace: shop}
spec:
  host: api.example.com
  trafficPolicy:
    loadBalancer: {simple: LEAST_REQUEST}
    tls: {mode: SIMPLE, sni: api.example.com}
    portLevelSettings:
      - port: {number: 443}
        tls: {mode: SIMPLE, sni: api.example.com}
        loadBalancer: {simple: ROUND_ROBIN}
"""
WORDS = {"tls": "TLS", "outlierDetection": "outlier detection", "connectionPool": "connection pool"}


def check(rule: DestinationRule, mesh: World) -> Iterator[Problem]:
    """Each entry against the policies above it: its own block's and, in a subset, the rule's."""
    top = mapping(rule.manifest.spec.get("trafficPolicy"))
    blocks: list[tuple[Path, Mapping[str, Any], tuple[Mapping[str, Any], ...]]] = [
        (("spec", "trafficPolicy"), top, (top,))
    ]
    for subset in rule.subsets:
        own = mapping(subset.value.get("trafficPolicy"))
        blocks.append(((*subset.path, "trafficPolicy"), own, (own, top)))
    for path, policy, above in blocks:
        for place, entry in entries(policy.get("portLevelSettings"), (*path, "portLevelSettings")):
            port = number(mapping(entry.get("port")).get("number"))
            lost = [key for key in WORDS if key not in entry and _lost(mesh.index, rule, port, key, above)]
            if lost:
                words = " and ".join(WORDS[key] for key in lost)
                message = f"port {port} does not inherit the {words} set above: this entry replaces all of it"
                remedy = f"repeat {' and '.join(lost)} in this entry, if the port is to have it"
                yield Problem(rule.manifest, place, message, remedy)


def _lost(index: Index, rule: DestinationRule, port: int, key: str, above: tuple[Mapping[str, Any], ...]) -> bool:
    """Whether a setting above would make a difference at this port."""
    found = next((mapping(policy.get(key)) for policy in above if mapping(policy.get(key))), {})
    if key == "tls":
        return text(found.get("mode")) in ("SIMPLE", "MUTUAL")
    if key == "connectionPool" and not get(found, "tcp"):
        services = index.registry.hosts.get(rule.host, ())
        protocols = [declared.protocol for service in services if (declared := service.port(port))]
        return bool(get(found, "http")) and not (protocols and all(protocol.is_tcp for protocol in protocols))
    return bool(found)
