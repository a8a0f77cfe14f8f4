"""Labels, where Istio holds them to what Kubernetes takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import label_key_fault, label_value_fault
from sailwright.validate.webhook_checks.subject import error


def label_faults(labels: Mapping[str, str], path: Path) -> Iterator[Problem]:
    for key, value in labels.items():
        for fault in (label_key_fault(key), label_value_fault(value)):
            if fault:
                yield error((*path, key), fault)
