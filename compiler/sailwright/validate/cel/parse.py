"""Reading an expression: the grammar of https://github.com/google/cel-spec, macros included."""

from __future__ import annotations

from functools import cache

from sailwright.runtime.records import dataclass
from sailwright.validate.cel.expression import CelError, Expression, Token, tokens

_MAX_DEPTH = 100
"""Levels of a tree; the API server's parser stops at 250 of its own."""
_TOO_DEEP = "it is nested too deeply"
_LITERALS = {"true": True, "false": False, "null": None}
_RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
#: Binary operators, the weakest first.
_BINARY = (("||",), ("&&",), ("<", "<=", ">=", ">", "==", "!=", "in"), ("+", "-"), ("*", "/", "%"))
_LOGICAL = ("||", "&&")
#: Macros of a target: name -> how many arguments, the first of which names a variable.
MACROS = {"all": (2,), "exists": (2,), "exists_one": (2,), "existsOne": (2,), "map": (2, 3), "filter": (2,)}


@cache
def parse(text: str) -> Expression:
    """The tree of an expression. Raises CelError."""
    reader = _Reader(tuple(tokens(text)))
    try:
        expression = _conditional(reader)
    except RecursionError:
        raise CelError(_TOO_DEEP) from None
    if reader.token.kind != "end":
        raise _unexpected(reader)
    if _depth(expression) > _MAX_DEPTH:
        raise CelError(_TOO_DEEP)
    return expression


def _depth(expression: Expression) -> int:
    """How many levels the tree has."""
    level, depth = [expression], 0
    while level:
        level = [part for each in level for part in each.parts]
        depth += 1
    return depth


def syntax_fault(text: str) -> str | None:
    """What keeps `text` from being an expression, or None."""
    try:
        parse(text)
    except CelError as fault:
        return str(fault)
    return None


@dataclass(slots=True)
class _Reader:
    tokens: tuple[Token, ...]
    at: int = 0
    depth: int = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, *signs: str) -> str | None:
        """Step over one of the signs (or `in`), if it is next."""
        token = self.token
        if token.text not in signs or token.kind not in ("sign", "name"):
            return None
        self.at += 1
        return token.text

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise _unexpected(self)


def _unexpected(reader: _Reader) -> CelError:
    token = reader.token
    return CelError("it ends too early" if token.kind == "end" else f"'{token.text}' is not expected there")


def _conditional(reader: _Reader) -> Expression:
    reader.depth += 1
    if reader.depth > _MAX_DEPTH:
        raise CelError(_TOO_DEEP)
    condition = _binary(reader, 0)
    if reader.take("?"):
        chosen = _binary(reader, 0)
        reader.need(":")
        condition = Expression("conditional", None, (condition, chosen, _conditional(reader)))
    reader.depth -= 1
    return condition


def _binary(reader: _Reader, level: int) -> Expression:
    if level == len(_BINARY):
        return _unary(reader)
    left = _binary(reader, level + 1)
    if _BINARY[level][0] in _LOGICAL:
        return _chain(reader, level, left)
    while sign := reader.take(*_BINARY[level]):
        left = Expression(sign, None, (left, _binary(reader, level + 1)))
    return left


def _chain(reader: _Reader, level: int, first: Expression) -> Expression:
    """`a && b && c` is one node, however many terms it has."""
    parts = [first]
    while reader.take(*_BINARY[level]):
        parts.append(_binary(reader, level + 1))
    return Expression(_BINARY[level][0], None, tuple(parts)) if len(parts) > 1 else first


def _unary(reader: _Reader) -> Expression:
    for prefix, operator in (("!", "not"), ("-", "negate")):
        if reader.take(prefix):
            return Expression(operator, None, (_unary(reader),))
    expression = _primary(reader)
    while sign := reader.take(".", "["):
        if sign == "[":
            expression = Expression("index", None, (expression, _conditional(reader)))
            reader.need("]")
            continue
        name = _identifier(reader, field=True)
        if reader.take("("):
            expression = _method(expression, name, _arguments(reader, ")"))
        else:
            expression = Expression("select", name, (expression,))
    return expression


def _identifier(reader: _Reader, *, field: bool = False) -> str:
    token = reader.token
    if token.kind != "name" or (token.text in _RESERVED and not field) or token.text in _LITERALS or token.text == "in":
        raise _unexpected(reader)
    reader.at += 1
    return token.text


def _arguments(reader: _Reader, end: str) -> tuple[Expression, ...]:
    found: list[Expression] = []
    while not reader.take(end):
        found.append(_conditional(reader))
        if not reader.take(","):
            reader.need(end)
            break
    return tuple(found)


def _method(target: Expression, name: str, arguments: tuple[Expression, ...]) -> Expression:
    if len(arguments) in MACROS.get(name, ()):
        if arguments[0].operator != "name":
            raise CelError(f"the first argument of {name} must be a variable")
        return Expression("macro", name, (target, *arguments))
    return Expression("method", name, (target, *arguments))


def _primary(reader: _Reader) -> Expression:
    token = reader.token
    if token.kind in ("number", "string"):
        reader.at += 1
        return Expression("literal", token.value)
    if token.kind == "name" and token.text in _LITERALS:
        reader.at += 1
        return Expression("literal", _LITERALS[token.text])
    if reader.take("("):
        inside = _conditional(reader)
        reader.need(")")
        return inside
    if reader.take("["):
        return Expression("list", None, _arguments(reader, "]"))
    if reader.take("{"):
        return _map(reader)
    reader.take(".")
    name = _identifier(reader)
    if not reader.take("("):
        return Expression("name", name)
    arguments = _arguments(reader, ")")
    if name == "has":
        if len(arguments) != 1 or arguments[0].operator != "select":
            raise CelError("has() needs a field, as in has(self.field)")
        return Expression("has", None, arguments)
    return Expression("call", name, arguments)


def _map(reader: _Reader) -> Expression:
    parts: list[Expression] = []
    while not reader.take("}"):
        parts.append(_conditional(reader))
        reader.need(":")
        parts.append(_conditional(reader))
        if not reader.take(","):
            reader.need("}")
            break
    return Expression("map", None, tuple(parts))
