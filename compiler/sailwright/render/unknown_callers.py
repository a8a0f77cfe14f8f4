"""Callers and callees that an access policy names, and that the project does not have."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.project.service.model import Service
from sailwright.project.service.parts import Callee, Caller
from sailwright.render.render_context import RenderContext


def unknown_callers(service: Service, context: RenderContext) -> Iterator[Problem]:
    """Services that no file of the project describes. Those that only another environment has are let pass."""
    policy = service.access_policy
    named: list[Caller | Callee] = [*(policy.inbound or ()), *(policy.outbound or ())]
    for party in named:
        if party.kind == "service" and party.value not in context.everywhere:
            message = f"the project has no service {party.value}"
            remedy = did_you_mean(party.value, context.everywhere) or _OTHERS
            yield Problem((*party.path, "service"), message, remedy, rule="unknown-service")


_OTHERS = "correct the name; what others run is named by `serviceAccount`, `principal`, `host` or `namespace`"
