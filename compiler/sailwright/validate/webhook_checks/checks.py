"""The validating webhook of Istio: what istiod refuses or warns about, kind by kind.

Facts of Istio's pkg/config/validation, 1.29 to 1.31; the wording is ours. Every check reads the object as protobuf would
(`proto.read`) and yields one problem for each message that Istio has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from sailwright.diagnostics.problem import Problem
from sailwright.validate.webhook_checks.metadata import metadata_problem
from sailwright.validate.webhook_checks.subject import Subject

CHECKS: Mapping[str, tuple[str, str]] = {
    "VirtualService": ("virtual_service", "check"),
    "DestinationRule": ("destination_rule", "check"),
    "ServiceEntry": ("service_entry", "check"),
    "Gateway": ("gateway", "check"),
    "Sidecar": ("sidecar", "check"),
    "WorkloadEntry": ("workload", "check_entry"),
    "WorkloadGroup": ("workload", "check_group"),
    "PeerAuthentication": ("policies", "check_peer_authentication"),
    "RequestAuthentication": ("request_authentication", "check"),
    "AuthorizationPolicy": ("authorization_policy", "check"),
    "Telemetry": ("telemetry", "check"),
    "ProxyConfig": ("policies", "check_proxy_config"),
    "EnvoyFilter": ("envoy_filter", "check"),
    "WasmPlugin": ("extensions", "check_wasm_plugin"),
    "TrafficExtension": ("extensions", "check_traffic_extension"),
}
"""The check of each kind: its module, imported when the first object of the kind is checked, and its function."""


def check(subject: Subject) -> Iterator[Problem]:
    """Everything the webhook says about an object; what is wrong with its metadata is said alone."""
    if refused := metadata_problem(subject):
        yield refused
        return
    module, function = CHECKS[subject.kind]
    checked: Callable[[Subject], Iterator[Problem]] = getattr(import_module(f"{__package__}.{module}"), function)
    yield from checked(subject)
