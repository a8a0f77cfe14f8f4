"""The calling workload as the command line and the tests of service files name it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from sailwright.mesh.index import Index
from sailwright.mesh.pilot.gateway_workloads import gateway_workload
from sailwright.mesh.pilot.push_context import PushContext
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.queries.data_plane import why_ambient
from sailwright.mesh.queries.pod_proxies import why_plain
from sailwright.project.service.model import Service
from sailwright.runtime.errors import Failure


def caller_of(
    push_context: PushContext,
    namespace: str | None,
    labels: Iterable[str],
    gateway: str | None,
    index: Index | None = None,
) -> Caller:
    """The caller of `--from`, `--label` and `--gateway`. Raises Failure (status 2) where the input knows none such.

    With an `index` it is one in ambient mode where ztunnel takes the calls of some of the workloads that it may be, and none has a
    sidecar; a plain caller where all are known to have no proxy.
    """
    if gateway is not None:
        return gateway_caller(push_context, gateway)
    if namespace is None:
        raise Failure("name who calls: --from NAMESPACE, or --gateway NAMESPACE/NAME")
    if namespace not in push_context.namespaces:
        hint = _near(namespace, push_context.namespaces) or "name one of the input's, or add a Namespace object"
        raise Failure(f"--from {namespace}: no object of the input lies in that namespace: {hint}")
    return workload_caller(index, namespace, dict(_label(text) for text in labels))


def gateway_caller(push_context: PushContext, name: str) -> Caller:
    """The proxy that serves a Gateway. Raises Failure (status 2) where the input has no such Gateway."""
    if not push_context.has_gateway(name):
        hint = _unserved(push_context, name) or "it is written NAMESPACE/NAME, and its Gateway must be in the input"
        raise Failure(f"--gateway {name}: there is no such Gateway: {hint}")
    return gateway_workload(push_context, name)


def _unserved(push_context: PushContext, name: str) -> str:
    """What to do about a Gateway of which nothing says what it serves; empty where nothing of the input is like it."""
    if name in push_context.known_gateways:
        return f"`known.gateways` says only its name: write {{name: {name}, hosts: [...], port: 443, protocol: HTTPS}}"
    return _near(name, (*push_context.gateways, *push_context.kubernetes_gateways))


def service_caller(
    push_context: PushContext,
    asks: Mapping[str, Any],
    namespace: str,
    services: Mapping[str, Service],
    index: Index | None = None,
) -> Caller | str:
    """The caller that `from` of a test names; text where there is none such. Nothing named is a pod of `namespace`."""
    if asks.get("gateway"):
        if not push_context.has_gateway(asks["gateway"]):
            hint = _unserved(push_context, asks["gateway"])
            remedy = hint or "add its manifest to `manifests` of sailwright.yaml"
            return f"cannot decide: Gateway {asks['gateway']} is not in the repository: {remedy}"
        return gateway_caller(push_context, asks["gateway"])
    if asks.get("service"):
        service = services.get(asks["service"])
        if service is None:
            return f"there is no service {asks['service']} here: {_near(asks['service'], services) or 'it is written NAMESPACE/NAME'}"
        return workload_caller(index, service.namespace, _pod_labels(service))
    labels = {key: value or "" for key, value in (asks.get("labels") or {}).items()}
    return workload_caller(index, asks.get("namespace") or namespace, labels)


def workload_caller(index: Index | None, namespace: str, labels: Mapping[str, str]) -> Caller:
    """A workload as a caller: by its sidecar, through ztunnel, or without either where the pods are known to have none."""
    carried = tuple(sorted(labels.items()))
    if index is None:
        return Caller(namespace, carried)
    ambient = why_ambient(index, namespace, carried)
    plain = "" if ambient else why_plain(index, namespace, carried)
    return Caller(namespace, carried, plain=plain, ambient=ambient)


def _pod_labels(service: Service) -> dict[str, str]:
    """The labels that all pods of a service have in common."""
    common = {} if service.versions else {"app": service.name}
    versions = [service.pod_labels(version) for version in service.versions]
    if versions:
        first, *others = versions
        common |= {key: value for key, value in first.items() if all(found.get(key) == value for found in others)}
    return common


def _label(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise Failure(f"--label {text}: write it as KEY=VALUE")
    return key, value


def _near(wanted: str, known: Iterable[str]) -> str:
    near = get_close_matches(wanted, list(known), 1)
    return f"did you mean `{near[0]}`?" if near else ""
