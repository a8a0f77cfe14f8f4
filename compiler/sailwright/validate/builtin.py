"""The built-in backend: compiled schemas, in process, every error."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sailwright.validate.schemas.catalogue import Found
from sailwright.validate.violation import Violation, path_in


def violations(found: Found, value: Any) -> tuple[Violation, ...]:
    """What the schema refuses of a value. Raises ValueError for data that JSON does not have (infinity, not-a-number)."""
    validator = found.validator
    if validator.is_valid(value):
        return ()
    value = found.served(value)
    return tuple(each for error in validator.iter_errors(value) for each in _violations(error, value))


def _violations(error: Any, value: Any) -> Iterable[Violation]:
    kind, path = error.kind, path_in(value, error.instance_path)
    match kind.name:
        case "additionalProperties":
            return [Violation((*path, name), "unknown") for name in kind.unexpected]
        case "required":
            return [Violation(path, "required", (kind.property,))]
        case "type":
            return [Violation(path, "type", tuple(sorted(name for name in kind.types if name != "null")))]
        case "enum":
            return [Violation(path, "enum", tuple(_text(option) for option in kind.options))]
        case "const":
            return [Violation(path, "enum", (_text(kind.expected_value),))]
        case "pattern":
            return [Violation(path, "pattern", (kind.pattern,))]
        case "format":
            return [Violation(path, "format", (kind.format,))]
        case "oneOf" if not all(kind.context):
            return [Violation(path, "oneOf-many")]
        case "anyOf" | "oneOf":
            causes = tuple(each for branch in kind.context for cause in branch for each in _violations(cause, value))
            return [Violation(path, kind.name, (), causes)]
    limits = [getattr(kind, name) for name in ("limit", "multiple_of") if hasattr(kind, name)]
    return [Violation(path, kind.name, tuple(_text(limit) for limit in limits))]


def _text(value: Any) -> str:
    """A choice or a limit, as kubeconform writes it too."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    return json.dumps(value) if isinstance(value, (dict, list)) else f"{value:.15g}"
