"""Jinja's compiler, which only runs when a template is new: from a template's text to Python code."""

from __future__ import annotations

from types import CodeType
from typing import Any

import jinja2

from sailwright.runtime.errors import Failure


def compile_template(source: str, name: str) -> CodeType:
    """Compile a template of ours to code that `runtime.py` can run. Raises Failure with the line of a mistake."""
    return compile(python_of(source, name), name, "exec")


def python_of(source: str, name: str) -> str:
    """The Python code that Jinja makes of a template of ours, without the line that imports jinja2.runtime. Raises Failure."""
    try:
        python = environment().compile(source, name, raw=True)
    except jinja2.TemplateSyntaxError as error:
        raise Failure(f"{name}: line {error.lineno}: {error.message}", 3) from None
    return str(python).partition("\n")[2]


def environment() -> jinja2.Environment:
    """Strict about undefined names; escaping is on so that macros and set blocks are told from values."""
    return jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=never_folded,
    )


@jinja2.pass_context
def never_folded(_context: object, value: object) -> object:
    """Keeps Jinja from folding constants: each expression must reach our own `finalize` at run time."""
    return value


def weighed_tree(tree: jinja2.nodes.Template, name: str) -> jinja2.nodes.Template:
    """The template with the filter `name` on every list and map that it writes, and on both sides of every comparison."""
    from jinja2 import nodes
    from jinja2.visitor import NodeTransformer

    def weighed(node: nodes.Expr) -> nodes.Expr:
        return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)

    class Weighing(NodeTransformer):
        """Puts the filter where a value is made or read as a whole."""

        def visit(self, node: nodes.Node, *_: Any, **__: Any) -> nodes.Node:
            self.generic_visit(node)
            if isinstance(node, nodes.Compare):
                node.expr = weighed(node.expr)
                for operand in node.ops:
                    operand.expr = weighed(operand.expr)
            made = isinstance(node, nodes.List | nodes.Dict) or (isinstance(node, nodes.Tuple) and node.ctx == "load")
            return weighed(node) if made and isinstance(node, nodes.Expr) else node

    changed: Any = Weighing().visit(tree)
    return changed  # type: ignore[no-any-return]
