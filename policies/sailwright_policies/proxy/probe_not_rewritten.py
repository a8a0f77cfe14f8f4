"""The kubelet has no certificate of the mesh: a probe of a port that accepts mTLS only is refused, and the pod never ready.

Injection sends HTTP and gRPC probes to the agent of the sidecar, which asks the application from inside the pod. With
`sidecar.istio.io/rewriteAppHTTPProbers: "false"`, or in a baked pod whose probes were left as they were, the kubelet asks the
port itself. (A TCP probe succeeds as soon as the proxy accepts the connection.)
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import WORKLOAD
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.probes import probes
from sailwright.mesh.objects.sidecar_containers import baked
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.injector_config import rewrites_probes
from sailwright.mesh.queries.peer_authentication import Mtls, takes_mtls
from sailwright.mesh.world import World

ID = "probe-not-rewritten"
KIND = WORKLOAD
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ()

_ANNOTATED = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  template:
    metadata:
      labels: {app: cart, sidecar.istio.io/inject: "true"}
      annotations:
        sidecar.istio.io/rewriteAppHTTPProbers: "false"
    spec:
      containers:
        - name: cart
          image: example.com/cart:1.0
          ports: [{containerPort: 8080}]
          readinessProbe:
            httpGet: {path: /ready, port: 8080}  # finding
"""
_TOLD = """
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector, namespace: istio-system}
data: {values: '{"sidecarInjectorWebhook": {"rewriteAppHTTPProbe": false}}'}
"""
BAD = (
    _ANNOTATED,
    _ANNOTATED.replace('sidecar.istio.io/rewriteAppHTTPProbers: "false"', "example.com/team: shop") + _TOLD,
)
GOOD = (
    _ANNOTATED.replace('rewriteAppHTTPProbers: "false"', 'rewriteAppHTTPProbers: "true"').replace("  # finding", ""),
    _ANNOTATED.replace("STRICT", "PERMISSIVE").replace("  # finding", ""),
    _ANNOTATED.replace("httpGet: {path: /ready, port: 8080}  # finding", "exec: {command: [cat, /tmp/ready]}"),
)

_REWRITE = "sidecar.istio.io/rewriteAppHTTPProbers"


def check(workload: Workload, mesh: World) -> Iterator[Problem]:
    """HTTP and gRPC probes of application containers, on ports whose declared mode is STRICT."""
    index = mesh.index
    told = workload.annotations.get(_REWRITE)
    rewritten = told != "false" if told else rewrites_probes(index, index.facts.revision)
    if rewritten and (workload.proxy is None or not baked(workload.proxy)):
        return
    remedy = f"remove {_REWRITE} (inject again, for a baked pod)" if rewritten or told else f'set {_REWRITE}: "true"'
    for probe in probes(workload):
        asked = probe.action != "tcpSocket" and not probe.asks_the_agent and not probe.host
        if not asked or probe.port is None or not takes_mtls(index, workload, probe.port):
            continue
        mode = index.derived(Mtls).declared(workload, probe.port)
        if mode is not None and mode.mode == "STRICT":
            yield Problem(
                workload.manifest,
                probe.path,
                f"port {probe.port} accepts mTLS only (STRICT), and this {probe.name} is not rewritten: "
                "the kubelet has no certificate, and the probe fails",
                f"{remedy}, or leave the port out of mTLS: "
                "portLevelMtls DISABLE, or traffic.sidecar.istio.io/excludeInboundPorts",
                related=((mode.manifest, mode.path, "STRICT is set here"),),
            )
