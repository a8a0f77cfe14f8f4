"""Routes: VirtualServices, their matches, weights and destinations."""

from sailwright.lint.rule import Rule
from sailwright_policies.routes import (
    fault_in_production,
    fault_percentage_missing,
    gateway_reference_legacy,
    mirror_to_itself,
    retries_exceed_timeout,
    route_catch_all_not_last,
    route_destination_twice,
    route_match_port_unknown,
    route_single_weight,
    route_weight_missing,
    route_weight_sum,
    route_weight_zero,
    routed_version_scaled_to_zero,
    sticky_session_with_weights,
    timeout_outlasts_caller,
)

ROUTES: list[Rule] = [
    fault_in_production,
    fault_percentage_missing,
    gateway_reference_legacy,
    mirror_to_itself,
    retries_exceed_timeout,
    route_catch_all_not_last,
    route_destination_twice,
    route_match_port_unknown,
    route_single_weight,
    route_weight_missing,
    route_weight_sum,
    route_weight_zero,
    routed_version_scaled_to_zero,
    sticky_session_with_weights,
    timeout_outlasts_caller,
]
