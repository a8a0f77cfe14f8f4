"""The names Istio accepts: hosts, labels, addresses, ports. Each function says what is wrong, or returns None.

Facts of Istio's pkg/config/labels and pkg/config/validation/agent: a DNS label may hold upper case, an underscore
may not stand anywhere, a host may start with a wildcard label.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sailwright.runtime.regex import regex

_LABEL = r"[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
_DNS_LABEL = regex(_LABEL)
_WILDCARD_LABEL = regex(rf"\*|(?:\*|\*-)?{_LABEL}")
_QUALIFIED = r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL_KEY = regex(rf"({_LABEL}(?:\.{_LABEL})*/)?({_QUALIFIED})")
_LABEL_VALUE = regex(rf"(?:{_QUALIFIED})?")
_GO_INTEGER = regex(r"[+-]?[0-9]+")

UNIX = "unix://"


def is_dns_label(name: str) -> bool:
    return len(name.encode()) <= 63 and _DNS_LABEL.fullmatch(name) is not None


def is_wildcard_label(name: str) -> bool:
    return len(name.encode()) <= 63 and _WILDCARD_LABEL.fullmatch(name) is not None


def go_integer(text: str) -> int | None:
    """The number Go's strconv.Atoi reads, or None."""
    if _GO_INTEGER.fullmatch(text) is None or len(text) > 20:
        return None
    number = int(text)
    return number if -(2**63) <= number < 2**63 else None


def domain_fault(name: str) -> str | None:
    """What keeps `name` from being a fully qualified domain name."""
    return _length_fault(name) or _labels_fault(name, name)


@lru_cache(maxsize=1024)
def wildcard_domain_fault(name: str) -> str | None:
    """As `domain_fault`, where the first label may be or start with a wildcard."""
    if fault := _length_fault(name):
        return fault
    first, dot, rest = name.partition(".")
    if not is_wildcard_label(first):
        return _label_fault(name, first)
    return _labels_fault(rest, name) if dot else None


def _length_fault(name: str) -> str | None:
    if not name:
        return "the host is empty"
    if len(name.encode()) > 255:
        return f"host '{name[:40]}...' is longer than 255 characters"
    return None


def _labels_fault(name: str, whole: str) -> str | None:
    labels = name.split(".")
    if go_integer(labels[-1]) is not None:
        return f"'{whole}' is not a host: its last label '{labels[-1]}' is a number"
    for place, label in enumerate(labels):
        if label == "" and place == len(labels) - 1:
            return None
        if not is_dns_label(label):
            return _label_fault(whole, label)
    return None


def _label_fault(host: str, label: str) -> str:
    return f"'{host}' is not a host: label '{label}' must be letters, digits and inner '-', at most 63"


def is_ip(text: str) -> bool:
    return _address_bits(text) is not None


def _address_bits(text: str, zone: bool = True) -> int | None:
    """32 or 128 for an address as Go's netip.ParseAddr reads it."""
    from ipaddress import AddressValueError, IPv6Address

    if ":" not in text:
        return 32 if _is_ipv4(text) else None
    bare, percent, name = text.partition("%")
    if percent and (not zone or not name):
        return None
    try:
        IPv6Address(bare)
    except AddressValueError:
        return None
    return 128


def _is_ipv4(text: str) -> bool:
    from ipaddress import AddressValueError, IPv4Address

    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def is_cidr(text: str) -> bool:
    """A prefix as Go's netip.ParsePrefix reads it."""
    address, slash, length = text.rpartition("/")
    bits = _address_bits(address, zone=False)
    if not slash or bits is None or not re.fullmatch(r"[0-9]{1,3}", length) or length != str(int(length)):
        return False
    return int(length) <= bits


def ip_fault(text: str) -> str | None:
    return None if is_ip(text) else f"'{text}' is not an IP address"


def subnet_fault(text: str) -> str | None:
    if text.count("/") == 1:
        return None if is_cidr(text) else f"'{text}' is not a CIDR block"
    return ip_fault(text)


def port_fault(number: int) -> str | None:
    return None if 1 <= number <= 65535 else f"port {number} is outside 1..65535"


def port_name_fault(name: str) -> str | None:
    return None if is_dns_label(name) else f"port name '{name}' is not a DNS label"


def unix_fault(path: str) -> str | None:
    """What keeps the part after unix:// from naming a socket: an absolute file path, or @name."""
    if not path:
        return "the socket path after unix:// is empty"
    if path.startswith("@") or (path.startswith("/") and not path.endswith("/")):
        return None
    return f"'{path}' is not an absolute path to a file"


def partial_wildcard_fault(host: str) -> str | None:
    if "*" in host and host != "*" and not host.startswith("*."):
        return f"'{host}': a wildcard must be the whole first label, as in *.example.com"
    return None


def label_key_fault(key: str) -> str | None:
    match = _LABEL_KEY.fullmatch(key)
    if match is None or len(match[1] or "") - 1 > 253 or len(match[2]) > 63:
        return f"'{key}' is not a label key"
    return None


def label_value_fault(value: str) -> str | None:
    return None if _LABEL_VALUE.fullmatch(value) else f"'{value}' is not a label value"


def matches(host: str, other: str) -> bool:
    """Do two hosts, each perhaps with a wildcard prefix, have a name in common?"""
    if host.startswith("*") and other.startswith("*"):
        longer, shorter = sorted((host[1:], other[1:]), key=len, reverse=True)
        return longer.endswith(shorter)
    if host.startswith("*"):
        return other.endswith(host[1:]) and len(other) >= len(host[1:])
    if other.startswith("*"):
        return host.endswith(other[1:])
    return host == other


def is_within(host: str, other: str) -> bool:
    """Is every name of `host` one of `other`?"""
    if host.startswith("*"):
        return other.startswith("*") and host[1:].endswith(other[1:]) and len(host) >= len(other)
    return matches(host, other)
