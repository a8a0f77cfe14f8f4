"""What an expression comes to, for given variables, at a limited cost."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sailwright.runtime.records import dataclass
from sailwright.validate.cel.budget import Budget, cost_of_call
from sailwright.validate.cel.expression import CelError, Expression, TooCostly
from sailwright.validate.cel.fields import field
from sailwright.validate.cel.functions import FUNCTIONS, METHODS

_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables at one place of an expression, and what is left to spend."""

    variables: Mapping[str, Any]
    budget: Budget

    def having(self, name: str, value: Any) -> Scope:
        """The scope inside a macro."""
        return Scope({**self.variables, name: value}, self.budget)


def evaluate(expression: Expression, variables: Mapping[str, Any], budget: Budget | None = None) -> Any:
    """The value of an expression.

    Raises CelError where the API server would report an evaluation error, TooCostly where the budget does not suffice.
    """
    try:
        return _value(expression, Scope(variables, budget or Budget()))
    except (RecursionError, MemoryError) as fault:
        raise TooCostly("it is nested too deeply") from fault


def _value(expression: Expression, scope: Scope) -> Any:
    if expression.operator != "literal":
        scope.budget.spend(1)
    try:
        return _OPERATORS[expression.operator](expression, scope)
    except (CelError, TooCostly, RecursionError):
        raise
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as fault:
        raise CelError(f"it cannot be evaluated: {fault}") from fault


def _literal(expression: Expression, _: Scope) -> Any:
    return expression.value


def _name(expression: Expression, scope: Scope) -> Any:
    if expression.value not in scope.variables:
        raise CelError(f"there is no '{expression.value}'")
    return scope.variables[expression.value]


def _select(expression: Expression, scope: Scope) -> Any:
    target = _value(expression.parts[0], scope)
    name = field(target, expression.value)
    if name is None:
        raise CelError(f"there is no '{expression.value}'")
    return target[name]


def _has(expression: Expression, scope: Scope) -> bool:
    select = expression.parts[0]
    target = _value(select.parts[0], scope)
    name = field(target, select.value)
    return name is not None and target[name] is not None


def _index(expression: Expression, scope: Scope) -> Any:
    target, key = (_value(part, scope) for part in expression.parts)
    return target[key]


def _list(expression: Expression, scope: Scope) -> list[Any]:
    return [_value(part, scope) for part in expression.parts]


def _map(expression: Expression, scope: Scope) -> dict[Any, Any]:
    values = _list(expression, scope)
    return dict(zip(values[::2], values[1::2], strict=True))


def _call(expression: Expression, scope: Scope) -> Any:
    return _applied(FUNCTIONS[expression.value], expression, scope)


def _method(expression: Expression, scope: Scope) -> Any:
    return _applied(METHODS[expression.value], expression, scope)


def _applied(function: Callable[..., Any], expression: Expression, scope: Scope) -> Any:
    arguments = _list(expression, scope)
    for argument in arguments:
        scope.budget.spend_on(argument)
    scope.budget.spend(cost_of_call(expression.value, arguments))
    result = function(*arguments)
    scope.budget.spend_on(result)
    return result


def _conditional(expression: Expression, scope: Scope) -> Any:
    condition, chosen, other = expression.parts
    return _value(chosen if _boolean(_value(condition, scope)) else other, scope)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise CelError(f"{type(value).__name__} is not true or false")
    return value


def _logical(expression: Expression, scope: Scope) -> bool:
    """An error on one side does not matter where the other side decides (CEL's && and || commute)."""
    deciding = expression.operator == "||"
    fault: CelError | None = None
    for part in expression.parts:
        try:
            if _boolean(_value(part, scope)) == deciding:
                return deciding
        except CelError as found:
            fault = found
    if fault:
        raise fault
    return not deciding


def _not(expression: Expression, scope: Scope) -> bool:
    return not _boolean(_value(expression.parts[0], scope))


def _negate(expression: Expression, scope: Scope) -> Any:
    return -_value(expression.parts[0], scope)


def _compare(expression: Expression, scope: Scope) -> Any:
    left, right = _list(expression, scope)
    scope.budget.spend_on_parts(left)
    return _COMPARISONS[expression.operator](left, right)


def _arithmetic(expression: Expression, scope: Scope) -> Any:
    """Numbers; texts and lists can be put together, and nothing be multiplied by a number but a number."""
    left, right = _list(expression, scope)
    if isinstance(left, str | list | dict | bool) and not (expression.operator == "+" and type(left) is type(right)):
        raise CelError(f"{type(left).__name__} cannot be calculated with")
    result = _ARITHMETIC[expression.operator](left, right)
    scope.budget.spend_on(result)
    if isinstance(result, int) and not -(2**63) <= result < 2**64:
        raise CelError("the integer is out of range")
    return result


def _equal(expression: Expression, scope: Scope) -> bool:
    left, right = _list(expression, scope)
    scope.budget.spend_on_parts(left)
    same = isinstance(left, bool) == isinstance(right, bool) and left == right
    return bool(same == (expression.operator == "=="))


def _in(expression: Expression, scope: Scope) -> bool:
    item, container = (_value(part, scope) for part in expression.parts)
    if not isinstance(container, list | dict):
        raise CelError(f"{type(container).__name__} has no members")
    scope.budget.spend_on(container)
    if isinstance(item, list | dict):
        scope.budget.spend_on_parts(container)
    return item in container


def _divide(expression: Expression, scope: Scope) -> Any:
    left, right = _list(expression, scope)
    if isinstance(left, float):
        return left / right
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return quotient if expression.operator == "/" else left - quotient * right


def _macro(expression: Expression, scope: Scope) -> Any:
    target, variable, *bodies = expression.parts
    container = _value(target, scope)
    if not isinstance(container, list | dict):
        raise CelError(f"{type(container).__name__} has no members")
    scopes = _scopes(scope, variable.value, container)
    if expression.value == "filter":
        return [inner.variables[variable.value] for inner in scopes if _boolean(_value(bodies[0], inner))]
    return _MACROS[expression.value](scopes, bodies)


def _scopes(scope: Scope, name: str, container: Iterable[Any]) -> Iterator[Scope]:
    """The scopes of a macro's turns, each charged for its condition and its step, however little the body costs."""
    for item in container:
        scope.budget.spend(2)
        yield scope.having(name, item)


def _all(scopes: Iterator[Scope], bodies: list[Expression]) -> bool:
    return all(_boolean(_value(bodies[0], scope)) for scope in scopes)


def _exists(scopes: Iterator[Scope], bodies: list[Expression]) -> bool:
    return any(_boolean(_value(bodies[0], scope)) for scope in scopes)


def _exists_one(scopes: Iterator[Scope], bodies: list[Expression]) -> bool:
    return sum(_boolean(_value(bodies[0], scope)) for scope in scopes) == 1


def _mapped(scopes: Iterator[Scope], bodies: list[Expression]) -> list[Any]:
    *conditions, result = bodies
    return [
        _value(result, scope) for scope in scopes if all(_boolean(_value(condition, scope)) for condition in conditions)
    ]


_MACROS: Mapping[str, Callable[[Iterator[Scope], list[Expression]], Any]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "existsOne": _exists_one,
    "map": _mapped,
}
_OPERATORS: Mapping[str, Callable[[Expression, Scope], Any]] = {
    "literal": _literal,
    "name": _name,
    "select": _select,
    "has": _has,
    "index": _index,
    "list": _list,
    "map": _map,
    "call": _call,
    "method": _method,
    "macro": _macro,
    "conditional": _conditional,
    "||": _logical,
    "&&": _logical,
    "not": _not,
    "negate": _negate,
    "==": _equal,
    "!=": _equal,
    "in": _in,
    "/": _divide,
    "%": _divide,
    **dict.fromkeys(_COMPARISONS, _compare),
    **dict.fromkeys(_ARITHMETIC, _arithmetic),
}
