"""The calling workload as the command line and the tests of service files name it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from sailwright.errors import Failure
from sailwright.route.catalog import Catalog
from sailwright.route.scope import Caller


def caller_of(catalog: Catalog, namespace: str | None, labels: Iterable[str], gateway: str | None) -> Caller:
    """The caller of `--from`, `--label` and `--gateway`. Raises Failure (status 2) where the input knows none such."""
    if gateway is not None:
        return gateway_caller(catalog, gateway)
    if namespace is None:
        raise Failure("name who calls: --from NAMESPACE, or --gateway NAMESPACE/NAME")
    if namespace not in catalog.namespaces:
        hint = _near(namespace, catalog.namespaces) or "name one of the input's, or add a Namespace object"
        raise Failure(f"--from {namespace}: no object of the input lies in that namespace: {hint}")
    return Caller(namespace, tuple(sorted(_label(text) for text in labels)))


def gateway_caller(catalog: Catalog, name: str) -> Caller:
    """The proxy that serves a Gateway: it carries the labels that the Gateway selects."""
    if name not in catalog.gateways:
        hint = _near(name, catalog.gateways) or "it is written NAMESPACE/NAME, and its Gateway must be in the input"
        raise Failure(f"--gateway {name}: there is no such Gateway: {hint}")
    selector = catalog.gateways[name].spec.get("selector") or {}
    return Caller(name.partition("/")[0], tuple(sorted(selector.items())), name)


def _label(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise Failure(f"--label {text}: write it as KEY=VALUE")
    return key, value


def _near(wanted: str, known: Iterable[str]) -> str:
    near = get_close_matches(wanted, list(known), 1)
    return f"did you mean `{near[0]}`?" if near else ""
