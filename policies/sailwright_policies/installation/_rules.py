"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.installation import (
    mesh_network_registry_unknown,
    rbac_crd_removed,
    webhook_overlap,
    webhook_service_missing,
    webhook_url_address,
    webhook_url_invalid,
)

INSTALLATION: list[Rule] = [
    webhook_overlap,
    webhook_service_missing,
    webhook_url_invalid,
    webhook_url_address,
    rbac_crd_removed,
    mesh_network_registry_unknown,
]
