"""Sidecars: the resources of the proxy, and settings of a pod that the proxy cannot live with."""

from sailwright.lint.rule import Rule
from sailwright_policies.sidecar import (
    sidecar_annotations_partial,
    sidecar_below_floor,
    sidecar_concurrency_above_cpu_limit,
    sidecar_drain_exceeds_grace,
    sidecar_host_network,
    sidecar_job_never_completes,
    sidecar_limit_below_request,
    sidecar_limits_missing,
    sidecar_log_level_unsafe,
    sidecar_port_reserved,
    sidecar_requests_missing,
    sidecar_skips_own_port,
)

SIDECAR: list[Rule] = [
    sidecar_annotations_partial,
    sidecar_below_floor,
    sidecar_concurrency_above_cpu_limit,
    sidecar_drain_exceeds_grace,
    sidecar_host_network,
    sidecar_job_never_completes,
    sidecar_limit_below_request,
    sidecar_limits_missing,
    sidecar_log_level_unsafe,
    sidecar_port_reserved,
    sidecar_requests_missing,
    sidecar_skips_own_port,
]
