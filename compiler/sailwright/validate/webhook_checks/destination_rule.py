"""DestinationRule: host, subsets and the traffic policies of both and of single ports."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import domain_fault, is_ip, port_fault, wildcard_domain_fault
from sailwright.validate.webhook_checks.connection_pool import connection_pool
from sailwright.validate.webhook_checks.destination import subset_name_fault
from sailwright.validate.webhook_checks.labels import label_faults
from sailwright.validate.webhook_checks.load_balancer import load_balancer
from sailwright.validate.webhook_checks.outlier_detection import outlier_detection
from sailwright.validate.webhook_checks.selectors import export_to, label_selector
from sailwright.validate.webhook_checks.sound_parts import checked_once
from sailwright.validate.webhook_checks.subject import Message, Subject, error, hide_warnings

_BLOCKS = ("outlierDetection", "connectionPool", "loadBalancer", "tls")
_POLICY_BLOCKS = (*_BLOCKS, "portLevelSettings", "tunnel", "proxyProtocol", "retryBudget")
_FILES = ("clientCertificate", "privateKey", "caCertificates", "caCrl")
_CONFIG_MAP = "configmap://"


def check(rule: Subject) -> Iterator[Problem]:
    spec, namespace = rule.spec, rule.namespace
    if fault := wildcard_domain_fault(spec.get("host", "")):
        yield error(("spec", "host") if "host" in spec else ("spec",), fault)
    others = {name: each for name, each in spec.items() if name != "host"}
    yield from checked_once(("DestinationRule", namespace, others), partial(_beside_host, spec, namespace))


def _beside_host(spec: Message, namespace: str) -> Iterator[Problem]:
    """What is wrong with a rule, whatever its host is."""
    yield from _traffic_policy(spec.get("trafficPolicy"), ("spec", "trafficPolicy"), namespace)
    names: set[str] = set()
    for place, subset in enumerate(spec.get("subsets", ())):
        path: Path = ("spec", "subsets", place)
        name = subset.get("name", "")
        if name in names:
            yield error((*path, "name"), f"two subsets are named '{name}'")
        names.add(name)
        if fault := subset_name_fault(name):
            yield error((*path, "name") if "name" in subset else path, fault)
        yield from label_faults(subset.get("labels", {}), (*path, "labels"))
        policy = _traffic_policy(subset.get("trafficPolicy"), (*path, "trafficPolicy"), namespace)
        yield from hide_warnings(policy)
    yield from export_to(spec, namespace, own_only="workloadSelector" in spec)
    yield from label_selector(spec.get("workloadSelector"), ("spec", "workloadSelector"), "matchLabels")


def _traffic_policy(policy: Message | None, path: Path, namespace: str) -> Iterator[Problem]:
    if policy is None:
        return
    if not any(block in policy for block in _POLICY_BLOCKS):
        yield error(path, "the traffic policy is empty: remove it or give it a setting")
        return
    if "tunnel" in policy and "proxyProtocol" in policy:
        yield error(path, "tunnel and proxyProtocol exclude each other")
        return
    yield from _blocks(policy, path, namespace)
    for place, settings in enumerate(policy.get("portLevelSettings", ())):
        where = (*path, "portLevelSettings", place)
        if "port" not in settings:
            yield error(where, "a port's settings need the port")
        if any(block in settings for block in _BLOCKS):
            yield from hide_warnings(_blocks(settings, where, namespace))
        else:
            yield error(where, f"a port's settings need one of {', '.join(_BLOCKS)}")
    yield from _tunnel(policy.get("tunnel"), (*path, "tunnel"))
    if policy.get("proxyProtocol", {}).get("version", "V1") not in ("V1", "V2", 0, 1):
        yield error((*path, "proxyProtocol", "version"), "the proxy protocol has versions V1 and V2")


def _blocks(policy: Message, path: Path, namespace: str) -> Iterator[Problem]:
    outlier = policy.get("outlierDetection")
    yield from outlier_detection(outlier, (*path, "outlierDetection"))
    yield from connection_pool(policy.get("connectionPool"), (*path, "connectionPool"))
    yield from load_balancer(policy.get("loadBalancer"), outlier is not None, (*path, "loadBalancer"))
    yield from _client_tls(policy.get("tls"), (*path, "tls"), namespace)


def _tunnel(tunnel: Message | None, path: Path) -> Iterator[Problem]:
    if tunnel is None:
        return
    if tunnel.get("protocol", "") not in ("", "CONNECT", "POST"):
        yield error((*path, "protocol"), "a tunnel's protocol is CONNECT or POST")
    host = tunnel.get("targetHost", "")
    if (fault := domain_fault(host)) and not is_ip(host):
        yield error((*path, "targetHost") if "targetHost" in tunnel else path, fault)
    if fault := port_fault(tunnel.get("targetPort", 0)):
        yield error((*path, "targetPort") if "targetPort" in tunnel else path, fault)


def _client_tls(tls: Message | None, path: Path, namespace: str) -> Iterator[Problem]:
    if tls is None:
        return
    mode, credential = tls.get("mode", "DISABLE"), tls.get("credentialName", "")
    if tls.get("insecureSkipVerify") and mode in ("SIMPLE", "MUTUAL"):
        checked = ("caCertificates", "subjectAltNames", *(("credentialName",) if mode == "SIMPLE" else ()))
        if any(tls.get(name) for name in checked):
            yield error((*path, "insecureSkipVerify"), f"insecureSkipVerify contradicts {', '.join(checked)}")
    if credential and mode in ("SIMPLE", "MUTUAL"):
        if any(tls.get(name) for name in _FILES):
            yield error((*path, "credentialName"), f"credentialName takes the place of {', '.join(_FILES)}")
        yield from _credential_namespace(credential, (*path, "credentialName"), namespace)
        return
    if mode == "MUTUAL":
        for name in ("clientCertificate", "privateKey"):
            if not tls.get(name):
                yield error(path, f"MUTUAL needs {name}, or a credentialName")


def _credential_namespace(credential: str, path: Path, namespace: str) -> Iterator[Problem]:
    owner, slash, _ = credential.removeprefix(_CONFIG_MAP).partition("/")
    if credential.startswith(_CONFIG_MAP) and slash and owner != namespace:
        yield error(path, f"the ConfigMap must be in the object's own namespace, not in '{owner}'")
