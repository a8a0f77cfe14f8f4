"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.gateway_api import (
    gateway_address_shared,
    gateway_api_beta_unserved,
    gateway_api_crd_too_old,
    gateway_api_stable_unserved,
    listener_certificate_missing,
    listener_not_unique,
    listener_protocol_conflict,
    reference_grant_namespace_unknown,
    route_backend_unknown,
    route_hostname_unmatched,
    route_kind_not_allowed,
    route_listener_unknown,
    route_parent_unknown,
    selector_on_kubernetes_gateway,
)

GATEWAY_API: list[Rule] = [
    selector_on_kubernetes_gateway,
    gateway_api_crd_too_old,
    gateway_api_beta_unserved,
    gateway_api_stable_unserved,
    gateway_address_shared,
    listener_certificate_missing,
    listener_not_unique,
    listener_protocol_conflict,
    reference_grant_namespace_unknown,
    route_backend_unknown,
    route_hostname_unmatched,
    route_listener_unknown,
    route_parent_unknown,
    route_kind_not_allowed,
]
