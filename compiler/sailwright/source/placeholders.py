"""Placeholders: text that a later step replaces before the object is applied. What they become is a value nobody knows.

    ${VAR}, ${VAR:=default}     Flux (postBuild.substitute), envsubst; a default is used where it is plain text
    $(VAR)                      kustomize (vars and replacements)
    $VAR                        envsubst, scripts
    {{ path.basename }}         Argo CD (ApplicationSet), Argo Workflows, templates in quotes
    %DOMAIN%, @DOMAIN@          scripts
    {GATEWAY_CLASS}             test programs; with an underscore, which no name of a group in a pattern of paths has

Some fields hold such text for good: the arguments and environment of a container, data of ConfigMaps, Envoy's operators in
headers and log formats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sailwright.runtime.regex import regex
from sailwright.source.scalars import resolver

_ANYWHERE = regex(r"\$\{[A-Za-z_][^{}]*\}|\{\{[^{}]*\}\}|\$\([A-Za-z_][\w.-]*\)")
_SIGNS = regex(r"%[A-Z][A-Z0-9_]*%|@[A-Z][A-Z0-9_]+@|<%=.*?%>|\$[A-Za-z_][A-Za-z0-9_-]*|\{[A-Z][A-Z0-9]*_[A-Z0-9_]+\}")
_WITH_DEFAULT = regex(r"\$\{[A-Za-z_]\w*:?[=-]([^${}]*)\}")
KEPT_TEXT = frozenset(("args", "command", "env", "data", "stringData", "binaryData"))
"""Keys below which text of that form may stay for good."""
_MARK = regex(r"[${%@]")
"""What is in all of them."""


def has_placeholder(text: str) -> bool:
    """Whether a value is not known before something is filled in."""
    return _MARK.search(text) is not None and bool(_ANYWHERE.search(text) or _SIGNS.search(text))


def may_become(text: str, wanted: str) -> bool:
    """Whether a text is another one, or may be once its placeholders are filled in: `${ENV}-cart` may become `test-cart`."""
    if not has_placeholder(text):
        return text == wanted
    parts = _ANYWHERE.split(text) if _ANYWHERE.search(text) else _SIGNS.split(text)
    return re.fullmatch(".*".join(map(re.escape, parts)), wanted) is not None


def is_unknown(value: Mapping[str, Any], path: tuple[str | int, ...], message: str = "") -> bool:
    """Whether what is said of a place in an object hangs on a placeholder: at the place, in its key, in its list, or in what is
    said.
    """
    if any(key in KEPT_TEXT for key in path):
        return False
    if any(isinstance(key, str) and _ANYWHERE.search(key) for key in path):
        return True
    if _MARK.search(message) and _unknown_text(message, path):
        return True
    found = at(value, path)
    if isinstance(found, list):
        return any(isinstance(each, str) and _unknown_text(each, path) for each in found)
    return isinstance(found, str) and _unknown_text(found, path)


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a path; None where there is none."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def holds_placeholder(value: Any) -> bool:
    """Whether any value at or below this one is not known."""
    pending = [value]
    while pending:
        found = pending.pop()
        if isinstance(found, str):
            if _MARK.search(found) and has_placeholder(found):
                return True
        elif isinstance(found, dict):
            pending += [each for key, each in found.items() if key not in KEPT_TEXT]
        elif isinstance(found, list):
            pending += found
    return False


def with_defaults(value: Any, written: str = "") -> Any:
    """The same data with the defaults that placeholders give themselves (`${VAR:=default}`) in their places.

    A default that would be a number or true is one where it has no quotes in the text that was `written`; else it is left: Flux
    loses the quotes, envsubst keeps them.
    """
    if isinstance(value, str):
        return filled(value, _WITH_DEFAULT.sub(lambda found: found[1], value), written) if "${" in value else value
    if isinstance(value, dict):
        return {key: each if key in KEPT_TEXT else with_defaults(each, written) for key, each in value.items()}
    return [with_defaults(each, written) for each in value] if isinstance(value, list) else value


def filled(before: str, after: str, written: str) -> Any:
    """What YAML reads where a text had placeholders, once they are filled in; the text as it was where that is not known."""
    found = resolver("manifest")(after)
    if isinstance(found, str):
        return found
    plain = bool(written) and f'"{before}"' not in written and f"'{before}'" not in written
    return found if plain and isinstance(found, int | float) else before


def _unknown_text(text: str, path: tuple[str | int, ...]) -> bool:
    if _ANYWHERE.search(text):
        return True
    of_envoy = any(isinstance(key, str) and ("eader" in key or "ormat" in key) for key in path)
    return not of_envoy and _SIGNS.search(text) is not None
