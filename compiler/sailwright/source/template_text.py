"""Text that a template language must render before it is YAML, known by its syntax and never by braces alone.

An action (`{{ .Values.x }}`) counts where a key or a value has to be; inside quotes, comments and block scalars it is data. A bare
`{{ args.x }}` is no proof: Argo Workflows and others read such files as they are, and unquoted it is broken YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sailwright.runtime.regex import regex

HELM = "a Helm template: lint what `helm template` prints, or use `--helm CHART`"
GO = "a Go template (Helm, helmfile, gomplate): render it first"
JINJA = "a Jinja template: render it first"
ERB = "an ERB template: render it first"
TERRAFORM = "a Terraform template: render it first"
MUSTACHE = "a Mustache template: render it first"
YTT = "a ytt template: lint what `ytt` prints"

_PLACE = r"(?:^\s*|[:,-]\s+|[\[{]\s*)"
"""Where a key or a value begins."""

_KEYWORDS = "if|else|end|range|with|define|block|template|include|toYaml|toJson|tpl|required|lookup|fromYaml"
_OF_HELM = regex(r"\{\{-?[^}]*(?:\.(?:Values|Release|Chart|Capabilities|Files|Template)\b|\binclude\s)")
_KEYWORD_ACTION = regex(_PLACE + r"\{\{-?\s*(?:/\*|(?:" + _KEYWORDS + r")\b)")
_GO_ACTION = regex(
    _PLACE + r"\{\{(?:-\s|\s*(?:\(|\.|\$\w*[.\s|}]|\w+(?:\.\w+)*\s+[\"'.$(`]|[^{}|]*[^{}|\s]\s*\|\s*\w))"
)
_JINJA = regex(_PLACE + r"(?:\{%|\{#|\{\{-?\s*cookiecutter\.)")
_ERB = regex(_PLACE + r"<%")
_TERRAFORM = regex(r"^\s*%\{~?\s*(?:if|else|endif|for|endfor)\b")
_MUSTACHE = regex(r"^\s*(?:-\s+)?\{\{\{?[#/^>!]\s*[\w.]+")
_YTT = regex(
    r"^\s*#@(?:data/values|overlay/|library/|schema/|yaml/|\s+(?:load\(|(?:def|if|for|end|else|elif)\b|data\.values))"
    r"|[:-]\s+#@\s+\S"
)
_BLOCK = regex(r"(?:^|[:\-]\s+|\s)(?:[|>])[+-]?[1-9]?[+-]?\s*(?:#.*)?$")
_QUOTED = regex(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")
_READ_AS_WRITTEN = regex(r"^kind:\s*[\"']?(?:ApplicationSet|Workflow|WorkflowTemplate|CronWorkflow)\b", re.MULTILINE)
"""Kinds whose own braces are filled in by a controller, long after the file was read as YAML."""


def template_language(text: str) -> str:
    """What has to be done with a file that did not read as YAML because it is a template; empty where it is none."""
    if not any(mark in text for mark in ("{{", "{%", "<%", "%{", "{#")):
        return ""
    lines = list(_structure(text))
    own_braces = _READ_AS_WRITTEN.search(text) is not None
    for line in lines:
        if _JINJA.search(line):
            return JINJA
        if _ERB.search(line):
            return ERB
        if _TERRAFORM.search(line):
            return TERRAFORM
        if _KEYWORD_ACTION.search(line) or (_GO_ACTION.search(line) and (not own_braces or _OF_HELM.search(line))):
            return HELM if any(_OF_HELM.search(each) for each in lines) else GO
        if _MUSTACHE.search(line):
            return MUSTACHE
    return ""


def is_ytt(text: str) -> bool:
    """Whether ytt makes this file: its annotations are comments, so the file reads as YAML without the values."""
    return "#@" in text and any(_YTT.search(line) for line in _structure(text, comments=True))


def _structure(text: str, *, comments: bool = False) -> Iterator[str]:
    """The lines that are no block scalar and no comment, with empty strings for what is quoted."""
    inside: int | None = None
    for raw in text.splitlines():
        stripped = raw.lstrip()
        if not stripped:
            continue
        indentation = len(raw) - len(stripped)
        if inside is not None:
            if indentation > inside:
                continue
            inside = None
        if stripped.startswith("#") and not comments:
            continue
        line = _QUOTED.sub('""', raw)
        if _BLOCK.search(line):
            inside = indentation
        yield line
