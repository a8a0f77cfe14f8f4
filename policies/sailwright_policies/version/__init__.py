"""Releases: proxies, control planes, Kubernetes and workload versions that do not go together."""

from sailwright.lint.rule import Rule
from sailwright_policies.version import (
    environment_upgrade_order,
    feature_not_in_release,
    image_version_mismatch,
    istio_release_end_of_life,
    kubernetes_version_unsupported,
    native_sidecar_unsupported,
    proxy_revision_disagrees,
    proxy_version_skew,
    proxy_versions_mixed,
    revision_unknown,
    version_without_subset,
)

VERSION: list[Rule] = [
    environment_upgrade_order,
    feature_not_in_release,
    image_version_mismatch,
    istio_release_end_of_life,
    kubernetes_version_unsupported,
    native_sidecar_unsupported,
    proxy_revision_disagrees,
    proxy_version_skew,
    proxy_versions_mixed,
    revision_unknown,
    version_without_subset,
]
