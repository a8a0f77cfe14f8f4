"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.envoy_filter import (
    envoy_filter_add,
    envoy_filter_doubtful,
    envoy_filter_refused,
    envoy_filter_relative,
    envoy_filter_relative_version,
    envoy_filter_remove,
    envoy_filter_replace,
)

ENVOY_FILTER: list[Rule] = [
    envoy_filter_relative,
    envoy_filter_relative_version,
    envoy_filter_add,
    envoy_filter_remove,
    envoy_filter_replace,
    envoy_filter_refused,
    envoy_filter_doubtful,
]
