"""The reference of the rules, made from the rules: what `sailwright explain` prints and docs/rules holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from sailwright.diagnostics.rule_page import Page
from sailwright.lint.engine_findings import ENGINE_FINDINGS
from sailwright.lint.gate_findings import GATE_FINDINGS
from sailwright.lint.language_findings import LANGUAGE_FINDINGS
from sailwright.lint.rule import Examples, Rule, defaults, examples, family, page, parameters, preset
from sailwright.runtime.regex import regex

EXAMPLES_SHOWN = 2
"""Examples of each kind that a page shows; the others are for the tests."""

_MARK = regex(r"[ \t]*#[ \t]*finding(?: \(\d+\))?[ \t]*$", re.MULTILINE)


def explanation(rule: Rule) -> str:
    """A rule's page in Markdown, readable as text."""
    about = page(rule)
    parts = [
        f"# {about.rule}",
        _facts(rule),
        about.risk,
        about.reason,
        *_parameters(rule),
        _examples("Reported", rule.BAD),
        _examples("Fine", rule.GOOD),
        f"Suppress it on a line: `# sailwright: ignore[{about.rule}] why`",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def own_explanation(rule_id: str) -> str:
    """The page of one of the engine's own findings, or of the language's."""
    own = ENGINE_FINDINGS.get(rule_id) or LANGUAGE_FINDINGS.get(rule_id) or GATE_FINDINGS[rule_id]
    return f"# {rule_id}\n\nSeverity: {own.severity}\n\n{own.risk}\n\n{own.reason}\n"


def reference(rules: Iterable[Rule], introductions: dict[str, str]) -> dict[str, str]:
    """The pages of docs/rules by file name: an index and one page a family. `introductions` are the families' docstrings."""
    from inspect import cleandoc

    listed = list(rules)
    pages = {"README.md": _index(listed)}
    for name, group in groupby(listed, key=family):
        body = "\n".join(explanation(rule).replace("# ", "## ", 1) for rule in group)
        pages[f"{name}.md"] = f"{_GENERATED}\n# {name}\n\n{cleandoc(introductions[name])}\n\n{body}"
    pages["language.md"] = _own(
        "language",
        "Findings of reading, understanding and rendering. Warnings can be suppressed, errors cannot.",
        LANGUAGE_FINDINGS,
    )
    pages["engine.md"] = _own(
        "engine", "Findings about rules, suppressions and settings. They cannot be suppressed.", ENGINE_FINDINGS
    )
    pages["gate.md"] = _own(
        "gate", "Findings of `build --check` and of imported schemas. They cannot be suppressed.", GATE_FINDINGS
    )
    return pages


_GENERATED = "<!-- Made from the rules by `make rules`. Do not edit. -->"


def _facts(rule: Rule) -> str:
    about = page(rule)
    facts = [f"Severity: {about.severity}", f"preset: {preset(rule)}"]
    if about.aliases:
        facts.append(f"also known as {', '.join(about.aliases)}")
    return " · ".join(facts)


def _parameters(rule: Rule) -> Iterator[str]:
    given = defaults(rule)
    if given:
        lines = [f"- `{name}` ({_written(given[name])}): {text}" for name, text in parameters(rule).items()]
        yield "Parameters, set in `lint.rules` of sailwright.yaml:\n\n" + "\n".join(lines)


def _written(default: object) -> str:
    if isinstance(default, tuple):
        return "default `[" + ", ".join(map(str, default)) + "]`"
    return f"default `{str(default).lower() if isinstance(default, bool) else default}`"


def _examples(heading: str, given: Examples) -> str:
    shown = examples(given)[:EXAMPLES_SHOWN]
    texts = [f"```yaml\n{_MARK.sub('  # <- here', example.text).strip()}\n```" for example in shown]
    return f"{heading}:\n\n" + "\n\n".join(texts)


def _index(rules: list[Rule]) -> str:
    lines = [_GENERATED, "# Rules", "", "`sailwright explain RULE` prints a rule's page; a code works too.", ""]
    for name, group in groupby(rules, key=family):
        lines += [f"## [{name}]({name}.md)", "", "| Rule | Severity | Preset | Codes | Risk |", "|---|---|---|---|---|"]
        lines += [_row(rule, name) for rule in group]
        lines.append("")
    for title, file, findings in (
        ("The language", "language.md", LANGUAGE_FINDINGS),
        ("The engine's own findings", "engine.md", ENGINE_FINDINGS),
        ("The gate", "gate.md", GATE_FINDINGS),
    ):
        lines += [f"## [{title}]({file})", "", "| Rule | Severity | Risk |", "|---|---|---|"]
        lines += [f"| [{name}]({file}#{name}) | {own.severity} | {own.risk} |" for name, own in findings.items()]
        lines.append("")
    lines.pop()
    return "\n".join(lines) + "\n"


def _row(rule: Rule, name: str) -> str:
    about = page(rule)
    codes = ", ".join(about.aliases)
    risk = about.risk.replace("|", "\\|")
    return f"| [{about.rule}]({name}.md#{about.rule}) | {about.severity} | {preset(rule)} | {codes} | {risk} |"


def _own(name: str, introduction: str, findings: Mapping[str, Page]) -> str:
    body = "\n".join(own_explanation(each).replace("# ", "## ", 1) for each in findings)
    return f"{_GENERATED}\n# {name}\n\n{introduction}\n\n{body}"
