"""Templates of a project: a stranger's code, compiled by Jinja's sandbox and run with even less.

They see plain data and nothing of Python: no attributes, no functions but their own macros, no other files. What they may take is
counted in steps, characters and items, so that the same template fails on every machine or on none. Items are counted as often
as they are reached: a list that holds another one twice has twice its items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import CodeType
from typing import Any

from sailwright.runtime.errors import Failure
from sailwright.source.templating.meter import Meter
from sailwright.source.templating.runtime import RUNTIME, Context, Environment, Loop, Undefined, look_up, macro

SOURCE_LIMIT = 64 * 1024
"""Bytes of one template."""
STEPS = 100_000
"""Turns of loops and calls of macros in one rendering."""
CHARACTERS = 1 << 20
"""Characters of one text that a template makes."""

_FORBIDDEN = (
    "Include",
    "Import",
    "FromImport",
    "Extends",
    "Block",
    "CallBlock",
    "FilterBlock",
    "ScopedEvalContextModifier",
    "self",
)
"""Jinja's statements and names that reach for other files or change how values are written."""


def compile_sandboxed(source: str, name: str) -> CodeType:
    """Compile a project's template. Raises Failure with the line of a mistake, or of what is not allowed."""
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from sailwright.source.templating.compiling import never_folded, weighed_tree

    class Sandbox(ImmutableSandboxedEnvironment):
        """Every operator that can make something large out of something small is asked about at run time."""

        intercepted_binops = frozenset(("*", "**", "+", "%", "//", "/"))

    sandbox = Sandbox(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=never_folded
    )
    sandbox.globals.clear()
    sandbox.filters = dict.fromkeys((key for key in Environment.filters if key in sandbox.filters), _at_run_time)
    sandbox.filters |= {_COUNTED: never_folded, _WEIGHED: never_folded}
    sandbox.tests = {key: value for key, value in sandbox.tests.items() if key in Environment.tests}
    try:
        tree = sandbox.parse(source, name)
        for node in tree.find_all(jinja2.nodes.Node):
            word = node.name if isinstance(node, jinja2.nodes.Name) else type(node).__name__
            if word in _FORBIDDEN:
                raise Failure(f"line {node.lineno}: `{word.lower()}` is not allowed in a project's template")
        for loop in tree.find_all(jinja2.nodes.For):
            loop.iter = jinja2.nodes.Filter(loop.iter, _COUNTED, [], [], None, None, lineno=loop.lineno)
        tree = weighed_tree(tree, _WEIGHED)
        python = sandbox.compile(tree, name, raw=True)
        _, _, body = str(python).partition("\n")
        return compile(body, name, "exec")
    except jinja2.TemplateSyntaxError as error:
        raise Failure(f"line {error.lineno}: {error.message}") from None
    except ValueError:  # Python's limit for a number that is read from text
        raise Failure("it holds a number of too many digits") from None
    except (RecursionError, MemoryError, SyntaxError):  # the limits of Jinja's parser and of Python's compiler
        raise Failure("its expressions or blocks are nested too deeply") from None


def _at_run_time(*_: Any) -> Any:
    """Stands for a filter while a template is compiled: Jinja leaves an expression that raises to its rendering, where it is charged."""
    raise TypeError


def plain(value: Any) -> Any:
    """The data a project's template made, if it is data through and through; Failure where it holds anything else."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise Failure("an expression yields a macro or something else that is no data")


def sandboxed(code: CodeType) -> Callable[[Context], Iterable[str]]:
    """The compiled template as a function; each call has its own account of steps."""

    def root(context: Context) -> Iterable[str]:
        account = _Account()
        scope: dict[str, Any] = dict(RUNTIME) | {
            "environment": _Environment(account),
            "Macro": account.macro,
            "markup_join": account.bounded(RUNTIME["markup_join"]),
            "str_join": account.bounded(RUNTIME["str_join"]),
        }
        exec(code, scope)  # noqa: S102  # compiled by Jinja's sandbox, and given plain data only
        run: Callable[[Context], Iterable[str]] = scope["root"]
        try:
            return list(account.written(run(context)))
        except RecursionError:
            raise Failure("macros call each other without end") from None
        except Failure:
            raise
        except Exception as error:  # noqa: BLE001  # whatever a stranger's expression does is told as its fault
            raise Failure(f"{type(error).__name__}: {error}") from None

    return root


_COUNTED = "the turns of a loop"
"""A filter that no template can name, put on what every loop goes over."""
_WEIGHED = "the items of a value"
"""Another one, put on every list and map that is written in a template, and on everything that is compared."""


class _Account:
    """What one rendering has used."""

    def __init__(self) -> None:
        self._steps = 0
        self._meter = Meter()
        self._macros: dict[int, Callable[..., str]] = {}

    def step(self) -> None:
        """One turn of a loop, or one call."""
        self._steps += 1
        if self._steps > STEPS:
            raise Failure(f"more than {STEPS:,} turns of loops and calls of macros")

    def counted(self, _context: object, items: Iterable[Any]) -> Iterable[Any]:
        """What a loop goes over, its turns counted."""
        for item in items:
            self.step()
            yield item

    def weighed(self, _context: object, value: Any) -> Any:
        """A value whose items are counted."""
        self._meter.take(value)
        return value

    def weighing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter or test that is charged for what it reads and what it makes."""

        def charged(*arguments: Any) -> Any:
            for argument in arguments:
                self._meter.take(argument)
            result = function(*arguments)
            self._meter.take(result)
            return _short(result) if isinstance(result, str) else result

        return charged

    def macro(self, environment: object, body: Callable[..., str], *rest: Any) -> Callable[..., str]:
        """A macro whose calls are counted."""

        def counted(*arguments: Any) -> str:
            self.step()
            return self._made(body(*arguments))

        made = macro(environment, counted, *rest)
        self._macros[id(made)] = made
        return made

    def has_made(self, function: Any) -> bool:
        """Whether it is a macro of the template."""
        return id(function) in self._macros

    @staticmethod
    def joined(values: Iterable[Any], separator: str = "") -> str:
        """The filter `join`, whose result is measured before it is made."""
        parts = [str(value) for value in values]
        if sum(map(len, parts)) + len(separator) * (len(parts) - 1) > CHARACTERS:
            _too_large()
        return separator.join(parts)

    def bounded(self, join: Callable[[Iterable[Any]], str]) -> Callable[[Iterable[Any]], str]:
        """A way to join texts whose result has an end."""
        return lambda parts: self._made(join(self._parts(parts)))

    def _parts(self, parts: Iterable[Any]) -> list[Any]:
        found = list(parts)
        self._meter.take(found)
        return found

    def _made(self, text: str) -> str:
        self._meter.take(text)
        return _short(text)

    def written(self, chunks: Iterable[str]) -> Iterable[str]:
        """The text as it is written, up to its limit."""
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > CHARACTERS:
                raise Failure(f"more than {CHARACTERS:,} characters")
            yield chunk


class _Environment(Environment):
    """Look-ups in plain data, and operators that cannot make something large."""

    def __init__(self, account: _Account) -> None:
        self._account = account
        charged = {name: account.weighing(function) for name, function in Environment.filters.items()}
        charged["join"] = account.weighing(account.joined)
        self.filters = {**charged, _COUNTED: account.counted, _WEIGHED: account.weighed}
        self.tests = {name: account.weighing(function) for name, function in Environment.tests.items()}

    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        """The text of a block or a macro."""
        return _short("".join(parts))

    def finalize(self, context: Context, value: Any) -> str:  # type: ignore[override]  # has an account of its own
        """A value that is written, its items counted."""
        return Environment.finalize(context, self._account.weighed(context, value))

    @staticmethod
    def getattr(value: Any, key: Any) -> Any:
        """An entry of a map or list, or of the `loop`; nothing else has attributes."""
        plain = isinstance(value, (Mapping, list, tuple, Undefined))
        return look_up(value, key) if plain or isinstance(value, Loop) else Undefined(name=str(key))

    @staticmethod
    def getitem(value: Any, key: Any) -> Any:
        """As `getattr`: `port.name` and `port["name"]` are one."""
        return _Environment.getattr(value, key)

    def call(self, context: Context, function: Any, *positional: Any, **named: Any) -> Any:
        """Only the template's own macros can be called."""
        if not self._account.has_made(function):
            raise Failure("only macros of the template itself can be called")
        return context.call(function, *positional, **named)

    def call_binop(self, _context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, `+` on lists; text is composed before the template, or by `~`."""
        self._account.step()
        if operator == "+" and isinstance(left, list) and isinstance(right, list):
            return self._account.weighed(_context, [*left, *right])
        if not all(isinstance(value, (int, float)) and abs(value) < _LARGE for value in (left, right)):
            raise Failure(f"`{operator}` takes numbers below {_LARGE:,}")
        if operator in ("/", "//", "%") and right == 0:
            raise Failure("a division by zero")
        results: Mapping[str, Callable[[Any, Any], Any]] = {
            "*": lambda a, b: a * b, "+": lambda a, b: a + b, "/": lambda a, b: a / b,
            "//": lambda a, b: a // b, "%": lambda a, b: a % b,
        }  # fmt: skip
        if operator not in results:
            raise Failure(f"`{operator}` is not allowed in a project's template")
        return results[operator](left, right)


_LARGE = 10**12


def _short(text: str) -> str:
    return text if len(text) <= CHARACTERS else _too_large()


def _too_large() -> Any:
    raise Failure(f"more than {CHARACTERS:,} characters")
