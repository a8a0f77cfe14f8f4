"""Security: mTLS modes, and policies that do not do what they say."""

from sailwright.lint.rule import Rule
from sailwright_policies.mtls import (
    authorization_method_unknown,
    authorization_needs_mtls,
    authorization_principal_unknown,
    call_denied,
    destination_rule_shadows_mtls,
    mtls_disabled_for_strict,
    mtls_forced_on_disabled,
    peer_authentication_conflict,
    policy_selects_nothing,
    port_level_mtls_service_port,
    strict_without_client_mtls,
    trust_domain_unknown,
    workload_without_authorization,
)

MTLS: list[Rule] = [
    authorization_method_unknown,
    authorization_needs_mtls,
    authorization_principal_unknown,
    call_denied,
    destination_rule_shadows_mtls,
    mtls_disabled_for_strict,
    mtls_forced_on_disabled,
    peer_authentication_conflict,
    policy_selects_nothing,
    port_level_mtls_service_port,
    strict_without_client_mtls,
    trust_domain_unknown,
    workload_without_authorization,
]
