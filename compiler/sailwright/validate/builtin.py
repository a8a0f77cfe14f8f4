"""The built-in backend: compiled schemas, in process, every error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sailwright.diagnostics.schema_error import SchemaError
    from sailwright.validate.schemas.catalogue import Found


def errors(found: Found, value: Any) -> tuple[SchemaError, ...]:
    """What the schema refuses of a value as it is admitted.

    Raises ValueError for data that JSON does not have (infinity, not-a-number).
    """
    if found.surely_takes(value):
        return ()
    validator = found.validator
    if validator.is_valid(value):
        return ()
    from sailwright.diagnostics.schema_error import schema_errors

    return tuple(schema_errors(validator.iter_errors(value), value, found.strict))
