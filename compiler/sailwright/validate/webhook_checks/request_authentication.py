"""RequestAuthentication: issuers, key sets and where tokens are read from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.duration import duration_fault
from sailwright.mesh.values.urls import url_fault
from sailwright.runtime.regex import regex
from sailwright.validate.webhook_checks.headers import strict_name_fault
from sailwright.validate.webhook_checks.selectors import policy_target
from sailwright.validate.webhook_checks.subject import Message, Subject, error, warning

#: What a key of each type must have (RFC 7518): JSON Web Key names.
_KEY_PARTS = {"RSA": ("e", "n"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x"), "oct": ("k",)}
_PRIVATE_PARTS = ("d", "p", "q", "dp", "dq", "qi", "k")
_BASE64URL = regex(r"[A-Za-z0-9_\-+/]*=*")


def check(policy: Subject) -> Iterator[Problem]:
    yield from policy_target(policy.spec)
    for place, rule in enumerate(policy.spec.get("jwtRules", ())):
        yield from _jwt_rule(rule, ("spec", "jwtRules", place))


def _jwt_rule(rule: Message, path: Path) -> Iterator[Problem]:
    address = "jwksUri" if "jwksUri" in rule else "jwks_uri"
    if not rule.get("issuer") and not rule.get(address):
        yield error(path, "a rule needs an issuer or a jwksUri")
    for name, what in (("audiences", "audience"), ("fromParams", "parameter"), ("fromCookies", "cookie")):
        for place, value in enumerate(rule.get(name, ())):
            if not value:
                yield error((*path, name, place), f"the {what} is empty")
    if rule.get(address) and (fault := url_fault(rule[address], ("http", "https"))):
        yield error((*path, address), fault)
    if rule.get("jwks"):
        yield from _key_set(rule["jwks"], (*path, "jwks"))
    for place, location in enumerate(rule.get("fromHeaders", ())):
        if not location.get("name"):
            yield error((*path, "fromHeaders", place), "the header needs a name")
    for place, output in enumerate(rule.get("outputClaimToHeaders", ())):
        where = (*path, "outputClaimToHeaders", place)
        if not output.get("claim") or not output.get("header"):
            yield error(where, "outputClaimToHeaders needs claim and header")
        elif fault := strict_name_fault(output["header"]):
            yield error((*where, "header"), fault)
    if "timeout" in rule and (fault := duration_fault(rule["timeout"])):
        yield error((*path, "timeout"), fault)


def _key_set(text: str, path: Path) -> Iterator[Problem]:
    """A key set's values never stand in the message: they may be private."""
    try:
        keys = json.loads(text)
    except (ValueError, RecursionError):
        yield error(path, "jwks is not JSON")
        return
    several = keys.get("keys") if isinstance(keys, dict) else None
    if not isinstance(keys, dict) or ("keys" in keys and not isinstance(several, list)):
        yield error(path, "jwks must be {keys: [...]} or one key")
        return
    for key in [keys] if several is None else several:
        if fault := _key_fault(key):
            yield error(path, fault)
            return
        if any(part in key for part in _PRIVATE_PARTS):
            yield warning(path, "jwks holds a private key: whoever reads this object can sign tokens")


def _key_fault(key: Any) -> str | None:
    kind = key.get("kty") if isinstance(key, dict) else None
    parts = _KEY_PARTS.get(kind) if isinstance(kind, str) else None
    if parts is None:
        return "a key of jwks has no known kty: RSA, EC, OKP or oct"
    for part in parts:
        value = key.get(part)
        if not isinstance(value, str) or (part != "crv" and _BASE64URL.fullmatch(value) is None):
            return f"the {kind} key of jwks needs '{part}'"
    return None
