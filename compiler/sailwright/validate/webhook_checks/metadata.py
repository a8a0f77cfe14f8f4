"""Annotations that the webhook refuses, whatever the spec says."""

from __future__ import annotations

from sailwright.diagnostics.problem import Problem
from sailwright.validate.webhook_checks.subject import Subject, error

_DRY_RUN = "istio.io/dry-run"
_RESERVED = (
    "internal.istio.io/webhook-always-reject",
    "internal.istio.io/parents",
    "internal.istio.io/parent-namespace",
)
#: What Go's strconv.ParseBool reads.
_BOOLEANS = frozenset(("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"))


def metadata_problem(subject: Subject) -> Problem | None:
    """The first of Istio's objections to the annotations; it reports no other."""
    annotations = subject.annotations
    if _DRY_RUN in annotations and (fault := _dry_run_fault(subject)):
        return error(("metadata", "annotations", _DRY_RUN), fault)
    for name in _RESERVED:
        if name in annotations:
            return error(("metadata", "annotations", name), f"{name} is reserved for Istio: remove it")
    return None


def _dry_run_fault(subject: Subject) -> str | None:
    if subject.kind != "AuthorizationPolicy":
        return f"{_DRY_RUN} works on an AuthorizationPolicy only: remove it"
    action = subject.spec.get("action", "ALLOW")
    if action not in ("ALLOW", "DENY"):
        return f"{_DRY_RUN} works with ALLOW and DENY, not with {action}"
    value = subject.annotations[_DRY_RUN]
    return None if value in _BOOLEANS else f"{_DRY_RUN} is 'true' or 'false', not '{value}'"
