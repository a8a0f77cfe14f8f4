"""What came with which Istio release: kinds, fields and values that older API servers do not know.

Source: the CustomResourceDefinitions of 1.24.6 to 1.31.0, and those of istio.io/api 1.32.0, compared release by release.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.mesh.values import kinds
from sailwright.mesh.values.releases import Numbers
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Feature:
    """A field (or a `value` of it, or a whole kind where `keys` is empty) and the first minor release that has it.

    In `keys`, `*` stands for each item of a list or each value of a map.
    """

    since: Numbers
    kind: str
    keys: tuple[str, ...]
    value: str | None = None

    @property
    def name(self) -> str:
        """For messages."""
        if not self.keys:
            return self.kind.partition(".")[0]
        written = ".".join(key for key in self.keys if key != "*")
        return f"{written}: {self.value}" if self.value else written

    def uses(self, manifest: Manifest) -> Iterator[Path]:
        """The places of an object that use the feature."""
        if not self.keys:
            yield ("kind",)
            return
        for path, found in _walk(manifest.spec, self.keys, ("spec",)):
            if self.value is None or found == self.value:
                yield path


def _walk(value: Any, keys: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    if not keys:
        yield path, value
    elif keys[0] == "*":
        pairs: Any = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
        for key, item in pairs:
            yield from _walk(item, keys[1:], (*path, key))
    elif isinstance(value, dict) and keys[0] in value:
        yield from _walk(value[keys[0]], keys[1:], (*path, keys[0]))


def _policy(since: Numbers, *keys: str, port_level: bool = True) -> tuple[Feature, ...]:
    """A field of a DestinationRule's traffic policy, at each place where such a policy may stand."""
    places: tuple[tuple[str, ...], ...] = (("trafficPolicy",), ("subsets", "*", "trafficPolicy"))
    if port_level:
        places += tuple((*place, "portLevelSettings", "*") for place in places)
    return tuple(Feature(since, kinds.DESTINATION_RULE, place + keys) for place in places)


def _server_tls(since: Numbers, *fields: str) -> tuple[Feature, ...]:
    """Fields of the server side TLS settings of Gateways and Sidecars."""
    places = ((kinds.GATEWAY, ("servers", "*", "tls")), (kinds.SIDECAR, ("ingress", "*", "tls")))
    return tuple(Feature(since, kind, (*keys, field)) for kind, keys in places for field in fields)


_SOURCE = ("rules", "*", "from", "*", "source")
_HTTP = ("http", "*")

FEATURES: Final[tuple[Feature, ...]] = (
    Feature((1, 25), kinds.AUTHORIZATION_POLICY, (*_SOURCE, "serviceAccounts")),
    Feature((1, 25), kinds.AUTHORIZATION_POLICY, (*_SOURCE, "notServiceAccounts")),
    Feature((1, 25), kinds.TELEMETRY, ("tracing", "*", "enableIstioTags")),
    Feature((1, 25), kinds.WORKLOAD_GROUP, ("probe", "grpc")),
    *_server_tls((1, 26), "credentialNames", "tlsCertificates"),
    Feature((1, 26), kinds.VIRTUAL_SERVICE, (*_HTTP, "retries", "backoff")),
    Feature((1, 26), kinds.VIRTUAL_SERVICE, (*_HTTP, "retries", "retryIgnorePreviousHosts")),
    *_policy((1, 27), "retryBudget", port_level=False),
    Feature((1, 27), kinds.WASM_PLUGIN, ("failStrategy",), "FAIL_RELOAD"),
    *_policy((1, 28), "loadBalancer", "consistentHash", "httpCookie", "attributes"),
    *_server_tls((1, 28), "caCertCredentialName"),
    Feature((1, 28), kinds.REQUEST_AUTHENTICATION, ("jwtRules", "*", "spaceDelimitedClaims")),
    Feature((1, 28), kinds.SERVICE_ENTRY, ("resolution",), "DYNAMIC_DNS"),
    Feature((1, 29), kinds.ENVOY_FILTER, ("configPatches", "*", "match", "waypoint")),
    Feature((1, 29), kinds.ENVOY_FILTER, ("configPatches", "*", "match", "context"), "WAYPOINT"),
    Feature((1, 29), kinds.TELEMETRY, ("tracing", "*", "customTags", "*", "formatter")),
    Feature((1, 30), kinds.AUTHORIZATION_POLICY, (*_SOURCE, "trustDomains")),
    Feature((1, 30), kinds.AUTHORIZATION_POLICY, (*_SOURCE, "notTrustDomains")),
    Feature((1, 30), kinds.TELEMETRY, ("tracing", "*", "disableContextPropagation")),
    Feature((1, 30), "TrafficExtension.extensions.istio.io", ()),
    *_policy((1, 31), "connectionPool", "http", "http2KeepAlive"),
    *_policy((1, 31), "loadBalancer", "zoneAwareLbSetting"),
    *_policy((1, 31), "outlierDetection", "outlierDetectionHttpErrorCodes"),
    *_policy((1, 31), "retryBudget", "budgetInterval", port_level=False),
    *_server_tls((1, 31), "insecureSkipVerify"),
    Feature((1, 31), kinds.SIDECAR, ("inboundConnectionPool", "http", "http2KeepAlive")),
    Feature((1, 31), kinds.SIDECAR, ("ingress", "*", "connectionPool", "http", "http2KeepAlive")),
    Feature((1, 31), kinds.ENVOY_FILTER, ("configPatches", "*", "patch", "operation"), "MERGE_AND_REPLACE_LIST"),
    Feature((1, 31), kinds.VIRTUAL_SERVICE, (*_HTTP, "redirect", "prefixRewrite")),
    *_policy((1, 32), "loadBalancer", "backendUtilization"),
    *_policy((1, 32), "outlierDetection", "failurePercentageThreshold"),
    *_policy((1, 32), "tls", "caCertCredentialName"),
    *_server_tls((1, 32), "alpnProtocols", "ecdhCurves"),
    Feature((1, 32), kinds.ENVOY_FILTER, ("configPatches", "*", "match", "listener", "filterChain", "transportSocket")),
    Feature((1, 32), kinds.REQUEST_AUTHENTICATION, ("jwtRules", "*", "presence")),
)
