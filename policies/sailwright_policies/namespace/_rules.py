"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.namespace import (
    injection_label_invalid,
    namespace_injected_by_default,
    namespace_injection_labels,
    namespace_not_injected,
    revision_unknown,
)

NAMESPACE: list[Rule] = [
    namespace_not_injected,
    namespace_injected_by_default,
    namespace_injection_labels,
    injection_label_invalid,
    revision_unknown,
]
