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
_ABOVE = """
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
_BY_HASH = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy:
    loadBalancer: {consistentHash: {useSourceIp: true}}
    connectionPool: {tcp: {maxConnections: 100}}
    portLevelSettings:
      - port: {number: 80}  # finding
        connectionPool: {http: {http2MaxRequests: 1000}}
"""
BAD = (_ABOVE, _BY_HASH)
WORDS = {
    "tls": "TLS",
    "outlierDetection": "outlier detection",
    "connectionPool": "connection pool",
    "loadBalancer": "load balancer",
}


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
            lost = [key for key in WORDS if _lost(mesh.index, rule, port, entry, key, above)]
            if lost:
                words = " and ".join(WORDS[key] for key in lost)
                message = f"port {port} does not inherit the {words} set above: this entry replaces all of it"
                remedy = f"repeat {' and '.join(lost)} in this entry, if the port is to have it"
                severity: Severity | None = "info" if lost == ["loadBalancer"] and not _sticky(above) else None
                yield Problem(rule.manifest, place, message, remedy, severity=severity)


_Above = tuple[Mapping[str, Any], ...]


def _lost(index: Index, rule: DestinationRule, port: int, entry: Mapping[str, Any], key: str, above: _Above) -> bool:
    """Whether a setting above would make a difference at this port, and its entry does not say it again."""
    found = _above(above, key)
    if key == "connectionPool":
        return _pool_lost(index, rule, port, mapping(entry.get(key)), found)
    if key in entry:
        return False
    if key == "tls":
        return text(found.get("mode")) in ("SIMPLE", "MUTUAL")
    if key == "loadBalancer":
        by_request = _OF_REQUESTS & set(mapping(found.get("consistentHash")))
        differs = found.get("simple") not in _USUAL if "simple" in found else bool(found)
        return differs and not (by_request and _all_tcp(index, rule, port))
    return bool(found)


_OF_REQUESTS = {"httpHeaderName", "httpCookie", "httpQueryParameterName"}
_USUAL = ("", "UNSPECIFIED", "LEAST_CONN", "LEAST_REQUEST")
"""What Istio does without a setting."""


def _above(above: _Above, key: str) -> Mapping[str, Any]:
    return next((mapping(policy.get(key)) for policy in above if mapping(policy.get(key))), {})


def _sticky(above: _Above) -> bool:
    return "simple" not in _above(above, "loadBalancer")


def _pool_lost(
    index: Index, rule: DestinationRule, port: int, own: Mapping[str, Any], found: Mapping[str, Any]
) -> bool:
    """A pool with limits of one kind has none of the other, whatever is said above."""
    if get(found, "tcp") and "tcp" not in own:
        return True
    return bool(get(found, "http")) and "http" not in own and not _all_tcp(index, rule, port)


def _all_tcp(index: Index, rule: DestinationRule, port: int) -> bool:
    services = index.registry.hosts.get(rule.host, ())
    protocols = [declared.protocol for service in services if (declared := service.port(port))]
    return bool(protocols) and all(protocol.is_tcp for protocol in protocols)
