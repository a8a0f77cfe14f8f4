"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.service_entry import (
    remote_endpoint_without_mtls,
    service_entry_address_shared,
    service_entry_addresses,
    service_entry_host_shared,
    service_entry_over_service,
    service_entry_protocol_conflict,
    webhook,
)

SERVICE_ENTRY: list[Rule] = [
    service_entry_addresses,
    service_entry_protocol_conflict,
    webhook.SERVICE_ENTRY_REFUSED,
    webhook.SERVICE_ENTRY_DOUBTFUL,
    service_entry_host_shared,
    service_entry_over_service,
    service_entry_address_shared,
    remote_endpoint_without_mtls,
]
