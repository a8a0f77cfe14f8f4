"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.envoy_filter import (
    envoy_filter_add,
    envoy_filter_relative,
    envoy_filter_relative_version,
    envoy_filter_remove,
    envoy_filter_replace,
    webhook,
)

ENVOY_FILTER: list[Rule] = [
    envoy_filter_relative,
    envoy_filter_relative_version,
    envoy_filter_add,
    envoy_filter_remove,
    envoy_filter_replace,
    webhook.ENVOY_FILTER_REFUSED,
    webhook.ENVOY_FILTER_DOUBTFUL,
]
