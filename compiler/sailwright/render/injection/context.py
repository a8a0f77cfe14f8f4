"""The template variables of one pod: every decision is taken here, the templates only lay out the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.values.proxy_config import ProxyConfig
from sailwright.mesh.values.quantity import canonical
from sailwright.render.injection import annotations as checks
from sailwright.render.injection import go_json, names
from sailwright.render.injection.images import init_image, proxy_image
from sailwright.render.injection.mesh_identity import canonical_name, otel_attributes, owner_reference, workload_name
from sailwright.render.injection.pod import Pod
from sailwright.render.injection.pod_templates import Owner
from sailwright.render.injection.proxy_config import annotated, known, proxy_config_text
from sailwright.render.injection.settings import InjectionSettings
from sailwright.render.injection.traffic_redirection import redirection_context

_PROXY_USER = 1337


def effective_config(settings: InjectionSettings, annotations: Mapping[str, str]) -> ProxyConfig:
    """The mesh's default ProxyConfig with the pod's annotation on top. Raises ValueError where that cannot be read."""
    text = annotations.get(names.PROXY_CONFIG)
    default = settings.mesh.default_config
    return default if text is None else known(annotated(default, text), settings.differences)


def pod_context(settings: InjectionSettings, pod: Pod, owner: Owner) -> dict[str, Any]:
    """The variables that hang on the labels, the containers and the owner of a pod without earlier injection."""
    labels, annotations = pod.labels, pod.annotations
    applications = [container["name"] for container in pod.containers() if container["name"] != names.PROXY]
    return {
        "tlsMode": labels.get(names.TLS_MODE) or "istio",
        "tunnel": labels.get(names.TUNNEL) or "http",
        "canonicalName": canonical_name(labels, owner, settings.differences),
        "canonicalRevision": labels.get(names.CANONICAL_REVISION)
        or labels.get("app.kubernetes.io/version")
        or labels.get("version")
        or "latest",
        "firstContainer": applications[0] if applications else "",
        "hasDefaultContainer": names.DEFAULT_CONTAINER in annotations,
        "hasDefaultLogsContainer": names.DEFAULT_LOGS_CONTAINER in annotations,
        "appContainers": ",".join(applications),
        "podPorts": _pod_ports(pod),
        "workloadName": workload_name(labels, owner, settings.differences),
        "owner": owner_reference(owner),
        "otelAttributes": otel_attributes(settings, pod, owner),
    }


def annotation_context(settings: InjectionSettings, pod: Pod) -> dict[str, Any]:
    """The variables that are the same for all pods with these annotations, and this service account."""
    config = effective_config(settings, pod.annotations)
    metadata = config.get("proxyMetadata") or {}
    native = is_native(settings, pod)
    return {
        **settings.installation,
        **redirection_context(settings, pod, config),
        **_process(settings, pod, config, native),
        **_volumes(settings, pod, config),
        "hbone": metadata.get("ISTIO_META_ENABLE_HBONE") == "true",
        "proxyConfig": proxy_config_text(config),
        "datadog": _datadog(settings, pod),
        "proxyMetadata": _variables(metadata),
        "native": native,
        "proxyUser": _PROXY_USER,
        "proxyUserText": str(_PROXY_USER),
        "resources": _resources(settings, pod),
        "proxyImage": proxy_image(settings, pod, config),
        "initImage": init_image(settings, pod, config),
    }


def is_native(settings: InjectionSettings, pod: Pod) -> bool:
    """Whether the sidecar is a native one: the pod's annotation, else the cluster's mode."""
    wanted = pod.annotations.get(names.NATIVE)
    if "native-unless-false" in settings.differences:
        return wanted != "false" if wanted else settings.native
    return settings.native if wanted is None else wanted == "true"


def _process(settings: InjectionSettings, pod: Pod, config: ProxyConfig, native: bool) -> dict[str, Any]:
    """How the sidecar's process is started, stopped, probed and confined."""
    defaults, annotations = settings.defaults, pod.annotations
    metadata = config.get("proxyMetadata") or {}
    mode = annotations.get(names.INTERCEPTION, config["interceptionMode"])
    status_port = annotations.get(names.STATUS_PORT, defaults["statusPort"])
    net_bind = annotations.get(names.NET_BIND, defaults["capNetBindService"]) == "true"
    capabilities = (["NET_ADMIN"] if mode == "TPROXY" else []) + (["NET_BIND_SERVICE"] if net_bind else [])
    level = annotations.get(names.LOG_LEVEL, defaults["logLevel"])
    component = annotations.get(names.COMPONENT_LOG_LEVEL, defaults["componentLogLevel"])
    agent = annotations.get(names.AGENT_LOG_LEVEL, defaults["level"])
    return {
        "proxyLogArgument": f"--proxyLogLevel={level}",
        "proxyComponentLogArgument": f"--proxyComponentLogLevel={component}",
        "agentLogArgument": f"--log_output_level={agent}",
        "holdApplication": holds_application(settings, config) and not native,
        "debugPortArgument": f"--debug-port={status_port}",
        "probed": status_port != "0",
        "readinessInitialDelaySeconds": _number(settings, pod, names.READINESS_DELAY, "readinessInitialDelaySeconds"),
        "readinessPeriodSeconds": _number(settings, pod, names.READINESS_PERIOD, "readinessPeriodSeconds"),
        "readinessFailureThreshold": _number(settings, pod, names.READINESS_FAILURES, "readinessFailureThreshold"),
        "traceIptables": metadata.get("IPTABLES_TRACE_LOGGING") == "true",
        "addedCapabilities": capabilities,
    }


def holds_application(settings: InjectionSettings, config: ProxyConfig) -> bool:
    """Whether the application waits for the sidecar: the ProxyConfig or the values ask for it."""
    return bool(config.get("holdApplicationUntilProxyStarts")) or bool(settings.installation["holdsApplications"])


def _number(settings: InjectionSettings, pod: Pod, annotation: str, value: str) -> int:
    """An annotation's number as the YAML of a text template reads it (`010` is eight), else the value's."""
    text = pod.annotations.get(annotation)
    if text is None:
        return int(settings.defaults[value])
    octal = len(text) > 1 and text[0] == "0" and set(text) <= set("01234567")
    return int(text, 8) if octal else int(text)


def _variables(values: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"name": name, "value": str(values[name])} for name in sorted(values)]


def _datadog(settings: InjectionSettings, pod: Pod) -> list[dict[str, str]]:
    if settings.defaults["tracer"] != "datadog":
        return []
    wanted = go_json.loads(pod.annotations.get(names.DATADOG_ENV, "{}"))
    return _variables(wanted) if isinstance(wanted, dict) else []


def _pod_ports(pod: Pod) -> str:
    """The ports of all containers as ISTIO_META_POD_PORTS holds them: JSON, one port a line, commas first."""
    ports = [port for container in pod.containers() for port in container.get("ports") or []]
    lines = [f"{',' if index else ''}{go_json.dumps(_port(port))}" for index, port in enumerate(ports)]
    return "\n".join(["[", *(f"    {line}" for line in lines), "]"])


def _port(port: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("name", "hostPort", "containerPort", "protocol", "hostIP")
    given = {field: port.get(field) for field in fields}
    given["containerPort"] = given["containerPort"] or 0
    return {field: value for field, value in given.items() if value or field == "containerPort"}


def _resources(settings: InjectionSettings, pod: Pod) -> dict[str, Any]:
    """The resources of the sidecar: any one of the four annotations discards all the defaults."""
    given = {name: pod.annotations[name] for name in names.RESOURCES if name in pod.annotations}
    if not given:
        return dict(settings.installation["defaultResources"])
    requests = {"cpu": given.get(names.PROXY_CPU), "memory": given.get(names.PROXY_MEMORY)}
    limits = {"cpu": given.get(names.PROXY_CPU_LIMIT), "memory": given.get(names.PROXY_MEMORY_LIMIT)}
    amounts = {"limits": limits, "requests": requests}
    return {
        kind: {name: canonical(value) or value for name, value in wanted.items() if value is not None}
        for kind, wanted in amounts.items()
        if any(value is not None for value in wanted.values())
    }


def _volumes(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> dict[str, Any]:
    account = pod.spec.get("serviceAccountName") or "default"
    return {
        "lightstepDirectory": _lightstep_directory(settings, config),
        "bootstrapOverride": pod.annotations.get(names.BOOTSTRAP),
        "mtlsSecret": f"istio.{account}",
        "userVolumes": _by_name(pod.annotations.get(names.USER_VOLUME)),
        "userMounts": _by_name(pod.annotations.get(names.USER_MOUNT)),
    }


def _lightstep_directory(settings: InjectionSettings, config: ProxyConfig) -> str | None:
    """Where the certificates of Lightstep are mounted; None where the proxies trace elsewhere, or without TLS."""
    tls = (config.get("tracing") or {}).get("tlsSettings")
    if settings.defaults["tracer"] != "lightstep" or tls is None:
        return None
    head, slash, _ = str(tls.get("caCertificates") or "").rpartition("/")
    return head + slash


def _by_name(annotation: str | None) -> list[dict[str, Any]]:
    """The items of a JSON map from names to fields, sorted by name, or of a list, whose items bring names of their own.

    The template ranges over either and writes the key or index as the name; a `name` among the fields replaces it.
    """
    items = go_json.loads(annotation) if annotation else None
    if isinstance(items, list):
        return [{"name": str(index), **item} for index, item in enumerate(items)]
    return [{"name": name, **items[name]} for name in sorted(items)] if isinstance(items, dict) else []


def merges_metrics(settings: InjectionSettings, pod: Pod) -> bool:
    """Whether the agent scrapes the application's metrics too: the pod's annotation, else the mesh's setting."""
    wanted = pod.annotations.get(names.MERGE_METRICS)
    return settings.mesh.enable_prometheus_merge if wanted is None else wanted in checks.TRUE


def rewrites_probes(settings: InjectionSettings, pod: Pod) -> bool:
    """Whether the agent answers the application's probes: the pod's annotation where it is a boolean, else the values."""
    wanted = pod.annotations.get(names.REWRITE_PROBES, "")
    if wanted in checks.TRUE | checks.FALSE:
        return wanted in checks.TRUE
    return bool(settings.installation["rewritesProbes"])
