"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.gateway import (
    gateway_certificate_duplicate,
    gateway_conflict,
    gateway_credential_invalid,
    gateway_credential_missing,
    gateway_port_unserved,
    gateway_selects_nothing,
    webhook,
)

GATEWAY: list[Rule] = [
    gateway_selects_nothing,
    gateway_port_unserved,
    gateway_conflict,
    gateway_certificate_duplicate,
    gateway_credential_missing,
    gateway_credential_invalid,
    webhook.GATEWAY_REFUSED,
    webhook.GATEWAY_DOUBTFUL,
]
