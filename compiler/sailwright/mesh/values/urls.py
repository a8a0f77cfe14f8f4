"""URLs as Go's net/url reads them, as far as Istio looks at them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):(.*)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PORT = re.compile(r"(?::[0-9]*)?")
_HOST_CHARACTERS = re.compile(r"[^\x00-\x20\"<>\\^`{|}/?#]*")


def scheme(url: str) -> str | None:
    """The scheme in lower case, empty where there is none, None where Go's url.Parse refuses the URL."""
    if _CONTROL.search(url):
        return None
    rest, _, fragment = url.partition("#")
    match = _SCHEME.fullmatch(rest)
    name, rest = (match[1].lower(), match[2]) if match else ("", rest)
    if rest.startswith(":") and not match:
        return None
    if not name and ":" in rest.partition("/")[0]:
        return None
    path = rest.partition("?")[0]
    if path.startswith("//"):
        authority, _, path = path[2:].partition("/")
        if not _is_authority(authority):
            return None
    return None if _BAD_ESCAPE.search(path) or _BAD_ESCAPE.search(fragment) else name


def _is_authority(authority: str) -> bool:
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        bracket = host.rfind("]")
        return bracket > 0 and _PORT.fullmatch(host[bracket + 1 :]) is not None
    name, colon, port = host.rpartition(":")
    if colon and not re.fullmatch("[0-9]*", port):
        return False
    return _HOST_CHARACTERS.fullmatch(name if colon else host) is not None


def url_fault(url: str, schemes: Sequence[str]) -> str | None:
    found = scheme(url)
    if found is None:
        return f"'{url}' is not a URL"
    return None if found in schemes else f"'{url}' must start with {' or '.join(f'{name}://' for name in schemes)}"
