"""The annotations that injection reads: which values Istio refuses, and what a value must never be able to do.

The rules are those of the injector (pkg/kube/inject/validate.go) of each release. Besides, no value may hold what would have
ended its scalar in Istio's own text templates: there it changed the pod or broke the template, here it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from sailwright.mesh.values.quantity import is_quantity
from sailwright.render.injection import go_json, names
from sailwright.runtime.regex import regex

Check = Callable[[str], str]
"""Takes a value and says what is wrong with it; empty if nothing is."""

TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
FALSE = frozenset(("0", "f", "F", "FALSE", "false", "False"))
"""The booleans of Go's strconv.ParseBool."""


def faults(annotations: Mapping[str, str], differences: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each annotation whose value the injector of that release refuses, and why."""
    for name, value in annotations.items():
        for check in _checks(differences).get(name, ()):
            fault = check(value)
            if fault:
                yield name, fault
                break


def checked_by_istio(differences: frozenset[str]) -> frozenset[str]:
    """The annotations whose values Istio's own injector of that release checks."""
    found = frozenset(name for name, checks in _ALWAYS.items() if not _OURS.intersection(checks))
    found |= frozenset(names.RESOURCES) if "quantities-checked" in differences else frozenset()
    return found | frozenset(_INTERFACES) if "interfaces-checked" in differences else found


@lru_cache(maxsize=32)
def _checks(differences: frozenset[str]) -> Mapping[str, tuple[Check, ...]]:
    checks: dict[str, tuple[Check, ...]] = dict(_ALWAYS)
    if "core-dump-unchecked" not in differences:
        checks[names.CORE_DUMP] = (_boolean,)
    if "quantities-checked" in differences:
        checks |= dict.fromkeys(names.RESOURCES, (_quantity,))
    if "interfaces-checked" in differences:
        checks |= dict.fromkeys(_INTERFACES, (_quotable, _interfaces))
    return checks


def _mode(value: str) -> str:
    return "" if value in ("REDIRECT", "TPROXY", "NONE") else "use REDIRECT, TPROXY or NONE"


def _boolean(value: str) -> str:
    return "" if value in TRUE | FALSE else 'use "true" or "false"'


def _unsigned(value: str) -> str:
    fits = value.isascii() and value.isdecimal() and len(value) <= _LONGEST_NUMBER and int(value) < 2**32
    return "" if fits else "a number of at least 0 is needed"


_LONGEST_NUMBER = 20


def _port(value: str) -> str:
    text = value.strip()
    fits = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER and int(text) < 2**16
    return "" if fits else f"`{text}` is not a port from 0 to 65535"


def _ports(value: str) -> str:
    if not value.strip():
        return ""
    return next(filter(None, map(_port, value.split(","))), "")


def _ports_or_all(value: str) -> str:
    return "" if value == "*" else _ports(value)


def _ranges(value: str) -> str:
    if not value:
        return ""
    wrong = next((item for item in value.split(",") if not _is_range(item)), None)
    return "" if wrong is None else f"`{wrong}` is not a CIDR range like 10.0.0.0/8"


def _ranges_or_all(value: str) -> str:
    return "" if value == "*" else _ranges(value)


def _is_range(text: str) -> bool:
    """Go's netip.ParsePrefix: no zone, no leading zeros, a length that fits; host bits may be set."""
    import ipaddress

    address, slash, length = text.partition("/")
    if not slash or not length.isascii() or not length.isdecimal() or (length[0] == "0" and length != "0"):
        return False
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return "%" not in address and int(length) <= parsed.max_prefixlen


def _quantity(value: str) -> str:
    return "" if is_quantity(value) else "a quantity like 100m or 128Mi is needed"


_INTERFACE = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}")
_INTERFACES = (names.REROUTE_INTERFACES, names.KUBEVIRT_INTERFACES, names.EXCLUDE_INTERFACES)


def _interfaces(value: str) -> str:
    items = value.split(",") if value else []
    wrong = next((item for item in items if not _INTERFACE.fullmatch(item.strip())), None)
    return "" if wrong is None else f"`{wrong}` is not a network interface's name"


_BREAKS_QUOTES = regex(r"[\"\\\x00-\x1f\x7f-\x9f]")
_BREAKS_PLAIN = regex(r"[\x00-\x1f\x7f-\x9f]|:(?= |$)| #")


def _quotable(value: str) -> str:
    found = _BREAKS_QUOTES.search(value)
    return f"it may not hold {_named(found[0])}" if found else ""


def _plain(value: str) -> str:
    found = _BREAKS_PLAIN.search(value)
    return f"it may not hold {_named(found[0])}" if found else ""


def _named(text: str) -> str:
    known = {
        "\n": "a line break",
        '"': "a double quote",
        "\\": "a backslash",
        ":": "a colon before a space or at the end",
    }
    return known.get(text) or (f"`{text}`" if text.isprintable() else "a control character")


def _json_items(value: str) -> str:
    """A map or a list, as the template's `fromJSON` and `range` take them."""
    data = go_json.loads(value)
    if not isinstance(data, (dict, list)) and value.strip() != "null":
        return 'a JSON object or list is needed, like {"data":{"emptyDir":{}}} or [{"name":"data","emptyDir":{}}]'
    items = data.items() if isinstance(data, dict) else enumerate(data or ())
    wrong = next((name for name, item in items if not isinstance(item, dict)), None)
    return "" if wrong is None else f"the value of `{wrong}` must be a JSON object"


_ALWAYS: Mapping[str, tuple[Check, ...]] = {
    names.INTERCEPTION: (_mode,),
    names.STATUS_PORT: (_port,),
    names.READINESS_DELAY: (_unsigned,),
    names.READINESS_PERIOD: (_unsigned,),
    names.READINESS_FAILURES: (_unsigned,),
    names.INCLUDE_OUTBOUND_RANGES: (_ranges_or_all,),
    names.EXCLUDE_OUTBOUND_RANGES: (_ranges,),
    names.INCLUDE_INBOUND_PORTS: (_ports_or_all,),
    names.EXCLUDE_INBOUND_PORTS: (_ports,),
    names.EXCLUDE_OUTBOUND_PORTS: (_ports,),
    names.MERGE_METRICS: (_boolean,),
    names.INCLUDE_OUTBOUND_PORTS: (_quotable,),
    names.REROUTE_INTERFACES: (_quotable,),
    names.KUBEVIRT_INTERFACES: (_quotable,),
    names.EXCLUDE_INTERFACES: (_quotable,),
    names.PROXY_IMAGE: (_quotable,),
    names.PROXY_IMAGE_TYPE: (_quotable,),
    names.AGENT_LOG_LEVEL: (_quotable, _plain),
    names.LOG_LEVEL: (_plain,),
    names.COMPONENT_LOG_LEVEL: (_plain,),
    names.BOOTSTRAP: (_plain,),
    names.PROXY_CPU: (_quotable,),
    names.PROXY_MEMORY: (_quotable,),
    names.PROXY_CPU_LIMIT: (_quotable,),
    names.PROXY_MEMORY_LIMIT: (_quotable,),
    names.USER_VOLUME: (_json_items,),
    names.USER_MOUNT: (_json_items,),
}
_OURS: frozenset[Check] = frozenset((_quotable, _plain, _json_items))
"""The checks that Istio does not make: its templates break instead."""
