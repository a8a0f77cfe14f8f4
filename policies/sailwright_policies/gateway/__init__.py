"""Gateways: what lets traffic in, Istio's and Kubernetes' own."""

from sailwright.lint.rule import Rule
from sailwright_policies.gateway import (
    gateway_address_shared,
    gateway_host_shared,
    listener_not_unique,
    reference_grant_namespace_unknown,
    route_backend_unknown,
    route_parent_unknown,
)

GATEWAY: list[Rule] = [
    gateway_address_shared,
    gateway_host_shared,
    listener_not_unique,
    reference_grant_namespace_unknown,
    route_backend_unknown,
    route_parent_unknown,
]
