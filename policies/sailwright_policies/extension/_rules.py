"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.extension import (
    proxy_config_doubtful,
    proxy_config_refused,
    traffic_extension_doubtful,
    traffic_extension_refused,
    wasm_plugin_doubtful,
    wasm_plugin_refused,
)

EXTENSION: list[Rule] = [
    proxy_config_refused,
    proxy_config_doubtful,
    wasm_plugin_refused,
    wasm_plugin_doubtful,
    traffic_extension_refused,
    traffic_extension_doubtful,
]
