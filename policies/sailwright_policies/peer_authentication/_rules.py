"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.peer_authentication import (
    peer_authentication_conflict,
    peer_authentication_doubtful,
    peer_authentication_refused,
    policy_selects_nothing,
    port_level_mtls_service_port,
    strict_without_client_mtls,
)

PEER_AUTHENTICATION: list[Rule] = [
    peer_authentication_refused,
    peer_authentication_doubtful,
    peer_authentication_conflict,
    policy_selects_nothing,
    port_level_mtls_service_port,
    strict_without_client_mtls,
]
