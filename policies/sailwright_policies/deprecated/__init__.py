"""Deprecated and removed: what to write instead."""

from sailwright.lint.rule import Rule
from sailwright_policies.deprecated import (
    api_version_old,
    deprecated_field,
    dns_auto_allocate,
    load_balancer_least_conn,
    outlier_consecutive_errors,
    removed_field,
    removed_istiod_flag,
    removed_kind,
    unsupported_field,
)

DEPRECATED: list[Rule] = [
    api_version_old,
    deprecated_field,
    dns_auto_allocate,
    load_balancer_least_conn,
    outlier_consecutive_errors,
    removed_field,
    removed_istiod_flag,
    removed_kind,
    unsupported_field,
]
