"""A request from outside may take longer, or become more requests, than the `budget` of its service allows.

Timeouts, tries and the waits between them add up along a chain of calls, and tries multiply: three of three of three are 27 requests to
the last service for one of a user. Istio's defaults count: no timeout, and two retries on each hop.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import prod
from typing import Any

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import SERVICE, SERVICE_FILE
from sailwright.lint.rule import Place, Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.services import Service
from sailwright.mesh.queries.call_chains import CallChains, longest
from sailwright.mesh.queries.call_hops import Hop, short
from sailwright.mesh.values.duration import seconds
from sailwright.mesh.values.hosts import service_host
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import at
from sailwright.source.untyped import number, text

ID = "call-budget-exceeded"
KIND = SERVICE | SERVICE_FILE
SEVERITY: Severity = "error"
ALIASES: tuple[str, ...] = ()

_MESH = """
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/public]
  http:
    - timeout: 3s
      retries: {attempts: 1, perTryTimeout: 1s}
      route: [{destination: {host: web}}]
"""
_FILE = """
apiVersion: sailwright/v1alpha1
name: web
namespace: shop
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "example.com/web:1.0"}]
expose: {hosts: [shop.example.com], gateways: [istio-ingress/public]}
"""

BAD = (
    f"{_FILE}budget: {{latency: 2s}}  # finding\n{_MESH}",
    f"{_FILE}budget: {{attempts: 1}}  # finding\n{_MESH}",
)
GOOD = f"{_FILE}budget: {{latency: 2100ms, attempts: 2}}\n{_MESH}"


def check(subject: Service | Manifest, mesh: World) -> Iterator[Problem]:
    """The worst chain that begins at a gateway with a request to the service, by its length and by its tries."""
    if isinstance(subject, Service):
        manifest, budget = subject.manifest, _rendered(subject.manifest)
    else:
        manifest, budget = subject, subject.value.get("budget")
    if not isinstance(budget, dict):
        return
    index = mesh.index
    if isinstance(subject, Service):
        host = subject.hosts[0] if subject.hosts else ""
    else:
        host = service_host(text(subject.value.get("name")), text(subject.value.get("namespace")), index.domain)
    first = index.derived(_entries).get(host, ())
    latency, attempts = seconds(budget.get("latency")), number(budget.get("attempts"))
    if first and latency:
        yield from _too_long(index, manifest, first, latency)
    if first and attempts:
        yield from _too_many(index, manifest, first, attempts)


def _rendered(manifest: Manifest) -> Any:
    """The budget of the service that a rendered Service is for: as this environment has it."""
    if manifest.origin is None or ("budget",) not in manifest.origin.paths:
        return None
    written = {key: manifest.origin.written(("budget", key)) for key in ("latency", "attempts")}
    return {key: at(place.document.value, place.path) for key, place in written.items()}


def _entries(index: Index) -> Mapping[str, list[Hop]]:
    """The hops from the edge by the service that they lead to."""
    found: dict[str, list[Hop]] = {}
    for hop in index.derived(CallChains).hops:
        if not hop.caller:
            found.setdefault(hop.callee, []).append(hop)
    return found


def _too_long(index: Index, manifest: Manifest, first: list[Hop], budget: Fraction) -> Iterator[Problem]:
    chains = index.derived(CallChains)
    sums = [(longest(hop, chains.latency(hop.callee).amount), hop) for hop in first]
    worst, start = max(sums, key=lambda each: each[0])
    chain = _until_limited(chains.chain(start, chains.latency))
    unlimited = next((hop for _, hop in sums if hop.patience is None), None)
    path: Path = ("budget", "latency")
    if worst > budget:
        yield Problem(
            manifest,
            path,
            f"a request may take {_seconds(worst)}, and the budget is {_seconds(budget)}: {_told(chain)}",
            f"{_shorten(chain)}, or limit the whole at the edge: `timeout: {_seconds(budget)}` on the route to {short(start.callee)}",
            related=_places(chain),
        )
    elif unlimited is not None:
        yield Problem(
            manifest,
            path,
            f"nothing ends a request after the budget of {_seconds(budget)}: the route from the edge to "
            f"{short(unlimited.callee)} has no timeout, which is Istio's default",
            f"set `timeout: {_seconds(budget)}` there",
            related=_places((unlimited,)),
            severity="warning",
        )


def _too_many(index: Index, manifest: Manifest, first: list[Hop], budget: int) -> Iterator[Problem]:
    chains = index.derived(CallChains)
    worst, start = max(
        ((hop.tries * chains.attempts(hop.callee).amount, hop) for hop in first), key=lambda each: each[0]
    )
    if worst <= budget:
        return
    chain = chains.chain(start, chains.attempts)
    again = chains.comes_back(chain)
    turns = f"; the calls come back to {short(again)}, which is counted once" if again else ""
    yield Problem(
        manifest,
        ("budget", "attempts"),
        f"a request may become {worst} at the end of the chain, and the budget is {budget}: {_told(chain)}{turns}",
        _fewer(chain, budget),
        related=_places(chain),
    )


def _fewer(chain: tuple[Hop, ...], budget: int) -> str:
    """The hops to change so that the budget holds: those with the most tries first, of these the innermost."""
    product, changes = prod(hop.tries for hop in chain), []
    for _, hop in sorted(enumerate(chain), key=lambda each: (-each[1].tries, -each[0])):
        if product <= budget or hop.tries == 1:
            break
        rest = product // hop.tries
        tries = max(1, budget // rest)
        default = "" if hop.retries_written else " (two are Istio's default)"
        changes.append(f"`retries: {{attempts: {tries - 1}}}` for {short(hop.caller)} -> {short(hop.callee)}{default}")
        product = rest * tries
    return "set " + " and ".join(changes)


def _until_limited(chain: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """A chain as far as it decides how long it takes: what lies behind a time limit cannot add to it."""
    last = next((position for position, hop in enumerate(chain) if hop.patience is not None), len(chain) - 1)
    return chain[: last + 1]


def _shorten(chain: tuple[Hop, ...]) -> str:
    """What to change: the hop that sets the time, or the one that tries most often where the tries make it long."""
    last = chain[-1]
    limits = [limit for limit in (("timeout", last.timeout), ("perTryTimeout", last.per_try)) if limit[1] is not None]
    words = " and ".join(f"`{word}: {_seconds(limit)}`" for word, limit in limits if limit is not None)
    return f"lower {words} of {short(last.caller)} -> {short(last.callee)}" if words else "set timeouts along the chain"


def _told(chain: tuple[Hop, ...]) -> str:
    parts = [short(chain[0].caller)]
    for hop in chain:
        tries = f"{hop.tries} tries" if hop.tries > 1 else "1 try"
        each = f" of {_seconds(hop.per_try)}" if hop.per_try is not None else ""
        whole = f", timeout {_seconds(hop.timeout)}" if hop.timeout is not None else ""
        parts.append(f"{short(hop.callee)} ({tries}{each}{whole})")
    return " -> ".join(parts)


def _seconds(length: Fraction) -> str:
    return f"{float(length):g}s"


def _places(chain: tuple[Hop, ...]) -> tuple[Place, ...]:
    return tuple((hop.manifest, hop.path, f"{short(hop.caller)} -> {short(hop.callee)}") for hop in chain)
