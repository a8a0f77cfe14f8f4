"""`outlierDetection` of a traffic policy."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.validate.webhook_checks.connection_pool import durations
from sailwright.validate.webhook_checks.subject import Message, error, warning


def outlier_detection(outlier: Message | None, path: Path) -> Iterator[Problem]:
    if outlier is None:
        return
    if outlier.get("consecutiveErrors"):
        yield warning(
            (*path, "consecutiveErrors"),
            "consecutiveErrors is no longer read: use consecutive5xxErrors or consecutiveGatewayErrors",
        )
    if outlier.get("consecutiveLocalOriginFailures", 0) > 0 and not outlier.get("splitExternalLocalOriginErrors"):
        yield error(
            (*path, "consecutiveLocalOriginFailures"),
            "consecutiveLocalOriginFailures needs splitExternalLocalOriginErrors: true",
        )
    yield from durations(outlier, ("baseEjectionTime", "interval"), path)
    for name in ("maxEjectionPercent", "minHealthPercent"):
        if not 0 <= outlier.get(name, 0) <= 100:
            yield error((*path, name), f"percentage {outlier[name]} is outside 0..100")
