"""Hooks and probes with two handlers, which the API server refuses (validateHandler of pkg/apis/core/validation)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.kinds import template_of_kind
from sailwright.source.untyped import entries, get, mapping
from sailwright.validate.findings import SCHEMA_RULE

_HANDLERS: Final = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
_PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS: Final = ("postStart", "preStop")
_LISTS: Final = ("initContainers", "containers", "ephemeralContainers")


def handler_problems(value: Mapping[str, Any]) -> Iterator[Problem]:
    """Each hook and probe of the containers of an object that makes pods which has more than one handler."""
    template = template_of_kind(str(value.get("apiVersion")), str(value.get("kind")))
    if template is None:
        return
    pod = mapping(get(value, *template, "spec"))
    for field in _LISTS:
        for path, container in entries(pod.get(field), (*template, "spec", field)):
            for probe in _PROBES:
                if (handler := container.get(probe)) and (found := _two_handlers(handler, (*path, probe))):
                    yield found
            hooks = mapping(container.get("lifecycle"))
            for hook in _HOOKS if hooks else ():
                if found := _two_handlers(hooks.get(hook), (*path, "lifecycle", hook)):
                    yield found


def _two_handlers(handler: Any, path: Path) -> Problem | None:
    named = [kind for kind in mapping(handler) if kind in _HANDLERS and handler[kind] is not None]
    if len(named) < 2:
        return None
    message = f"`{path[-1]}` has {len(named)} handlers, {' and '.join(f'`{kind}`' for kind in named)}: one is allowed"
    return Problem((*path, named[-1]), message, "keep one of them", rule=SCHEMA_RULE)
