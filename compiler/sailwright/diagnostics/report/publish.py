"""Write a report in every format that was asked for, and say what exit status it means."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from sailwright.diagnostics.counted import counted
from sailwright.diagnostics.finding import SEVERITIES, Finding, Skipped
from sailwright.diagnostics.report.document import Report, verdict
from sailwright.runtime.errors import Failure
from sailwright.runtime.streams import write_utf8

_RANKS: dict[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}

_MODULES = {"json": "versioned_json"}

SKIPPED_SHOWN = 10
"""Skipped files that the summary names; the JSON report names all."""


Output = tuple[str, str | None]
"""One `--format FORMAT[=FILE]`: the format, and the file or None for standard output."""


def publish(
    report: Report, outputs: Sequence[Output], fail_on: str, *, colour: bool, annotate: bool, detail: str = "normal"
) -> int:
    """Write everything and return 0, or 1 where a finding reaches `fail_on`.

    Without outputs it is text. `annotate` (inside GitHub Actions) adds annotations where no format asks for them: they
    follow the text, and go to standard error where standard output is for a program. The summary on standard error names some of
    the skipped files; all of them where `detail` is `verbose`. Where it is `quiet` there is none.
    """
    wanted = tuple(outputs) or (("text", None),)
    _refuse_shared(wanted)
    for form, file in wanted:
        if file is None:
            text = _render(report, form, colour=colour)
            sys.stdout.write(text) if form == "text" else write_utf8(text)
        else:
            from sailwright.runtime.atomic_file import replace

            replace(file, _render(report, form, colour=False).encode("utf-8", "surrogateescape"))
    if annotate and all(form != "github" for form, _ in wanted):
        programs = any(file is None and form != "text" for form, file in wanted)
        (sys.stderr if programs else sys.stdout).write(_render(report, "github", colour=False))
    sys.stdout.flush()
    if detail != "quiet":
        sys.stderr.write(_summary(report, len(report.summary.skipped) if detail == "verbose" else SKIPPED_SHOWN))
    return int(any(reaches(finding, fail_on) for finding in report.findings))


def reaches(finding: Finding, fail_on: str) -> bool:
    """Whether a finding is as severe as `fail_on` says: a severity, or `never`."""
    return fail_on != "never" and _RANKS[finding.severity] >= _RANKS[fail_on]


def _refuse_shared(outputs: Sequence[Output]) -> None:
    files = [file for _, file in outputs]
    for file in files:
        if files.count(file) > 1:
            where = file or "standard output"
            raise Failure(f"two formats would be written to {where}: give each its own --format FORMAT=FILE")


def _render(report: Report, form: str, *, colour: bool) -> str:
    """The report in one format; only that format's module is imported."""
    from importlib import import_module

    if form == "text":
        if not report.findings:
            return ""
        from sailwright.diagnostics.report import text

        return text.render(report, colour=colour)
    rendered: str = import_module(f"sailwright.diagnostics.report.{_MODULES.get(form, form)}").render(report)
    return rendered


def _summary(report: Report, shown: int) -> str:
    summary = report.summary
    looked = f"{counted(summary.files, 'file')}, {counted(summary.documents, 'document')}"
    hidden = f", {summary.suppressed} suppressed" if summary.suppressed else ""
    lines = [f"{looked}: {verdict(report)}{hidden}"]
    lines += _skipped(summary.skipped[:shown]) if summary.skipped else []
    if len(summary.skipped) > shown:
        lines.append(f"skipped {len(summary.skipped) - shown} more (--verbose names them)")
    return "".join(f"{line}\n" for line in lines)


def _skipped(files: Sequence[Skipped]) -> list[str]:
    from sailwright.diagnostics.report.clean import printable

    return [f"skipped {printable(skipped.file)}: {printable(skipped.reason)}" for skipped in files]
