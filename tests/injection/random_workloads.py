"""Hypothesis strategies: installations of Istio, and workloads with everything that injection looks at."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from tests.injection.workloads import LINES

from sailwright.render.injection.settings import InjectionSettings, settings_from

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
"""Any text, line breaks, quotes and braces among it."""

_PORT = st.integers(1, 65535)
_SECONDS = st.integers(0, 60)


def _some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def _any_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


_HTTP = st.fixed_dictionaries(
    {"port": st.one_of(_PORT, _any_of("http", "grpc", "nowhere"))},
    optional={
        "path": _any_of("/", "/healthz?full=1&x=<y>", "/a b"),
        "host": _any_of("127.0.0.1", "shop.example.com"),
        "scheme": _any_of("HTTP", "HTTPS"),
        "httpHeaders": st.lists(st.fixed_dictionaries({"name": _any_of("Host", "X-A"), "value": TEXT}), max_size=2),
    },
)
_TCP = st.fixed_dictionaries({"port": st.one_of(_PORT, _any_of("http"))}, optional={"host": _any_of("127.0.0.1")})
_EXEC = st.fixed_dictionaries({"command": st.lists(TEXT, min_size=1, max_size=2)})
_GRPC = st.fixed_dictionaries({"port": _PORT}, optional={"service": TEXT})
_HOOK = st.one_of(
    st.fixed_dictionaries({"httpGet": _HTTP}),
    st.fixed_dictionaries({"tcpSocket": _TCP}),
    st.fixed_dictionaries({"exec": _EXEC}),
)


@st.composite
def _probe(draw: st.DrawFn) -> dict[str, Any]:
    handler = draw(st.one_of(_HOOK, st.fixed_dictionaries({"grpc": _GRPC})))
    timings = draw(_some(timeoutSeconds=_SECONDS, periodSeconds=_SECONDS, initialDelaySeconds=_SECONDS))
    return draw(_any_of({**handler, **timings}, {**timings, **handler}))


_AMOUNTS = _some(cpu=_any_of("100m", "0.5", 2), memory=_any_of("128Mi", "1e3", "1Gi"))
_CONTAINER_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "ports": st.lists(
        st.fixed_dictionaries(
            {"containerPort": _PORT},
            optional={"name": _any_of("http", "grpc"), "protocol": _any_of("TCP", "UDP"), "hostPort": _PORT},
        ),
        max_size=3,
    ),
    "env": st.lists(st.fixed_dictionaries({"name": _any_of("A", "B"), "value": TEXT}), max_size=2),
    "readinessProbe": _probe(),
    "livenessProbe": _probe(),
    "startupProbe": _probe(),
    "lifecycle": _some(preStop=_HOOK, postStart=_HOOK),
    "resources": _some(limits=_AMOUNTS, requests=_AMOUNTS),
    "volumeMounts": st.lists(_any_of({"name": "data", "mountPath": "/data"}), max_size=1),
    "securityContext": _some(runAsUser=st.integers(1, 2000), readOnlyRootFilesystem=st.booleans()),
    "args": st.lists(TEXT, max_size=2),
}


def _container(name: str) -> st.SearchStrategy[dict[str, Any]]:
    image = _any_of("nginx:1.25", "registry.example.com/shop@sha256:" + "a" * 64)
    return st.fixed_dictionaries({"name": st.just(name), "image": image}, optional=_CONTAINER_FIELDS)


_OWN_PROXY = st.fixed_dictionaries(
    {"name": st.just("istio-proxy"), "image": _any_of("auto", "example.com/mine:1")},
    optional={
        key: value for key, value in _CONTAINER_FIELDS.items() if key in ("env", "resources", "args", "securityContext")
    },
)

ANNOTATIONS: dict[str, st.SearchStrategy[str]] = {
    "sidecar.istio.io/proxyCPU": _any_of("100m", "2"),
    "sidecar.istio.io/proxyMemoryLimit": _any_of("1Gi", "1000Mi"),
    "sidecar.istio.io/proxyImage": _any_of("example.com/proxyv2:1", "bare"),
    "sidecar.istio.io/proxyImageType": _any_of("debug", "default"),
    "sidecar.istio.io/nativeSidecar": _any_of("true", "false"),
    "sidecar.istio.io/interceptionMode": _any_of("REDIRECT", "TPROXY", "NONE"),
    "sidecar.istio.io/logLevel": _any_of("debug", "info"),
    "sidecar.istio.io/agentLogLevel": _any_of("default:debug"),
    "sidecar.istio.io/capNetBindService": _any_of("true", "false"),
    "sidecar.istio.io/bootstrapOverride": _any_of("boot"),
    "sidecar.istio.io/rewriteAppHTTPProbers": _any_of("true", "false", "maybe"),
    "sidecar.istio.io/userVolume": _any_of('{"b":{"emptyDir":{}},"a":{"secret":{"secretName":"s"}}}', "null"),
    "sidecar.istio.io/userVolumeMount": _any_of('{"a":{"mountPath":"/a","readOnly":true}}'),
    "status.sidecar.istio.io/port": _any_of("15020", "15022", "0"),
    "readiness.status.sidecar.istio.io/initialDelaySeconds": _any_of("0", "5", "010"),
    "traffic.sidecar.istio.io/includeOutboundIPRanges": _any_of("*", "", "10.0.0.0/8,fd00::/8"),
    "traffic.sidecar.istio.io/includeInboundPorts": _any_of("*", "80, 81"),
    "traffic.sidecar.istio.io/excludeInboundPorts": _any_of("", "9090"),
    "traffic.sidecar.istio.io/includeOutboundPorts": _any_of("", "443"),
    "traffic.sidecar.istio.io/excludeInterfaces": _any_of("eth1"),
    "istio.io/reroute-virtual-interfaces": _any_of("net1,net2"),
    "traffic.sidecar.istio.io/kubevirtInterfaces": _any_of("net0"),
    "proxy.istio.io/config": _any_of(
        "holdApplicationUntilProxyStarts: true",
        '{"drainDuration":"23s","interceptionMode":"TPROXY"}',
        "proxyMetadata: {B: 'two words', A: '\"1\"'}\nstatusPort: 15025",
        "tracing: {sampling: 10}\nconcurrency: 0",
    ),
    "prometheus.io/scrape": _any_of("true", "false"),
    "prometheus.io/port": _any_of("8080", "15020"),
    "prometheus.io/path": _any_of("/metrics", "/m?a=1&b=<c>"),
    "prometheus.istio.io/merge-metrics": _any_of("true", "false"),
    "kubectl.kubernetes.io/default-container": _any_of("app"),
    "k8s.v1.cni.cncf.io/networks": _any_of("macvlan", '[{"name": "macvlan"}]'),
    "example.com/note": TEXT,
}
"""Annotations that injection reads, with values that are fine; and one that it must leave alone."""

_LABELS = _some(
    **{
        "app": _any_of("shop", "x" * 70),
        "version": _any_of("v1"),
        "topology.istio.io/network": _any_of("net-own"),
        "security.istio.io/tlsMode": _any_of("disabled"),
        "service.istio.io/workload-name": _any_of("wl"),
        "sidecar.istio.io/inject": _any_of("true"),
    }
)


@st.composite
def workloads(draw: st.DrawFn, annotations: dict[str, st.SearchStrategy[str]] | None = None) -> dict[str, Any]:
    """A workload of any kind that nothing is wrong with."""
    applications = [draw(_container(name)) for name in ("app", "helper")[: draw(st.integers(1, 2))]]
    inits = [draw(_container("setup"))] if draw(st.booleans()) else []
    place = draw(_any_of("nowhere", "nowhere", "containers", "initContainers"))
    if place == "containers":
        applications.insert(draw(st.integers(0, len(applications))), draw(_OWN_PROXY))
    elif place == "initContainers":
        inits.append(draw(_OWN_PROXY))
    spec: dict[str, Any] = {"containers": applications, **({"initContainers": inits} if inits else {})}
    spec |= draw(
        _some(
            volumes=st.just([{"name": "data", "emptyDir": {}}]),
            imagePullSecrets=st.just([{"name": "own"}]),
            serviceAccountName=st.just("shop"),
            securityContext=st.just({"fsGroup": 2000}),
            terminationGracePeriodSeconds=_SECONDS,
        )
    )
    chosen = ANNOTATIONS if annotations is None else annotations
    names = draw(st.lists(st.sampled_from(sorted(chosen)), max_size=5, unique=True))
    metadata = draw(_some(labels=_LABELS, annotations=st.fixed_dictionaries({name: chosen[name] for name in names})))
    return _wrapped(draw(_any_of(*_KINDS)), {"metadata": metadata, "spec": spec})


_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Pod")
_VERSIONS = {"Job": "batch/v1", "CronJob": "batch/v1", "Pod": "v1", "ReplicationController": "v1"}


def _wrapped(kind: str, pod: dict[str, Any]) -> dict[str, Any]:
    head = {"apiVersion": _VERSIONS.get(kind, "apps/v1"), "kind": kind}
    metadata = {"name": "reviews", "namespace": "shop"}
    if kind == "Pod":
        return {**head, "metadata": {**pod["metadata"], **metadata}, "spec": pod["spec"]}
    spec: dict[str, Any] = {"template": pod}
    return {**head, "metadata": metadata, "spec": {"jobTemplate": {"spec": spec}} if kind == "CronJob" else spec}


@st.composite
def installations(draw: st.DrawFn, *, compat: bool | None = None) -> InjectionSettings:
    """An installation of any release line."""
    proxy = draw(
        _some(statusPort=_any_of(0, 15020), privileged=st.booleans(), holdApplicationUntilProxyStarts=st.booleans())
    )
    whole = draw(
        _some(
            imagePullSecrets=st.just(["regcred"]),
            network=st.just("net-us"),
            mountMtlsCerts=st.booleans(),
            multiCluster=st.just({"clusterName": "eu1"}),
            imagePullPolicy=st.just("Always"),
            logAsJson=st.booleans(),
        )
    )
    cni = draw(_any_of({"enabled": False}, {"enabled": True}, {"enabled": True, "provider": "multus"}))
    mesh = draw(_some(enablePrometheusMerge=st.booleans(), trustDomain=st.just("td.example")))
    return settings_from(
        {"global": {**whole, "proxy": proxy}, "pilot": {"cni": cni}},
        mesh,
        release=draw(st.sampled_from(LINES)),
        revision=draw(_any_of("default", "canary")),
        sidecar_mode=draw(_any_of("native", "classic")),
        compat=draw(st.booleans()) if compat is None else compat,
    )
