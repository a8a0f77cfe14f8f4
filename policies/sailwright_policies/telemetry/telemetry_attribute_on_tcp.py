"""An attribute of requests has no value on a TCP port: the filter or the tag that asks for it gets nothing.

`request.*` and `response.*` exist where the proxy sees HTTP. An access log filter that asks for them drops every connection of
a TCP or TLS port.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import TELEMETRY
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.queries.traffic_policies import tcp_governed
from sailwright.mesh.world import World
from sailwright.runtime.regex import regex
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, get, mapping, text

ID = "telemetry-attribute-on-tcp"
KIND = TELEMETRY
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: v1
kind: Service
metadata: {name: mysql, namespace: shop}
spec: {selector: {app: mysql}, ports: [{name: mysql, port: 3306}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mysql, namespace: shop}
spec:
  template:
    metadata: {labels: {app: mysql}}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: mysql, namespace: shop}
spec:
  selector: {matchLabels: {app: mysql}}
  accessLogging:
    - providers: [{name: envoy}]
      filter:
        expression: response.code >= 500  # finding
"""

GOOD = BAD.replace("response.code >= 500  # finding", "connection.mtls == false")

_OF_REQUESTS = regex(r"(?<![\w.\"'])(?:request|response)\.\w+")


def check(telemetry: Manifest, mesh: World) -> Iterator[Problem]:
    """A Telemetry for workloads with TCP ports alone: those it selects, or all of its namespace. An expression with `has(...)` takes care of both."""
    if telemetry.spec.get("targetRefs") or telemetry.spec.get("targetRef"):
        return
    reason = tcp_governed(mesh.index, match_labels(telemetry), mesh.index.namespace_of(telemetry))
    for path, expression in _expressions(telemetry) if reason else ():
        found = _OF_REQUESTS.search(expression)
        if found and "has(" not in expression:
            yield Problem(
                telemetry,
                path,
                f"{found.group()} has no value: {reason}",
                "ask for an attribute of the connection, or declare the port as HTTP if it is",
            )


def _expressions(telemetry: Manifest) -> Iterator[tuple[Path, str]]:
    """What the filters of access logs and the tags of metrics compute."""
    for path, logging in entries(telemetry.spec.get("accessLogging"), ("spec", "accessLogging")):
        yield (*path, "filter", "expression"), text(get(logging, "filter", "expression"))
    for path, metrics in entries(telemetry.spec.get("metrics"), ("spec", "metrics")):
        for place, override in entries(metrics.get("overrides"), (*path, "overrides")):
            for tag, change in mapping(override.get("tagOverrides")).items():
                yield (*place, "tagOverrides", tag, "value"), text(get(change, "value"))
