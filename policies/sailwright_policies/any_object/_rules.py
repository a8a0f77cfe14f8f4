"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.any_object import (
    annotation_alpha,
    annotation_deprecated,
    annotation_invalid,
    annotation_misplaced,
    annotation_unknown,
    api_version_old,
    deprecated_field,
    export_to_unknown_namespace,
    feature_not_in_release,
    kind_unknown,
    object_defined_twice,
    removed_kind,
    schema_missing,
    schema_rule,
    schema_violation,
    unsupported_field,
)

ANY_OBJECT: list[Rule] = [
    annotation_unknown,
    annotation_misplaced,
    annotation_invalid,
    annotation_deprecated,
    annotation_alpha,
    schema_violation,
    schema_rule,
    kind_unknown,
    schema_missing,
    export_to_unknown_namespace,
    object_defined_twice,
    feature_not_in_release,
    api_version_old,
    deprecated_field,
    removed_kind,
    unsupported_field,
]
