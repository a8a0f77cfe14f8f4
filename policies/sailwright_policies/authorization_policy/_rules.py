"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.authorization_policy import (
    authorization_http_attribute,
    authorization_matches_nothing,
    authorization_method_unknown,
    authorization_mixed_protocols,
    authorization_namespace_unknown,
    authorization_needs_mtls,
    authorization_path_query,
    authorization_principal_scheme,
    authorization_principal_unknown,
    authorization_service_port,
    authorization_star_inside,
    call_denied,
    condition_negative,
    trust_domain_unknown,
    webhook,
    workload_without_authorization,
)

AUTHORIZATION_POLICY: list[Rule] = [
    authorization_matches_nothing,
    authorization_namespace_unknown,
    condition_negative,
    webhook.AUTHORIZATION_POLICY_REFUSED,
    webhook.AUTHORIZATION_POLICY_DOUBTFUL,
    authorization_http_attribute,
    authorization_mixed_protocols,
    authorization_method_unknown,
    authorization_needs_mtls,
    authorization_principal_scheme,
    authorization_principal_unknown,
    authorization_service_port,
    authorization_star_inside,
    call_denied,
    trust_domain_unknown,
    workload_without_authorization,
    authorization_path_query,
]
