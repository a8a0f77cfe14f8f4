"""URLs as Go's net/url reads them: what it refuses, and whether the host is an IP address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BAD_HOST = re.compile(r"[ <>\"^`{|}\\]")


def is_url(text: str) -> bool:
    """Whether Go parses the text: no control characters, whole escapes, a sound host and a number for a port."""
    if _CONTROL.search(text) or _BROKEN_ESCAPE.search(text.partition("?")[0]) or text.startswith(":"):
        return False
    head, colon, _ = text.partition(":")
    if colon and "/" not in head and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", head):
        return False
    return _host(text) is not None


def url_address(text: str) -> str:
    """The IP address that a URL has for a host; empty where it has a name."""
    import ipaddress

    host = _host(text) if is_url(text) else None
    try:
        return str(ipaddress.ip_address(host or ""))
    except ValueError:
        return ""


def _host(text: str) -> str | None:
    """The host of a URL (empty where it has none), None where host or port cannot be read."""
    try:
        authority = urlsplit(text).netloc.rpartition("@")[2]
    except ValueError:
        return None
    if authority.startswith("["):
        host, bracket, port = authority[1:].partition("]")
        port = port if bracket and (not port or port.startswith(":")) else ":?"
    else:
        host, colon, digits = authority.rpartition(":")
        host, port = (host, colon + digits) if colon else (authority, "")
    if port not in ("", ":") and not port[1:].isdecimal():
        return None
    return None if _BAD_HOST.search(host) or (":" in host and not authority.startswith("[")) else host
