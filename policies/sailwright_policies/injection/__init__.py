"""Injection: whether a pod gets one sidecar, the one that was meant."""

from sailwright.lint.rule import Rule
from sailwright_policies.injection import (
    double_injection,
    flux_substitution,
    injection_forbidden_by_namespace,
    injection_label_invalid,
    injection_label_misplaced,
    sidecar_and_ambient,
)

INJECTION: list[Rule] = [
    double_injection,
    flux_substitution,
    injection_forbidden_by_namespace,
    injection_label_invalid,
    injection_label_misplaced,
    sidecar_and_ambient,
]
