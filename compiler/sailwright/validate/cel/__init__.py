"""The Common Expression Language, as far as the validation rules of CustomResourceDefinitions use it."""

from sailwright.validate.cel.evaluate import evaluate
from sailwright.validate.cel.expression import CelError, Expression
from sailwright.validate.cel.functions import unsupported
from sailwright.validate.cel.parse import parse, syntax_fault

__all__ = ["CelError", "Expression", "evaluate", "parse", "syntax_fault", "unsupported"]
