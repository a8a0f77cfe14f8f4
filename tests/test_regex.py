"""Our regular expressions are Python's, compiled late."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from sailwright.runtime.regex import regex

ROOT = Path(__file__).parent.parent
PORT = (r"(?P<host>[a-z.]+):([0-9]+)", re.IGNORECASE)


@pytest.mark.parametrize("method", ["findall", "finditer", "fullmatch", "match", "search", "split"])
@pytest.mark.parametrize("text", ["Example.com:80", "at example.com:80 and example.org:443", "nothing", ""])
def test_an_expression_finds_what_pythons_finds(method: str, text: str) -> None:
    def found(expression: Any) -> Any:
        result = getattr(expression, method)(text)
        if isinstance(result, re.Match):
            return result.groups(), result.span()
        return [each.groups() for each in result] if method == "finditer" else result

    late = regex(*PORT)
    assert found(late) == found(re.compile(*PORT))
    assert found(late) == found(re.compile(*PORT))  # once it is compiled


def test_an_expression_replaces_and_knows_its_text() -> None:
    late = regex(r"\d")
    assert late.sub("#", "a1b2", count=1) == "a#b2"
    assert late.subn("#", "a1b2") == ("a#b#", 2)
    assert late.pattern == r"\d"
    assert late.groups == 0


def test_an_expression_that_is_none_says_so_when_it_is_used() -> None:
    late = regex("(")
    assert late.pattern == "("
    with pytest.raises(re.error):
        late.match("(")


def test_no_module_compiles_an_expression_while_it_is_imported() -> None:
    """Each takes a quarter of a millisecond of every run that imports the module."""
    compiling = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("compiler", "policies")
        for path in (ROOT / room).rglob("*.py")
        for statement in ast.parse(path.read_text()).body
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    ]
    assert compiling == []
