"""The lint rules, in reading order: the order of `sailwright rules` and of docs/rules.

A list, not a folder scan, so that mypy holds every module to the protocol; a test holds it equal to the folders.
"""

from sailwright.rule import Rule
from sailwright_policies.change import selector_changed, subset_removed_while_routed, version_born_with_weight
from sailwright_policies.routes import (
    route_destination_twice,
)
from sailwright_policies.sidecar import (
    sidecar_annotations_partial,
    sidecar_below_floor,
    sidecar_concurrency_above_cpu_limit,
    sidecar_drain_exceeds_grace,
    sidecar_host_network,
    sidecar_job_never_completes,
    sidecar_limit_below_request,
    sidecar_limits_missing,
    sidecar_port_reserved,
    sidecar_requests_missing,
    sidecar_skips_own_port,
)
from sailwright_policies.version import (
    environment_upgrade_order,
    feature_not_in_release,
    image_version_mismatch,
    native_sidecar_unsupported,
    proxy_revision_disagrees,
    proxy_version_skew,
    proxy_versions_mixed,
    revision_unknown,
    version_without_subset,
)

RULES: list[Rule] = [
    route_destination_twice,
    sidecar_annotations_partial,
    sidecar_below_floor,
    sidecar_concurrency_above_cpu_limit,
    sidecar_drain_exceeds_grace,
    sidecar_host_network,
    sidecar_job_never_completes,
    sidecar_limit_below_request,
    sidecar_limits_missing,
    sidecar_port_reserved,
    sidecar_requests_missing,
    sidecar_skips_own_port,
    environment_upgrade_order,
    feature_not_in_release,
    image_version_mismatch,
    native_sidecar_unsupported,
    proxy_revision_disagrees,
    proxy_version_skew,
    proxy_versions_mixed,
    revision_unknown,
    version_without_subset,
    selector_changed,
    subset_removed_while_routed,
    version_born_with_weight,
]
