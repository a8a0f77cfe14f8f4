"""Syntax errors of YAML in words an author can act on."""

from __future__ import annotations

import yaml
from yaml.reader import ReaderError

from sailwright.diagnostics.finding import Finding, Location, Related


def syntax_finding(path: str, text: str, error: yaml.YAMLError) -> Finding:
    """One finding for the place where the parser gave up."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return _finding(path, text, line, column, str(error.problem or error.context or "this is not YAML"), error)
    if isinstance(error, ReaderError):
        before = text.encode()[: error.position].decode(errors="ignore")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        code = error.character if isinstance(error.character, int) else ord(error.character)
        message = f"the character U+{code:04X} is not allowed in YAML: remove it"
        return Finding("yaml-syntax", "error", message, Location(path, line, column, line, column + 1))
    return Finding("yaml-syntax", "error", "this is not YAML", Location(path))


def _finding(path: str, text: str, line: int, column: int, problem: str, error: yaml.MarkedYAMLError) -> Finding:
    lines = text.splitlines()
    source_line = lines[line - 1] if line <= len(lines) else ""
    message, help_text = _words(problem, source_line, column)
    related: tuple[Related, ...] = ()
    context = error.context_mark
    if error.context and context and context.line + 1 != line:
        place = Location(path, context.line + 1, context.column + 1, context.line + 1, context.column + 2)
        related = (Related(str(error.context), place),)
    place = Location(path, line, column, line, column + 1)
    return Finding("yaml-syntax", "error", message, place, help=help_text, related=related)


def _words(problem: str, line: str, column: int) -> tuple[str, str]:
    found = line[column - 1 : column]
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation or (found == "\t" and "cannot start" in problem):
        return "a tab cannot indent YAML", "indent with spaces"
    if line.lstrip().startswith(("{{", "{%")):
        return "this is a template, not YAML", "render it first, or exclude it from the inputs"
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return "this is an unresolved merge conflict", "resolve the conflict"
    if "mapping values are not allowed" in problem:
        return "a `:` starts a second value on this line", "quote the text, or put the key on a line of its own"
    if "did not find expected key" in problem or "block mapping" in problem:
        return "the line does not continue the mapping above it", "give it the indentation of its neighbours"
    if "did not find expected '-' indicator" in problem:
        return (
            "the line belongs to no item of the list above it",
            "give it the indentation of the other keys of the item",
        )
    if "cannot start any token" in problem and found in "@`%":
        return f"a plain value cannot start with `{found}`", "put it in quotes"
    if "undefined alias" in problem:
        return "this alias has no anchor before it", "define it with `&name`, or write the value out"
    if "have an anchor or a tag" in problem:
        return f"in this document {problem}", "split it, or write the values out"
    return f"not valid YAML: {problem}", ""
