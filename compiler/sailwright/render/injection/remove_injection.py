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
    lists = {
        "containers": [_restored(container, known) for container in containers],
        "initContainers": [_restored(container, known) for container in inits],
        "volumes": _kept(pod.spec.get("volumes") or [], status.get("volumes")),
        "imagePullSecrets": _kept(pod.spec.get("imagePullSecrets") or [], status.get("imagePullSecrets")),
    }
    annotations = _annotations(pod.annotations, scraped if isinstance(scraped, dict) else {}, status_port)
    return Pod(pod.labels, annotations, {**_without_emptied(pod.spec, lists), **{k: v for k, v in lists.items() if v}})


def _without_emptied(spec: Mapping[str, Any], lists: Mapping[str, list[Any]]) -> dict[str, Any]:
    """A spec without the lists that held nothing but what was brought; an empty list that the user wrote stays."""
    return {key: value for key, value in spec.items() if not value or lists.get(key, True)}


def without_brought_containers(pod: Pod, status_port: int) -> Pod:
    """The pod that istioctl's templates read when it injects again: without the containers that the status names.

    The user's own fields of injected containers are back among the containers, and the agent's Prometheus annotations are gone.
    Source: stripPod and reinsertOverrides of pkg/kube/inject. The template is merged over the pod as it is all the same.
    """
    status = go_json.loads(pod.annotations.get(names.STATUS, ""))
    if not isinstance(status, dict):
        return pod
    spec = dict(pod.spec)
    for field, own in {"containers": [], "initContainers": [], **_overrides(pod)}.items():
        kept = _kept(pod.spec.get(field) or [], status.get(field))
        spec[field] = kept + [container for container in own if named(kept, container["name"]) is None]
    annotations = {name: value for name, value in pod.annotations.items() if name != names.STATUS}
    if prometheus.spelled(annotations).get("port") == str(status_port):
        annotations = prometheus.without_spelled(annotations)
    return Pod(pod.labels, annotations, spec)


def brought_containers(pod: Pod) -> Mapping[str, frozenset[str]]:
    """The names of the containers that an earlier injection brought, by field; empty where the pod carries no status."""
    status = go_json.loads(pod.annotations.get(names.STATUS, ""))
    known = status if isinstance(status, dict) else {}
    return {field: frozenset(_texts(known.get(field))) for field in ("containers", "initContainers")}


def own_overrides(pod: Pod) -> dict[str, list[Container]]:
    """The user's own fields of injected containers, as an earlier injection noted them."""
    return _overrides(pod)


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
