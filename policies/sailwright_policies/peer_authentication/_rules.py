"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.peer_authentication import (
    peer_authentication_conflict,
    policy_selects_nothing,
    port_level_mtls_service_port,
    strict_without_client_mtls,
    webhook,
)

PEER_AUTHENTICATION: list[Rule] = [
    webhook.PEER_AUTHENTICATION_REFUSED,
    webhook.PEER_AUTHENTICATION_DOUBTFUL,
    peer_authentication_conflict,
    policy_selects_nothing,
    port_level_mtls_service_port,
    strict_without_client_mtls,
]
