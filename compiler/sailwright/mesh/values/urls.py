"""URLs as Go's net/url reads them, which is what istiod and the API server do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

_SCHEME = regex(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_CONTROL = regex(r"[\x00-\x1f\x7f]")
_BAD_ESCAPE = regex(r"%(?![0-9A-Fa-f]{2})")
_PORT = regex(r"(?::[0-9]*)?")
_USER = regex(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_HOST = regex(r"(?:[A-Za-z0-9!$&'()*+,;=:\[\]<>\"\-_.~\x80-\U0010ffff]|%25|%[89A-Fa-f][0-9A-Fa-f])*")
_ZONE = regex(r"%25(?:[^\x00-\x20#%/?@\\^`{|}]|%[0-9A-Fa-f]{2})*")


@dataclass(frozen=True, slots=True)
class Url:
    """`scheme` in lower case, `host` as it is written, brackets and port and all; each empty where the URL has none."""

    scheme: str
    host: str

    @property
    def hostname(self) -> str:
        """The host without its port and without the brackets of an IPv6 address."""
        if self.host.startswith("[") and "]" in self.host:
            return self.host[1 : self.host.rfind("]")]
        name, colon, port = self.host.rpartition(":")
        return name if colon and re.fullmatch("[0-9]*", port) else self.host


def parse_url(text: str) -> Url | None:
    """What Go's url.Parse makes of a text, or None where it refuses it.

    >>> parse_url("HTTPS://example.com:8443/keys"), parse_url("http://example.com:port/")
    (Url(scheme='https', host='example.com:8443'), None)
    """
    rest, _, fragment = text.partition("#")
    if _CONTROL.search(rest) or _BAD_ESCAPE.search(fragment) or rest.startswith(":"):
        return None
    found = _SCHEME.match(rest)
    scheme = found[1].lower() if found else ""
    rest = rest[found.end() if found else 0 :].partition("?")[0]
    if not rest.startswith("/") and scheme:
        return Url(scheme, "")
    if not rest.startswith("/") and ":" in rest.partition("/")[0]:
        return None
    host = ""
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, _, rest = rest[2:].partition("/")
        user, at, host = authority.rpartition("@")
        if not _is_host(host) or (at and (not _USER.fullmatch(user) or _BAD_ESCAPE.search(user))):
            return None
    return None if _BAD_ESCAPE.search(rest) else Url(scheme, host)


def _is_host(host: str) -> bool:
    """A name or an address, and perhaps a port; an address of IPv6 stands in brackets, and may name a zone after `%25`."""
    if "[" not in host:
        _, colon, port = host.rpartition(":")
        return (not colon or _PORT.fullmatch(f":{port}") is not None) and _HOST.fullmatch(host) is not None
    inside, bracket, port = host[1:].rpartition("]")
    if not host.startswith("[") or not bracket or not _PORT.fullmatch(port):
        return False
    address, zone, name = inside.partition("%25")
    return _is_ipv6(address) and (not zone or _ZONE.fullmatch(f"{zone}{name}") is not None)


def _is_ipv6(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def is_url(text: str) -> bool:
    """Whether Go's url.Parse takes the text."""
    return parse_url(text) is not None


def scheme(text: str) -> str | None:
    """The scheme in lower case, empty where there is none, None where Go's url.Parse refuses the URL."""
    url = parse_url(text)
    return None if url is None else url.scheme


def url_address(text: str) -> str:
    """The IP address that a URL has for a host; empty where it has a name, or is none."""
    import ipaddress

    url = parse_url(text)
    try:
        return str(ipaddress.ip_address(url.hostname if url else ""))
    except ValueError:
        return ""


def url_fault(text: str, schemes: Sequence[str]) -> str | None:
    """What Istio has against a URL that must have one of some schemes."""
    url = parse_url(text)
    if url is None:
        return f"'{text}' is not a URL"
    return (
        None if url.scheme in schemes else f"'{text}' must start with {' or '.join(f'{name}://' for name in schemes)}"
    )
