"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.project import (
    applied_folder_large,
    cluster_id_shared,
    environment_upgrade_order,
    flux_substitution,
    istio_release_end_of_life,
    kubernetes_version_unknown,
    kubernetes_version_unsupported,
    proxy_version_skew,
)

PROJECT: list[Rule] = [
    flux_substitution,
    applied_folder_large,
    environment_upgrade_order,
    cluster_id_shared,
    istio_release_end_of_life,
    kubernetes_version_unknown,
    kubernetes_version_unsupported,
    proxy_version_skew,
]
