"""Taking an earlier injection out of a pod, so that injecting again starts from what the user wrote.

`sidecar.istio.io/status` names what was brought; the old sidecar's environment holds the probes and Prometheus annotations
that were replaced, and `proxy.istio.io/overrides` the user's own fields of injected containers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.render.injection import go_json, names, prometheus
from sailwright.render.injection.pod import Container, Pod, misshapen_spec, named
from sailwright.render.injection.probes import HOOKS, PROBES, agent_path


def remove_injection(pod: Pod, status_port: int) -> Pod:
    """The pod as it was before it was injected; the pod itself where it carries no readable status."""
    status = go_json.loads(pod.annotations.get(names.STATUS, ""))
    if not isinstance(status, dict):
        return pod
    inits = pod.init_containers()
    classic = names.PROXY in _texts(status.get("containers"))
    old = named(pod.containers() if classic else inits, names.PROXY) or {}
    environment = {entry["name"]: entry.get("value") for entry in old.get("env") or [] if entry.get("name")}
    probers = go_json.loads(environment.get(names.PROBERS_ENV) or "")
    scraped = go_json.loads(environment.get(names.PROMETHEUS_ENV) or "")
    overrides = _overrides(pod)
    containers = _kept(pod.containers(), status.get("containers")) + overrides.get("containers", [])
    inits = _kept(inits, status.get("initContainers")) + overrides.get("initContainers", [])
    known = probers if isinstance(probers, dict) else {}
    spec = {
        **pod.spec,
        "containers": [_restored(container, known) for container in containers],
        "initContainers": [_restored(container, known) for container in inits],
        "volumes": _kept(pod.spec.get("volumes") or [], status.get("volumes")),
        "imagePullSecrets": _kept(pod.spec.get("imagePullSecrets") or [], status.get("imagePullSecrets")),
    }
    optional = ("initContainers", "volumes", "imagePullSecrets")
    annotations = _annotations(pod.annotations, scraped if isinstance(scraped, dict) else {}, status_port)
    return Pod(pod.labels, annotations, {key: value for key, value in spec.items() if value or key not in optional})


def _kept(items: list[dict[str, Any]], brought: Any) -> list[dict[str, Any]]:
    names_brought = _texts(brought)
    return [item for item in items if item.get("name") not in names_brought]


def _texts(value: Any) -> set[str]:
    return set(map(str, value)) if isinstance(value, list) else set()


def _overrides(pod: Pod) -> dict[str, list[Container]]:
    """The user's own fields of injected containers; nothing where the annotation does not hold containers."""
    data = go_json.loads(pod.annotations.get(names.OVERRIDES, ""))
    if not isinstance(data, dict):
        return {}
    found = {field: data.get(field) or [] for field in ("containers", "initContainers")}
    whole = {"containers": [{"name": "any"}], **{field: items for field, items in found.items() if items}}
    return {} if any(misshapen_spec(whole, ())) else found


def _annotations(annotations: Mapping[str, str], scraped: Mapping[str, Any], status_port: int) -> dict[str, str]:
    """Without our own marks; the user's Prometheus annotations are back in place of those of the agent."""
    kept = {name: value for name, value in annotations.items() if name not in (names.STATUS, names.OVERRIDES)}
    ours = prometheus.ours(status_port)
    if not all(kept.get(name) == value for name, value in ours.items()):
        return kept
    asked = {f"prometheus.io/{kind}": scraped.get(kind) for kind in ("port", "path", "scrape")}
    if targets := prometheus.targets_text(scraped.get("targets")):
        asked |= {"prometheus.io/port": None, "prometheus.io/path": None}  # they repeat the first target
        asked[names.SCRAPE_TARGETS] = targets
    kept = {name: value for name, value in kept.items() if name not in ours or asked[name]}
    return {**kept, **{name: str(value) for name, value in asked.items() if value}}


def _restored(container: Container, probers: Mapping[str, Any]) -> Container:
    """A container with the probes and hooks that the agent had taken over."""
    changed = dict(container)
    for field in PROBES:
        if handler := _original(container.get(field), probers.get(agent_path(container["name"], field))):
            changed[field] = handler
    lifecycle = container.get("lifecycle") or {}
    for field in HOOKS:
        if handler := _original(lifecycle.get(field), probers.get(agent_path(container["name"], field))):
            changed["lifecycle"] = {**changed["lifecycle"], field: handler}
    return changed


def _original(handler: Any, prober: Any) -> dict[str, Any] | None:
    asked = handler.get("httpGet") if isinstance(handler, dict) else None
    kind = next(
        (kind for kind in ("httpGet", "tcpSocket", "grpc") if isinstance(prober, dict) and prober.get(kind)), ""
    )
    if not asked or not kind or not isinstance(prober[kind], dict):
        return None
    action = {name: value for name, value in prober[kind].items() if value is not None}
    return {
        (kind if key == "httpGet" else key): (action if key == "httpGet" else item) for key, item in handler.items()
    }
