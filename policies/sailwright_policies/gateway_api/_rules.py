"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.gateway_api import (
    gateway_address_shared,
    gateway_api_beta_unserved,
    gateway_api_crd_too_old,
    gateway_api_stable_unserved,
    listener_not_unique,
    reference_grant_namespace_unknown,
    route_backend_unknown,
    route_backend_weight,
    route_backends_overlap,
    route_beside_virtual_service,
    route_parent_unfit,
    route_parent_unknown,
    route_without_parent,
    routes_overlap,
    selector_on_kubernetes_gateway,
)

GATEWAY_API: list[Rule] = [
    selector_on_kubernetes_gateway,
    gateway_api_crd_too_old,
    gateway_api_beta_unserved,
    gateway_api_stable_unserved,
    gateway_address_shared,
    listener_not_unique,
    reference_grant_namespace_unknown,
    route_backend_unknown,
    route_backend_weight,
    route_backends_overlap,
    route_parent_unknown,
    route_parent_unfit,
    route_without_parent,
    routes_overlap,
    route_beside_virtual_service,
]
