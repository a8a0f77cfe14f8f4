"""What the schemas of the API server refuse, as far as lint looks at them; `sailwright validate` judges the rest."""

from sailwright.lint.rule import Rule
from sailwright_policies.schema import kind_unknown, schema_missing, schema_rule, schema_violation

SCHEMA: list[Rule] = [schema_violation, schema_rule, kind_unknown, schema_missing]
