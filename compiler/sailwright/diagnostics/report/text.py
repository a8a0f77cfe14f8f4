"""`--format text`: for people. One block a finding, with the line of the file and a caret under what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sailwright.diagnostics.finding import Finding, Location, Severity
from sailwright.diagnostics.report.clean import printable, snippet
from sailwright.diagnostics.report.document import Report

WIDTH = 160
"""Columns of a source line that are shown, around the caret."""

_COLOURS: dict[Severity, str] = {"error": "31", "warning": "33", "info": "36"}


def render(report: Report, *, colour: bool = False) -> str:
    """All findings, empty where there is none."""
    secret: dict[str, bool] = {}
    return "\n".join(_block(finding, _source(report, finding, secret), colour) for finding in report.findings)


def _source(report: Report, finding: Finding, secret: dict[str, bool]) -> Sequence[str]:
    """The lines of a finding's file; none where they could show the values of a Secret. `secret` keeps the files looked through."""
    file = finding.location.file
    lines = report.lines(file)
    if finding.object is not None:
        return () if finding.object.kind == "Secret" else lines
    if file not in secret:
        secret[file] = any("Secret" in line and "kind" in line for line in lines)
    return () if secret[file] else lines


def _block(finding: Finding, lines: Sequence[str], colour: bool) -> str:
    return "".join(f"{line}\n" for line in _lines(finding, lines, colour))


def _lines(finding: Finding, lines: Sequence[str], colour: bool) -> Iterator[str]:
    shade = _COLOURS[finding.severity]
    where = _paint(_place(finding.location), "1", colour)
    severity = _paint(finding.severity, f"1;{shade}", colour)
    yield f"{where}: {severity}: {printable(finding.message)} [{finding.rule}]"
    number = finding.location.line
    if number <= len(lines):
        shown, caret = _snippet(lines[number - 1], finding.location)
        margin = " " * len(str(number))
        yield f"  {number} | {shown}".rstrip()
        yield f"  {margin} | {_paint(caret, f'1;{shade}', colour)}"
    remedy = finding.help or finding.fix
    if remedy:
        yield f"  help: {printable(remedy)}{' (--fix does it)' if finding.fix else ''}"
    for related in finding.related:
        yield f"  see: {_place(related.location)}: {printable(related.message)}"
    if finding.rendered is not None:
        yield f"  rendered: {printable(finding.rendered.file)}:{finding.rendered.line}"
    if finding.environments:
        yield f"  in: {', '.join(printable(name) for name in finding.environments)}"


def _place(location: Location) -> str:
    """File, line and column. GitHub's runner takes a line that begins with `::` for a command."""
    file = printable(location.file)
    safe = f"./{file}" if file.lstrip().startswith("::") else file
    return f"{safe}:{location.line}:{location.column}"


def _snippet(line: str, location: Location) -> tuple[str, str]:
    """The line, cut to a window where it is long, and carets under the span or its first line."""
    start = min(location.column - 1, len(line))
    end = location.end_column - 1 if location.end_line == location.line else len(line.rstrip())
    first = max(0, start - WIDTH // 2) if len(line) > WIDTH else 0
    window = snippet(line[first : first + WIDTH])
    start, end = start - first, min(end - first, len(window))
    blank = " " * _columns(window[:start])
    return window, blank + "^" * max(1, _columns(window[start:end]))


def _columns(text: str) -> int:
    """Terminal columns: East Asian wide characters take two."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
