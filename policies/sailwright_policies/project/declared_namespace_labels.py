"""sailwright.yaml declares a namespace with two injection labels: one of them counts, and readers believe the other.

`istio-injection` goes before `istio.io/rev`, and a sidecar label before `istio.io/dataplane-mode`. During an upgrade the
new revision then does not take effect.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import PROJECT
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.objects.namespaces import DATAPLANE_LABEL, INJECTION_LABEL, REVISION_LABEL
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest

ID = "declared-namespace-labels"
SEVERITY: Severity = "warning"
ALIASES = ("IST0123",)
KIND = PROJECT

BAD = Example(
    """
apiVersion: sailwright/v1alpha1
namespaces:
  shop:
    labels:
      istio-injection: enabled
      istio.io/rev: canary  # finding
""",
    Facts(namespaces={"shop": {"istio-injection": "enabled", "istio.io/rev": "canary"}}),
)
GOOD = Example(
    """
apiVersion: sailwright/v1alpha1
namespaces:
  shop:
    labels:
      istio.io/rev: canary
""",
    Facts(namespaces={"shop": {"istio.io/rev": "canary"}}),
)


def check(project: Manifest, mesh: World) -> Iterator[Problem]:
    """Each declared namespace that is not rendered: a rendered Namespace has `namespace-injection-labels`."""
    for name, labels in mesh.facts.namespaces.items():
        found = [label for label in (INJECTION_LABEL, REVISION_LABEL, DATAPLANE_LABEL) if label in (labels or {})]
        place = mesh.declared("namespaces", name, "labels", *found[1:2])
        rendered = mesh.declared("namespaces", name, "render") is not None
        if len(found) < 2 or place is None or rendered or name == "istio-system":
            continue
        if labels.get(INJECTION_LABEL, "enabled") == "enabled":
            shown = " and ".join(f"{label}={labels[label]}" for label in found)
            yield Problem(
                project, place, f"the namespace has {shown}: only the first counts", "remove the others", key=True
            )
