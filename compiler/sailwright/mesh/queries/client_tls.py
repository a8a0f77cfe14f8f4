"""The TLS that a caller's proxy speaks to the pods of a destination: what its DestinationRule says, else auto mTLS.

Source: Istio `pilot/pkg/networking/core/cluster_tls.go`, `pilot/pkg/networking/util` (MergeSubsetTrafficPolicy): a subset's policy
goes over the rule's, and an entry of portLevelSettings over both, with nothing inherited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.pilot.destination_rules import DestinationRule
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text

AUTO, DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL = "", "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"
HBONE = "HBONE"
"""What ztunnel speaks for its callers: mTLS to pods that take it tunnelled, else plain text; no DestinationRule changes it."""


@dataclass(frozen=True, slots=True)
class ClientTls:
    """The `tls.mode` of a caller, and the DestinationRule that sets it; AUTO and None where none does."""

    mode: str = AUTO
    rule: Manifest | None = None


def client_tls(rule: DestinationRule | None, subset: str, port: int) -> ClientTls:
    """What the DestinationRule of a caller says about TLS to a subset (empty: none) and port of its host."""
    if rule is None:
        return ClientTls()
    settings = _settings(rule.policy, port)
    definition = rule.subsets.get(subset) if subset else None
    own = mapping((definition or {}).get("trafficPolicy"))
    found = _settings(own, port) if _level(own, port) is not None or own.get("tls") else settings
    if found is None:
        return ClientTls()
    return ClientTls(text(found.get("mode")) or DISABLE, rule.manifests[0])


def _settings(policy: Mapping[str, Any] | None, port: int) -> Mapping[str, Any] | None:
    """The `tls` block of a traffic policy for a port; None where it has none."""
    level = _level(policy, port)
    block = mapping(policy).get("tls") if level is None else level.get("tls")
    return block if isinstance(block, dict) else None


def _level(policy: Mapping[str, Any] | None, port: int) -> Mapping[str, Any] | None:
    levels = (found for _, found in entries(mapping(policy).get("portLevelSettings"), ()))
    return next((found for found in levels if mapping(found.get("port")).get("number") == port), None)
