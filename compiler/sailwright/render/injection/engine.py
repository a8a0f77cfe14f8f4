"""Injection of one pod, step by step: the table of contents of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.render.injection import annotations as checks
from sailwright.render.injection import go_json, names, overrides, probes, prometheus
from sailwright.render.injection.container_order import in_container_order
from sailwright.render.injection.context import (
    effective_config,
    holds_application,
    is_native,
    merges_metrics,
    rewrites_probes,
)
from sailwright.render.injection.merge import merged
from sailwright.render.injection.overlay import chosen_templates, combined, overlays, template_fault
from sailwright.render.injection.pod import Container, Pod, named
from sailwright.render.injection.pod_templates import Owner
from sailwright.render.injection.proxy_config import annotation_fault
from sailwright.render.injection.settings import InjectionSettings
from sailwright.render.injection.sidecar_template import Overlay

if TYPE_CHECKING:
    from sailwright.mesh.values.proxy_config import ProxyConfig


def refusals(settings: InjectionSettings, pod: Pod) -> Iterator[tuple[str, str]]:
    """The annotations for which the injector of this release refuses the pod, and why."""
    yield from checks.faults(pod.annotations, settings.differences)
    for template in dict.fromkeys(chosen_templates(pod)):
        if fault := template_fault(settings, template):
            yield names.TEMPLATES, fault
    try:
        config = effective_config(settings, pod.annotations)
        text = pod.annotations.get(names.PROXY_CONFIG)
        fault = annotation_fault(text) if text is not None else ""
    except ValueError as error:
        yield names.PROXY_CONFIG, str(error)
        return
    if fault:
        yield names.PROXY_CONFIG, fault
    elif "scrape-targets" in settings.differences and _takes_metrics(settings, pod, config):
        yield from prometheus.scrape_faults(pod.annotations, config["statusPort"])


def inject_pod(settings: InjectionSettings, pod: Pod, owner: Owner) -> Pod:
    """The pod with the sidecar in. `refusals` must have found nothing.

    A pod that was injected before is injected anew from what its author wrote, so injecting twice changes nothing. With
    `--compat istioctl` what another injection baked is merged with the new template, as istioctl does it.
    """
    config = effective_config(settings, pod.annotations)
    original = _before_injection(pod, config)
    whole = _with_sidecar(settings, original, owner, config)
    if settings.compat and original is not pod and whole != pod:
        whole = _with_sidecar(settings, pod, owner, config)
    return Pod(
        _in_order_of(pod.labels, whole.labels),
        _in_order_of(pod.annotations, whole.annotations),
        _in_order_of(pod.spec, whole.spec),
    )


def _with_sidecar(settings: InjectionSettings, original: Pod, owner: Owner, config: ProxyConfig) -> Pod:
    """The steps of the injector, one after the other."""
    if not settings.compat and not is_native(settings, original):
        original = overrides.classic_proxy_moved(original)
    alone = overrides.has_no_sidecar(original)
    parts = overlays(settings, chosen_templates(original), _read_by_templates(settings, original), owner, alone=alone)
    overlay = combined(parts)
    whole = overrides.native_proxy_moved(original, overlay)
    for part in parts:
        whole = _overlaid(whole, part)
    own = overrides.own_containers(original, overlay)
    whole = overrides.laid_over(whole, own, one_handler=not settings.compat)
    modes = (config["interceptionMode"], original.annotations.get(names.INTERCEPTION))
    whole = overrides.follow_user(whole, original, tproxy="TPROXY" in modes)
    whole = _with_cluster(settings, whole, original)
    whole = _with_metrics(settings, whole, config)
    whole = _with_probes(settings, whole, config)
    whole = _with_marks(settings, whole, overlay)
    return in_container_order(_without_zero_delays(whole), holds=holds_application(settings, config))


def _in_order_of(given: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with the keys that were given first, in their order: so nothing moves when it is injected again."""
    return {**{key: result[key] for key in given if key in result}, **result}


def _before_injection(pod: Pod, config: ProxyConfig) -> Pod:
    if names.STATUS not in pod.annotations:
        return pod
    from sailwright.render.injection.remove_injection import remove_injection

    return remove_injection(pod, config["statusPort"])


def _read_by_templates(settings: InjectionSettings, pod: Pod) -> Pod:
    """The pod whose fields the templates name. A baked pod that istioctl injects again is read without what was brought."""
    if names.STATUS not in pod.annotations:
        return pod
    from sailwright.render.injection.remove_injection import without_brought_containers

    return without_brought_containers(pod, settings.mesh.default_config["statusPort"])


def _overlaid(pod: Pod, overlay: Overlay) -> Pod:
    return Pod(
        {**pod.labels, **overlay.labels},
        {**pod.annotations, **overlay.annotations},
        merged(pod.spec, overlay.spec),
    )


def _with_env(pod: Pod, variables: Mapping[str, str]) -> Pod:
    """The pod with variables of the sidecar set anew, at the end of its environment."""

    def changed(container: Container) -> Container:
        kept = [entry for entry in container.get("env") or [] if entry.get("name") not in variables]
        return {**container, "env": [*kept, *({"name": name, "value": value} for name, value in variables.items())]}

    if not variables:
        return pod
    inits, containers = pod.init_containers(), pod.containers()
    sidecar = named(containers, names.PROXY) or named(inits, names.PROXY)
    if sidecar is None:
        return pod
    inits = [changed(c) if c is sidecar else c for c in inits]
    containers = [changed(c) if c is sidecar else c for c in containers]
    return pod.with_spec(containers=containers, **({"initContainers": inits} if inits else {}))


def _network(settings: InjectionSettings, pod: Pod) -> str:
    own = pod.labels.get(names.NETWORK)
    return str(settings.installation["network"]) if own is None else own


def _with_cluster(settings: InjectionSettings, pod: Pod, original: Pod) -> Pod:
    cluster = settings.defaults["clusterName"]
    given = {names.CLUSTER_ENV: cluster, names.NETWORK_ENV: _network(settings, original)}
    return _with_env(pod, {name: value for name, value in given.items() if value})


def _takes_metrics(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> bool:
    """Whether the agent comes between Prometheus and the pod, unless it does already."""
    merges = merges_metrics(settings, pod) and not prometheus.switched_off(pod.annotations)
    return merges and prometheus.spelled(pod.annotations).get("port") != str(config["statusPort"])


def _with_metrics(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> Pod:
    port = config["statusPort"]
    annotations = dict(pod.annotations)
    metadata = config.get("proxyMetadata") or {}
    if _takes_metrics(settings, pod, config):
        scrape = prometheus.application_scrape(annotations, settings.differences)
        pod = _with_env(pod, {names.PROMETHEUS_ENV: scrape} if scrape else {})
        annotations = prometheus.without_taken(annotations, settings.differences) | prometheus.ours(port)
    secure = metadata.get("ENVOY_SECURE_MERGED_METRICS_PORT", "")
    if secure not in ("", "0") and "secure-metrics-port" in settings.differences:
        annotations.setdefault(names.SECURE_PORT, secure)
    return Pod(pod.labels, annotations, pod.spec)


def _with_probes(settings: InjectionSettings, pod: Pod, config: ProxyConfig) -> Pod:
    if not rewrites_probes(settings, pod):
        return pod
    agent_port = config["statusPort"]
    status_port = _status_port(settings, pod, agent_port)
    found = probes.probers(pod, agent_port, settings.differences)
    if names.STATUS in pod.annotations:
        pod = _with_merged_probers(pod, found)
    else:
        pod = _with_env(pod, {names.PROBERS_ENV: found} if found else {})
    return probes.rewritten(pod, status_port, settings.differences)


def _with_merged_probers(pod: Pod, found: str) -> Pod:
    """The pod with its sidecar's probers completed in their place; what an earlier injection wrote there wins."""
    fields = [field for field in ("containers", "initContainers") if named(pod.spec.get(field) or [], names.PROXY)]
    sidecar = named(pod.spec[fields[0]], names.PROXY) if fields else None
    if not found or sidecar is None:
        return pod
    entries = sidecar.get("env") or []
    old = next((entry for entry in entries if entry.get("name") == names.PROBERS_ENV), None)
    if old is None:
        return _with_env(pod, {names.PROBERS_ENV: found})
    earlier = go_json.loads(old.get("value") or "")
    if not isinstance(earlier, dict):
        return pod
    whole = {**go_json.loads(found), **earlier}
    text = go_json.dumps({path: whole[path] for path in sorted(whole)})
    env = [{"name": names.PROBERS_ENV, "value": text} if entry is old else entry for entry in entries]
    changed = [{**item, "env": env} if item is sidecar else item for item in pod.spec[fields[0]]]
    return pod.with_spec(**{fields[0]: changed})


def _status_port(settings: InjectionSettings, pod: Pod, agent_port: int) -> int:
    """The port that rewritten probes ask. Istio checks the annotation with blanks around it cut, and then cannot read it."""
    text = pod.annotations.get(names.STATUS_PORT)
    if text is None:
        return agent_port
    return 0 if settings.compat and text != text.strip() else int(text)


def _with_marks(settings: InjectionSettings, pod: Pod, overlay: Overlay) -> Pod:
    """The network label, and the annotation by which the CNI plugin and the next injection know the pod."""
    network = _network(settings, pod)
    labels = {**pod.labels, names.NETWORK: network} if network else dict(pod.labels)
    brought = {
        field: [item["name"] for item in overlay.spec.get(field) or []] or None
        for field in ("initContainers", "containers", "volumes", "imagePullSecrets")
    }
    status = go_json.dumps({**brought, "revision": settings.revision or "default"})
    return Pod(labels, {**pod.annotations, names.STATUS: status}, pod.spec)


def _without_zero_delays(pod: Pod) -> Pod:
    """`initialDelaySeconds: 0`, which overrides a user's value when it is merged, says nothing afterwards."""

    changes: dict[str, list[Container]] = {}
    for field in ("initContainers", "containers"):
        containers: list[Container] = pod.spec.get(field) or []
        plain = [probes.without_zero_delay(each) if each.get("name") == names.PROXY else each for each in containers]
        if plain != containers:
            changes[field] = plain
    return pod.with_spec(**changes) if changes else pod
