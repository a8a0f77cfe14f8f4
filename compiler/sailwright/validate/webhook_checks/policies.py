"""PeerAuthentication, ProxyConfig and what is small about the other policies."""

from __future__ import annotations

from collections.abc import Iterator

from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.names import go_integer
from sailwright.validate.webhook_checks.selectors import label_selector
from sailwright.validate.webhook_checks.subject import Subject, error


def check_peer_authentication(policy: Subject) -> Iterator[Problem]:
    spec = policy.spec
    ports = spec.get("portLevelMtls")
    selector = spec.get("selector")
    if ports and not (selector or {}).get("matchLabels"):
        yield error(("spec", "portLevelMtls"), "portLevelMtls needs a selector with labels")
    if ports is not None and not ports:
        yield error(("spec", "portLevelMtls"), "portLevelMtls is empty: remove it")
    for port in ports or ():
        number = go_integer(port)
        if number is None or not 1 <= number <= 65535:
            yield error(("spec", "portLevelMtls", port), "the port is outside 1..65535")
    yield from label_selector(selector, ("spec", "selector"), "matchLabels")


def check_proxy_config(config: Subject) -> Iterator[Problem]:
    spec = config.spec
    yield from label_selector(spec.get("selector"), ("spec", "selector"), "matchLabels")
    if spec.get("concurrency", 0) < 0:
        yield error(("spec", "concurrency"), "concurrency is negative")
