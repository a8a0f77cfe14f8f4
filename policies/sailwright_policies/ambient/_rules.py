"""The rules of this folder, in reading order: what ztunnel does not do, and which waypoint does it."""

from sailwright.lint.rule import Rule
from sailwright_policies.ambient import (
    destination_rule_without_waypoint,
    extension_at_ztunnel,
    policy_at_ztunnel,
    request_authentication_at_ztunnel,
    route_without_waypoint,
    target_reference_unknown,
    virtual_service_without_waypoint,
    waypoint_bypassed,
    waypoint_listener,
    waypoint_unknown,
    waypoint_unused,
    waypoint_without_ambient,
)

AMBIENT: list[Rule] = [
    policy_at_ztunnel,
    request_authentication_at_ztunnel,
    extension_at_ztunnel,
    virtual_service_without_waypoint,
    destination_rule_without_waypoint,
    route_without_waypoint,
    waypoint_bypassed,
    waypoint_unknown,
    waypoint_unused,
    waypoint_without_ambient,
    waypoint_listener,
    target_reference_unknown,
]
