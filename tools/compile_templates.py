"""Compile the built-in templates ahead of time, for commands that need neither Jinja nor its compiler then.

usage: python -I tools/compile_templates.py

Each becomes the function that Jinja makes of it, found by the digest of the template's text. What it does with each variable and each
value takes most of its time, so that is said in fewer steps. A template that was changed since is compiled when it is used, as those of
a project are.
"""

from __future__ import annotations

import re
from pathlib import Path

from sailwright.source.templating.compiling import python_of
from sailwright.source.templating.runtime import RUNTIME
from sailwright.source.templating.templates import digest_of

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates" / "sailwright_templates"
COMPILED = ROOT / "compiler" / "sailwright" / "source" / "templating" / "compiled.py"
_ROOT = re.compile(r"^def root\(.*?(?=^blocks = )", re.DOTALL | re.MULTILINE)


def text() -> str:
    """The whole module."""
    functions, entries = [], []
    for path in sorted(TEMPLATES.glob("*/*.j2")):
        source = path.read_text(encoding="utf-8")
        name = re.sub(r"\W", "_", f"template_{path.parent.name}_{path.name.partition('.')[0]}")
        root = _ROOT.search(python_of(source, path.name))
        if root is None:
            raise ValueError(f"{path}: Jinja no longer names a template's function `root`")
        functions.append(_shorter(root[0]).replace("def root(", f"def {name}(", 1).rstrip() + "\n")
        entries.append(f'    "{digest_of(source)}": {name},\n')
    body = "\n\n".join(functions)
    names = "".join(f'{name} = RUNTIME["{name}"]\n' for name in RUNTIME if re.search(rf"\b{name}\b", body))
    return f"{_HEAD}\n{names}\n\n{body}\n\nROOTS = {{\n{''.join(entries)}}}\n"


def _shorter(function: str) -> str:
    """The function of a template, which looks its variables up itself, and hands each value straight to its context."""
    whole = function.replace(_RESOLVE, "    resolve = context.vars.get\n    filled = context.filled\n")
    whole = re.sub(r"resolve\(('\w+')\)", r"resolve(\1, missing)", whole)
    return whole.replace("escape(environment.finalize(context, ", "(filled(")


_RESOLVE = "    resolve = context.resolve_or_missing\n"
_HEAD = '''\
"""The built-in templates as Jinja compiles them, written by `make templates`: whoever changes a template runs that."""

# mypy: ignore-errors

from sailwright.source.templating.runtime import RUNTIME
'''


if __name__ == "__main__":
    COMPILED.write_text(text(), encoding="utf-8")
