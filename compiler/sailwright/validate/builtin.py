"""The built-in backend: compiled schemas, in process, every error."""

from __future__ import annotations

from typing import Any

from sailwright.diagnostics.schema_error import SchemaError, schema_errors
from sailwright.validate.schemas.catalogue import Found


def errors(found: Found, value: Any) -> tuple[SchemaError, ...]:
    """What the schema refuses of a value as it is admitted.

    Raises ValueError for data that JSON does not have (infinity, not-a-number).
    """
    validator = found.validator
    if validator.is_valid(value):
        return ()
    return tuple(schema_errors(validator.iter_errors(value), value, found.strict))
