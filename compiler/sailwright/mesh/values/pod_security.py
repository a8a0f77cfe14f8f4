"""Kubernetes' Pod Security Standards: which level a namespace enforces, and what the level refuses in a pod.

Source: k8s.io/pod-security-admission. What a level refuses depends on its version, which a namespace pins by `enforce-version`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from sailwright.mesh.values.pod_security_baseline import Version, Violation, baseline, parse_version

Level = Literal["privileged", "baseline", "restricted"]

ENFORCE: Final = "pod-security.kubernetes.io/enforce"
"""The label by which a namespace names the level that its pods must keep to."""
ENFORCE_VERSION: Final = "pod-security.kubernetes.io/enforce-version"
"""The label that pins the version of the level: `v1.31`, or `latest` for that of the API server."""


def violations(pod: Mapping[str, Any], level: Level, version: Version | None = None) -> Iterator[Violation]:
    """What a level refuses in a pod or pod template: a map with `metadata` and `spec`. Without a version it is unknown."""
    if level != "privileged":
        yield from baseline(pod, version)
    if level == "restricted":
        from sailwright.mesh.values.pod_security_restricted import restricted

        yield from restricted(pod, version)


def pinned(labels: Mapping[str, str], cluster: Version | None) -> Version | None:
    """The version of the level that a namespace enforces: the one it pins, else that of the cluster (None: unknown)."""
    return parse_version(labels.get(ENFORCE_VERSION, "").removeprefix("v")) or cluster


def newest(versions: tuple[str, ...]) -> Version | None:
    """The newest of some Kubernetes versions; None where none is named."""
    return max(filter(None, map(parse_version, versions)), default=None)
