"""A request as the caller's proxy sees it, and the path normalisation that comes before any rule."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sailwright.runtime.records import dataclass, field
from sailwright.runtime.regex import regex

BASE, MERGE_SLASHES, DECODE, NONE = "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES", "NONE"
UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
ESCAPED = frozenset(' "<>`{}^|')
HTTP, HTTPS, TCP, TLS = "http", "https", "tcp", "tls"
TLS_SCHEMES = frozenset({TLS, HTTPS})
"""The schemes of a URL whose clients begin with TLS."""
ESCAPE = regex("%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `headers` are as sent, repeated ones joined by commas; `path` is with the query.

    `authority` is the Host header; `dialled` the host whose address the client connects to, empty where it is the one of
    `authority`.
    """

    port: int
    authority: str
    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "http"
    dialled: str = ""

    @property
    def target(self) -> str:
        """The host whose address the client connects to, in lower case; a TLS client sends it as the SNI."""
        return self.dialled or without_port(self.authority).lower()

    @property
    def sni(self) -> str:
        """The server name of the ClientHello; empty where the client speaks no TLS. It does not depend on the Host header."""
        return self.target if self.scheme in TLS_SCHEMES else ""


class NormalizedRequest:
    """What the conditions of a rule look at: the normalised path without its query, headers by lower-case name."""

    __slots__ = ("_params", "headers", "path", "query")

    def __init__(self, request: Request, normalization: str) -> None:
        path, mark, query = request.path.partition("?")
        self.path = normalize_path(path, normalization)
        self.query = mark + query
        self._params: dict[str, str] | None = None
        self.headers = {name.lower(): value for name, value in request.headers.items()}
        self.headers[":method"] = request.method
        self.headers[":authority"] = request.authority
        self.headers[":scheme"] = request.scheme

    @property
    def params(self) -> dict[str, str]:
        """Query parameters, not decoded; of a repeated one the first."""
        if self._params is None:
            self._params = {}
            for pair in self.query[1:].split("&") if self.query else ():
                name, _, value = pair.partition("=")
                self._params.setdefault(name, value)
        return self._params


def normalize_path(path: str, mode: str) -> str:
    """The path as Envoy hands it to the rules. Source: MeshConfig `pathNormalization` and Envoy's path canonicalisation."""
    if mode == NONE:
        return path
    if mode == DECODE:
        path = re.sub("%2[fF]", "/", re.sub("%5[cC]", "\\\\", path))
    if "%" in path or "\\" in path or "/." in path or not path.isascii() or ESCAPED & set(path):
        path = _canonical(path)
    if mode in (MERGE_SLASHES, DECODE):
        path = re.sub("/{2,}", "/", path)
    return path


def _canonical(path: str) -> str:
    """Unreserved characters unescaped, unsafe ones escaped, backslashes turned, dot segments resolved (RFC 3986, 5.2.4)."""
    path = ESCAPE.sub(_unescape, path.replace("\\", "/"))
    path = "".join(_escape(character) for character in path)
    kept: list[str] = []
    segments = path.split("/")[1:]
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept)


def _unescape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in UNRESERVED else match[0]


def _escape(character: str) -> str:
    if character in ESCAPED or character < " " or character == "\x7f":
        return f"%{ord(character):02X}"
    return character if character.isascii() else "".join(f"%{byte:02X}" for byte in character.encode())


def without_port(authority: str) -> str:
    """A Host header without its port; the brackets of an IPv6 address stay."""
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isdigit() or (":" in host and not host.endswith("]")):
        return authority
    return host
