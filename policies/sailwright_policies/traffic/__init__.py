"""Traffic: DestinationRules, ServiceEntries, Sidecars and the ports of Services."""

from sailwright.lint.rule import Rule
from sailwright_policies.traffic import (
    app_protocol_unknown,
    destination_rules_overlap,
    export_to_unknown_namespace,
    locality_without_outlier_detection,
    service_entry_host_shared,
    service_never_called,
    service_target_port_unknown,
    sidecar_egress_host_unknown,
    sidecar_outbound_mode_missing,
    sidecar_selector_in_root_namespace,
    subset_without_labels,
)

TRAFFIC: list[Rule] = [
    app_protocol_unknown,
    destination_rules_overlap,
    export_to_unknown_namespace,
    locality_without_outlier_detection,
    service_entry_host_shared,
    service_never_called,
    service_target_port_unknown,
    sidecar_egress_host_unknown,
    sidecar_outbound_mode_missing,
    sidecar_selector_in_root_namespace,
    subset_without_labels,
]
