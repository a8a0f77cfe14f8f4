"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.sidecar import (
    sidecar_conflict,
    sidecar_default_conflict,
    sidecar_egress_host_unknown,
    sidecar_egress_proxy,
    sidecar_in_ambient,
    sidecar_ingress_http_pool,
    sidecar_outbound_mode_missing,
    sidecar_selector_in_root_namespace,
    sidecar_selects_nothing,
    webhook,
)

SIDECAR: list[Rule] = [
    sidecar_selects_nothing,
    sidecar_conflict,
    sidecar_default_conflict,
    sidecar_in_ambient,
    sidecar_egress_proxy,
    webhook.SIDECAR_REFUSED,
    webhook.SIDECAR_DOUBTFUL,
    sidecar_egress_host_unknown,
    sidecar_outbound_mode_missing,
    sidecar_selector_in_root_namespace,
    sidecar_ingress_http_pool,
]
