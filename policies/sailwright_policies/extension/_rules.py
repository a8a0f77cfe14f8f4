"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.extension import (
    webhook,
)

EXTENSION: list[Rule] = [
    webhook.PROXY_CONFIG_REFUSED,
    webhook.PROXY_CONFIG_DOUBTFUL,
    webhook.WASM_PLUGIN_REFUSED,
    webhook.WASM_PLUGIN_DOUBTFUL,
    webhook.TRAFFIC_EXTENSION_REFUSED,
    webhook.TRAFFIC_EXTENSION_DOUBTFUL,
]
