"""A namespace with two injection labels gets what one of them says, and readers believe the other.

`istio-injection` goes before `istio.io/rev`, and a sidecar label before `istio.io/dataplane-mode`. During an upgrade the
new revision then does not take effect.
"""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.objects.namespaces import DATAPLANE_LABEL, INJECTION_LABEL, REVISION_LABEL
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import labels

ID = "namespace-injection-labels"
KIND = objects(kinds.NAMESPACE)
SEVERITY: Severity = "warning"
ALIASES = ("IST0123", "KIA1311")
BAD = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
    istio.io/rev: canary  # finding
"""
GOOD = BAD.replace("    istio-injection: enabled\n", "").replace("  # finding", "")


def check(namespace: Manifest, _: World) -> Iterator[Problem]:
    """Count the labels. `istio-injection: disabled` beside the others is no conflict: it is meant to be off."""
    own = labels(namespace.labels)
    found = [label for label in (INJECTION_LABEL, REVISION_LABEL, DATAPLANE_LABEL) if label in own]
    if namespace.name == "istio-system" or own.get(INJECTION_LABEL, "enabled") != "enabled" or len(found) < 2:
        return
    told = " and ".join(f"{label}={own[label]}" for label in found)
    place = ("metadata", "labels", found[1])
    yield Problem(namespace, place, f"the namespace has {told}: only the first counts", "remove the others", key=True)
