"""Compile the built-in templates ahead of time, for commands that need neither Jinja nor its compiler then.

usage: python -I tools/compile_templates.py

Each becomes the function that Jinja makes of it, found by the digest of the template's text. In the place of the text that is written
between two decisions of the template the function notes a number, and beside it the values in that text: so the text is read once for
all that take the same decisions. A template that was changed since is compiled when it is used, as those of a project are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import groupby
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
    functions, entries, pieces = [], [], list[tuple[str, ...]]()
    for path in sorted(TEMPLATES.glob("*/*.j2")):
        source = path.read_text(encoding="utf-8")
        name = re.sub(r"\W", "_", f"template_{path.parent.name}_{path.name.partition('.')[0]}")
        root = _ROOT.search(python_of(source, path.name))
        if root is None:
            raise ValueError(f"{path}: Jinja no longer names a template's function `root`")
        functions.append("\n".join(_noting(root[0], pieces)).replace("def root(", f"def {name}(", 1).rstrip() + "\n")
        entries.append(f'    "{digest_of(source)}": {name},\n')
    body = "\n\n".join(functions)
    names = "".join(f'{name} = RUNTIME["{name}"]\n' for name in RUNTIME if re.search(rf"\b{name}\b", body))
    texts = "".join(f"    {each!r},\n" for each in pieces)
    return f"{_HEAD}\n{names}\n\n{body}\n\nROOTS = {{\n{''.join(entries)}}}\nPIECES = (\n{texts})\n{_TOLD}"


def _noting(function: str, pieces: list[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a template's function, each run of which that writes notes its number. `pieces` gets what it writes around values."""
    lines = [line for line in function.splitlines() if line != _GENERATOR]
    for written_at, run in groupby(lines, key=_written_at):
        if written_at is None:
            for line in run:
                yield from _VARIABLES if line == _RESOLVE else (_LOOK_UP.sub(r"resolve(\1, missing)", line),)
            continue
        written, values = [""], []
        for line in run:
            what = line.removeprefix(f"{written_at}yield ")
            if what.startswith(_VALUE) and what.endswith("))"):
                values.append(what[len(_VALUE) : -2])
                written.append("")
            else:
                written[-1] += ast.literal_eval(what)
        yield f"{written_at}note({len(pieces)})"
        yield from (f"{written_at}put({value})" for value in values)
        pieces.append(tuple(written))


def _written_at(line: str) -> str | None:
    """How far a line is indented that writes; None for one that does not."""
    indent, writes, _ = line.partition("yield ")
    return indent if writes and not indent.strip() else None


_GENERATOR = "    if 0: yield None"
_RESOLVE = "    resolve = context.resolve_or_missing"
_VARIABLES = ("    resolve = context.vars.get", "    note = context.notes.append", "    put = context.values.append")
_LOOK_UP = re.compile(r"resolve\(('\w+')\)")
_VALUE = "escape(environment.finalize(context, "
_TOLD = '"""What each run of a template writes: the texts before, between and behind its values."""\n'
_HEAD = '''\
"""The built-in templates as Jinja compiles them, written by `make templates`: whoever changes a template runs that."""

# mypy: ignore-errors

from sailwright.source.templating.runtime import RUNTIME
'''


if __name__ == "__main__":
    COMPILED.write_text(text(), encoding="utf-8")
