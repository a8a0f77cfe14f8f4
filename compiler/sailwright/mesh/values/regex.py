"""Regular expressions: Istio hands every one to Envoy, which knows RE2 only."""

from __future__ import annotations

from functools import cache

_MAX_LENGTH = 1024


def regex_fault(pattern: str) -> str | None:
    """What keeps Istio from taking `pattern`, or None. Istio limits the length because Envoy limits the program."""
    if not pattern:
        return "the regular expression is empty"
    if len(pattern.encode()) > _MAX_LENGTH:
        return f"the regular expression is longer than {_MAX_LENGTH} characters"
    return syntax_fault(pattern)


@cache
def syntax_fault(pattern: str) -> str | None:
    """What keeps RE2 from reading `pattern`."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as fault:
        return f"the regular expression is not RE2: {_words(fault)}"
    return None


def _words(fault: Exception) -> str:
    reason = fault.args[0] if fault.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
