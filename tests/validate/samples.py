"""Sound objects of many kinds, and ways to break them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sailwright.diagnostics.finding import Path
from sailwright.source.source import parse

SOUND = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop, labels: {app: reviews}}
spec:
  selector: {app: reviews}
  ports: [{name: http, port: 9080, targetPort: http, protocol: TCP}, {name: admin, port: 9081, targetPort: 9081}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews-v1, annotations: {a.example/b: "1"}}
spec:
  replicas: 2
  selector: {matchLabels: {app: reviews, version: v1}}
  template:
    metadata: {labels: {app: reviews, version: v1}}
    spec:
      containers:
        - name: reviews
          image: reviews:1
          env: [{name: A, value: "1"}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
          ports: [{containerPort: 9080, name: http}]
          readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
          resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 1Gi}}
          securityContext: {runAsUser: 1000, capabilities: {drop: [ALL]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {key: value}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: reviews}
spec: {minAvailable: 50%, selector: {matchLabels: {app: reviews}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match: [{uri: {prefix: /a}, headers: {x-user: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2, port: {number: 9080}}, weight: 100}]
      retries: {attempts: 3, perTryTimeout: 2s}
    - route: [{destination: {host: reviews, subset: v1}}]
      timeout: 5s
  tcp: [{match: [{port: 3306}], route: [{destination: {host: reviews}}]}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  trafficPolicy:
    loadBalancer: {consistentHash: {httpCookie: {name: user, ttl: 0s}}}
    connectionPool: {tcp: {maxConnections: 10}, http: {http2MaxRequests: 10}}
    outlierDetection: {consecutive5xxErrors: 5, interval: 10s}
    portLevelSettings: [{port: {number: 80}, tls: {mode: ISTIO_MUTUAL}}]
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1beta1
kind: ServiceEntry
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.example.com]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: DNS
  location: MESH_EXTERNAL
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  selector: {matchLabels: {app: reviews}}
  mtls: {mode: STRICT}
  portLevelMtls: {8080: {mode: DISABLE}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  action: ALLOW
  rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}], to: [{operation: {methods: [GET]}}]}]
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: mesh, namespace: shop}
spec: {tracing: [{providers: [{name: otel}], randomSamplingPercentage: 1.5}]}
"""

Value = dict[str, Any]


def sound() -> list[Value]:
    """The sound objects."""
    return [document.value for document in parse("sound.yaml", SOUND.encode(), "manifest").documents]


def places(value: Any, path: Path = ()) -> list[Path]:
    """The path of every value inside."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in items for found in [(*path, key), *places(each, (*path, key))]]


def _set(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _set(copy[path[0]], path[1:], new)
    return copy


def _get(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


_STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    1.5,
    "",
    "x",
    "8080",
    "a b",
    "*",
    "0s",
    [],
    {},
    [None],
    {"x": 1},
    ["x"],
)


@st.composite
def broken(draw: st.DrawFn) -> Value:
    """A sound object with one to three changes: a value replaced, a field added, renamed or removed."""
    value: Value = draw(st.sampled_from(sound()))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path in places(value) if path[0] not in ("apiVersion", "kind")]))
        inner = _get(value, path)
        change = draw(st.sampled_from(("replace", "add", "rename", "remove")))
        if change == "replace":
            value = _set(value, path, draw(st.sampled_from(_STRANGE)))
        elif isinstance(inner, dict) and change == "add":
            value = _set(value, path, {**inner, draw(st.sampled_from(("bogus", "a/b", "it's", "x~y"))): 1})
        elif isinstance(inner, dict) and inner:
            gone = draw(st.sampled_from(sorted(inner)))
            left = {key: each for key, each in inner.items() if key != gone}
            value = _set(value, path, left if change == "remove" else {**left, f"{gone}s": inner[gone]})
        elif isinstance(inner, list) and inner:
            value = _set(value, path, inner[:-1] if change == "remove" else [*inner, inner[-1]])
    return value
