"""The validating webhook of Istio: what istiod refuses or warns about, kind by kind.

Facts of Istio's pkg/config/validation, 1.29 to 1.31; the wording is ours. Every check reads the object as protobuf would
(`proto.read`) and yields one problem for each message that Istio has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sailwright.diagnostics.problem import Problem
from sailwright.validate.webhook_checks import (
    authorization_policy,
    destination_rule,
    envoy_filter,
    extensions,
    gateway,
    policies,
    request_authentication,
    service_entry,
    sidecar,
    telemetry,
    virtual_service,
    workload,
)
from sailwright.validate.webhook_checks.metadata import metadata_problem
from sailwright.validate.webhook_checks.subject import Subject

CHECKS: Mapping[str, Callable[[Subject], Iterator[Problem]]] = {
    "VirtualService": virtual_service.check,
    "DestinationRule": destination_rule.check,
    "ServiceEntry": service_entry.check,
    "Gateway": gateway.check,
    "Sidecar": sidecar.check,
    "WorkloadEntry": workload.check_entry,
    "WorkloadGroup": workload.check_group,
    "PeerAuthentication": policies.check_peer_authentication,
    "RequestAuthentication": request_authentication.check,
    "AuthorizationPolicy": authorization_policy.check,
    "Telemetry": telemetry.check,
    "ProxyConfig": policies.check_proxy_config,
    "EnvoyFilter": envoy_filter.check,
    "WasmPlugin": extensions.check_wasm_plugin,
    "TrafficExtension": extensions.check_traffic_extension,
}


def check(subject: Subject) -> Iterator[Problem]:
    """Everything the webhook says about an object; what is wrong with its metadata is said alone."""
    if refused := metadata_problem(subject):
        yield refused
        return
    yield from CHECKS[subject.kind](subject)
