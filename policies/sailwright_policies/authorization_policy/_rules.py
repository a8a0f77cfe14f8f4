"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.authorization_policy import (
    authorization_http_attribute,
    authorization_matches_nothing,
    authorization_method_unknown,
    authorization_namespace_unknown,
    authorization_needs_mtls,
    authorization_policy_doubtful,
    authorization_policy_refused,
    authorization_principal_unknown,
    call_denied,
    condition_negative,
    trust_domain_unknown,
    workload_without_authorization,
)

AUTHORIZATION_POLICY: list[Rule] = [
    authorization_matches_nothing,
    authorization_namespace_unknown,
    condition_negative,
    authorization_policy_refused,
    authorization_policy_doubtful,
    authorization_http_attribute,
    authorization_method_unknown,
    authorization_needs_mtls,
    authorization_principal_unknown,
    call_denied,
    trust_domain_unknown,
    workload_without_authorization,
]
