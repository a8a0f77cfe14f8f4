"""Istio's networking and security APIs are `v1` since 1.22: the older versions say the same and will go some day.

All versions have one schema, so nothing else changes.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Fix, Preset, Problem
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.edit import Set
from sailwright.source.manifest import Manifest

ID = "api-version-old"
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()
PRESET: Preset = "strict"

BAD = """
apiVersion: networking.istio.io/v1beta1  # finding
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews}
"""

GOOD = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec: {host: reviews}
"""


STABLE = (
    kinds.VIRTUAL_SERVICE,
    kinds.DESTINATION_RULE,
    kinds.SERVICE_ENTRY,
    kinds.GATEWAY,
    kinds.SIDECAR,
    kinds.WORKLOAD_ENTRY,
    kinds.WORKLOAD_GROUP,
    kinds.AUTHORIZATION_POLICY,
    kinds.PEER_AUTHENTICATION,
    kinds.REQUEST_AUTHENTICATION,
    kinds.TELEMETRY,
)
"""The kinds that v1 serves."""

KIND = objects(*STABLE)


def check(manifest: Manifest, _: World) -> Iterator[Problem]:
    """v1alpha3 and v1beta1 of the kinds that v1 serves."""
    group, _slash, version = manifest.api_version.rpartition("/")
    if version in ("v1alpha1", "v1alpha3", "v1beta1"):
        current = f"{group}/v1"
        yield Problem(
            manifest,
            ("apiVersion",),
            f"{manifest.api_version} is an old version of {current}",
            f"write {current}",
            fix=Fix(f"write {current}", (Set(("apiVersion",), current),)),
        )
