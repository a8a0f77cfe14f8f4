"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.service import (
    app_protocol_unknown,
    call_budget_exceeded,
    external_name_port,
    persistent_session_on_tcp,
    port_name_misleads,
    port_protocol_undeclared,
    server_first_as_http,
    server_first_auto_detected,
    server_first_permissive,
    service_differs_between_clusters,
    service_exposed,
    service_never_called,
    service_port_conflict,
    service_selects_nothing,
    service_target_port_unknown,
    target_port_guessed,
    tcp_port_named_udp,
    versions_without_weights,
)

SERVICE: list[Rule] = [
    port_protocol_undeclared,
    external_name_port,
    service_port_conflict,
    service_differs_between_clusters,
    app_protocol_unknown,
    service_never_called,
    service_target_port_unknown,
    target_port_guessed,
    versions_without_weights,
    persistent_session_on_tcp,
    port_name_misleads,
    server_first_auto_detected,
    server_first_permissive,
    tcp_port_named_udp,
    service_exposed,
    service_selects_nothing,
    server_first_as_http,
    call_budget_exceeded,
]
