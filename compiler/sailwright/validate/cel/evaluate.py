"""What an expression comes to, for given variables."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sailwright.validate.cel.expression import CelError, Expression
from sailwright.validate.cel.functions import FUNCTIONS, METHODS

Variables = Mapping[str, Any]

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def evaluate(expression: Expression, variables: Variables) -> Any:
    """The value of an expression. Raises CelError where the API server would report an evaluation error."""
    try:
        return _OPERATORS[expression.operator](expression, variables)
    except CelError:
        raise
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as fault:
        raise CelError(f"it cannot be evaluated: {fault}") from fault


def _literal(expression: Expression, _: Variables) -> Any:
    return expression.value


def _name(expression: Expression, variables: Variables) -> Any:
    if expression.value not in variables:
        raise CelError(f"there is no '{expression.value}'")
    return variables[expression.value]


def _select(expression: Expression, variables: Variables) -> Any:
    target = evaluate(expression.parts[0], variables)
    if not isinstance(target, dict) or expression.value not in target:
        raise CelError(f"there is no '{expression.value}'")
    return target[expression.value]


def _has(expression: Expression, variables: Variables) -> bool:
    select = expression.parts[0]
    target = evaluate(select.parts[0], variables)
    return isinstance(target, dict) and target.get(select.value) is not None


def _index(expression: Expression, variables: Variables) -> Any:
    target, key = (evaluate(part, variables) for part in expression.parts)
    return target[key]


def _list(expression: Expression, variables: Variables) -> list[Any]:
    return [evaluate(part, variables) for part in expression.parts]


def _map(expression: Expression, variables: Variables) -> dict[Any, Any]:
    values = _list(expression, variables)
    return dict(zip(values[::2], values[1::2], strict=True))


def _call(expression: Expression, variables: Variables) -> Any:
    return FUNCTIONS[expression.value](*_list(expression, variables))


def _method(expression: Expression, variables: Variables) -> Any:
    return METHODS[expression.value](*_list(expression, variables))


def _conditional(expression: Expression, variables: Variables) -> Any:
    condition, chosen, other = expression.parts
    return evaluate(chosen if _boolean(evaluate(condition, variables)) else other, variables)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise CelError(f"{type(value).__name__} is not true or false")
    return value


def _logical(expression: Expression, variables: Variables) -> bool:
    """An error on one side does not matter where the other side decides (CEL's && and || commute)."""
    deciding = expression.operator == "||"
    fault: CelError | None = None
    for part in expression.parts:
        try:
            if _boolean(evaluate(part, variables)) == deciding:
                return deciding
        except CelError as found:
            fault = found
    if fault:
        raise fault
    return not deciding


def _not(expression: Expression, variables: Variables) -> bool:
    return not _boolean(evaluate(expression.parts[0], variables))


def _negate(expression: Expression, variables: Variables) -> Any:
    return -evaluate(expression.parts[0], variables)


def _binary(expression: Expression, variables: Variables) -> Any:
    left, right = (evaluate(part, variables) for part in expression.parts)
    return _ARITHMETIC[expression.operator](left, right)


def _equal(expression: Expression, variables: Variables) -> bool:
    left, right = (evaluate(part, variables) for part in expression.parts)
    same = isinstance(left, bool) == isinstance(right, bool) and left == right
    return bool(same == (expression.operator == "=="))


def _in(expression: Expression, variables: Variables) -> bool:
    item, container = (evaluate(part, variables) for part in expression.parts)
    if not isinstance(container, list | dict):
        raise CelError(f"{type(container).__name__} has no members")
    return item in container


def _divide(expression: Expression, variables: Variables) -> Any:
    left, right = (evaluate(part, variables) for part in expression.parts)
    if isinstance(left, float):
        return left / right
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return quotient if expression.operator == "/" else left - quotient * right


def _macro(expression: Expression, variables: Variables) -> Any:
    target, variable, *bodies = expression.parts
    container = evaluate(target, variables)
    if not isinstance(container, list | dict):
        raise CelError(f"{type(container).__name__} has no members")
    scopes = ({**variables, variable.value: item} for item in container)
    if expression.value == "filter":
        return [scope[variable.value] for scope in scopes if _boolean(evaluate(bodies[0], scope))]
    return _MACROS[expression.value](scopes, bodies)


def _all(scopes: Iterator[Variables], bodies: list[Expression]) -> bool:
    return all(_boolean(evaluate(bodies[0], scope)) for scope in scopes)


def _exists(scopes: Iterator[Variables], bodies: list[Expression]) -> bool:
    return any(_boolean(evaluate(bodies[0], scope)) for scope in scopes)


def _exists_one(scopes: Iterator[Variables], bodies: list[Expression]) -> bool:
    return sum(_boolean(evaluate(bodies[0], scope)) for scope in scopes) == 1


def _mapped(scopes: Iterator[Variables], bodies: list[Expression]) -> list[Any]:
    *conditions, result = bodies
    return [
        evaluate(result, scope)
        for scope in scopes
        if all(_boolean(evaluate(condition, scope)) for condition in conditions)
    ]


_MACROS: Mapping[str, Callable[[Iterator[Variables], list[Expression]], Any]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "existsOne": _exists_one,
    "map": _mapped,
}
_OPERATORS: Mapping[str, Callable[[Expression, Variables], Any]] = {
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
    **dict.fromkeys(_ARITHMETIC, _binary),
}
