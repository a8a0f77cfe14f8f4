"""Requests as people write them: URLs on the command line, and lists of requests in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sailwright.route.request import Request
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

SCHEMES = {"http": 80, "https": 443, "tcp": 0, "tls": 443}
"""The schemes of --url, each with the port it means where the URL names none; 0: it must name one."""

FIELDS: Mapping[str, type] = {
    "url": str,
    "method": str,
    "port": int,
    "authority": str,
    "path": str,
    "headers": dict,
    "from": str,
    "labels": dict,
    "gateway": str,
}
TOKEN = regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HOST = regex(r"[A-Za-z0-9_*]([A-Za-z0-9_.*-]*[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]+\]")
PORTS = range(1, 65536)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sends a request, as flags and items name it: `--from` and `--label` (each `KEY=VALUE`), or `--gateway`."""

    namespace: str | None = None
    labels: tuple[str, ...] = ()
    gateway: str | None = None


@dataclass(frozen=True, slots=True)
class RequestItem:
    """A request of a list, and who sends it; None where the flags say so."""

    request: Request
    asker: Asker | None = None


def from_url(url: str, method: str, headers: Iterable[str]) -> Request:
    """The request that a client sends for a URL. Raises Failure (status 2) where it is none."""
    return _sent(f"--url {url}", url, _method("--method", method), _headers(headers))


def _sent(where: str, url: str, method: str, headers: dict[str, str]) -> Request:
    """The request for a URL with these headers; a header Host replaces the URL's. `where` begins every complaint."""
    example = "give it as http://HOST[:PORT]/PATH?QUERY, tcp://HOST:PORT or tls://SNI:PORT"
    _check_path(where, url)
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.netloc.rpartition("@")[2]
    except ValueError as error:
        raise Failure(f"{where}: {error}: {example}") from None
    name = re.sub(r":\d*$", "", host)
    if parts.scheme not in SCHEMES or not HOST.fullmatch(name):
        raise Failure(f"{where}: this is no URL of a request: {example}")
    default = SCHEMES[parts.scheme]
    if not (port or default):
        raise Failure(f"{where}: a TCP connection goes to a port: write {parts.scheme}://{name}:PORT")
    written = f"{name}:{port}" if port and port != default else name
    given = next((key for key in headers if key.lower() == "host"), None)
    return Request(
        port=port or default,
        authority=headers.pop(given) if given else written,
        method=method,
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        headers=headers,
        scheme=parts.scheme,
        dialled=name.lower(),
    )


def _headers(headers: Iterable[str]) -> dict[str, str]:
    """Headers of the command line; repeated ones are joined by commas, as Envoy compares them."""
    found: dict[str, str] = {}
    for header in headers:
        name, colon, value = header.partition(":")
        if not colon or not TOKEN.fullmatch(name.strip()):
            raise Failure(f"--header {header!r}: write it as 'NAME: VALUE'")
        key = next((known for known in found if known.lower() == name.strip().lower()), name.strip())
        found[key] = f"{found[key]},{value.strip()}" if key in found else value.strip()
        _check_value(f"--header {header!r}", value)
    return found


def from_json(text: str, file: str) -> list[RequestItem]:
    """The items of a JSON list of requests. Raises Failure (status 2) that names the file, the request and the field."""
    import json

    try:
        given = json.loads(text)
    except ValueError as error:
        raise Failure(f"{file}: this is no JSON: {error}") from None
    if not isinstance(given, list):
        raise Failure(f'{file}: write a list of requests: [{{"authority": "reviews:9080", "path": "/"}}]')
    return [_item(item, f"{file}: request {number}") for number, item in enumerate(given, 1)]


def _item(given: Any, where: str) -> RequestItem:
    if not isinstance(given, dict):
        raise Failure(f"{where}: write it as an object with {', '.join(FIELDS)}")
    for key, value in given.items():
        if key not in FIELDS:
            raise Failure(f"{where}: there is no field `{key}`: the fields are {', '.join(FIELDS)}")
        if not isinstance(value, FIELDS[key]) or isinstance(value, bool):
            wanted = {str: "text", int: "a whole number", dict: "an object of texts"}[FIELDS[key]]
            raise Failure(f"{where}: `{key}` must be {wanted}")
    labels, gateway = given.get("labels", {}), given.get("gateway")
    if not all(isinstance(value, str) for value in labels.values()):
        raise Failure(f"{where}: `labels` must map names to texts")
    if gateway is not None and ("from" in given or labels):
        raise Failure(f"{where}: name a workload (`from`, `labels`) or a `gateway`, not both")
    asker = Asker(given.get("from"), tuple(f"{key}={value}" for key, value in labels.items()), gateway)
    return RequestItem(_request(given, where), asker if asker != Asker() else None)


def _request(given: Mapping[str, Any], where: str) -> Request:
    headers = given.get("headers", {})
    if not all(isinstance(value, str) and TOKEN.fullmatch(name) for name, value in headers.items()):
        raise Failure(f"{where}: `headers` must map header names to texts")
    for value in headers.values():
        _check_value(where, value)
    method = _method(where, given.get("method", "GET"))
    if "url" in given:
        doubled = next((key for key in ("port", "authority", "path") if key in given), None)
        if doubled:
            raise Failure(f"{where}: `url` says the {doubled} already: leave `{doubled}` out")
        return _sent(f"{where}: {given['url']}", given["url"], method, dict(headers))
    authority, path = given.get("authority", ""), given.get("path", "/")
    if not authority:
        raise Failure(f"{where}: `authority` is missing: it is the Host header (or give a `url`)")
    if not path.startswith("/"):
        raise Failure(f"{where}: `path` must begin with `/`")
    _check_path(where, authority + path)
    port = given.get("port") or _port_of(authority)
    if port not in PORTS:
        raise Failure(f"{where}: `port` must be between 1 and 65535")
    return Request(port, authority, method, path, headers)


def _port_of(authority: str) -> int:
    port = re.search(r":(\d+)$", authority)
    return int(port[1]) if port else SCHEMES["http"]


def _method(where: str, method: str) -> str:
    if not TOKEN.fullmatch(method):
        raise Failure(f"{where}: {method!r} is no HTTP method")
    return method


def _check_path(where: str, path: str) -> None:
    if any(character <= " " or character == "\x7f" for character in path):
        raise Failure(f"{where}: spaces and control characters must be percent-encoded (a space is %20)")


def _check_value(where: str, value: str) -> None:
    if any((character < " " and character != "\t") or character == "\x7f" for character in value):
        raise Failure(f"{where}: a header cannot hold control characters")
