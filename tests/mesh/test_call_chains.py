"""Chains of calls: what a hop may cost, what the worst chain is, and how much work it is to find out."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sailwright.mesh.facts import Facts
from sailwright.mesh.index import Index
from sailwright.mesh.queries.call_chains import CallChains, longest, patience
from sailwright.mesh.queries.call_hops import Hop, short
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

EDGE = ""


def mesh(calls: Iterable[tuple[str, str]], routes: dict[str, dict[str, Any]] | None = None, exposed: str = "") -> Index:
    """Services of namespace `shop` that call each other; `routes` are the settings of the one route to a service."""
    import yaml

    pairs = list(calls)
    objects: list[dict[str, Any]] = []
    for name in sorted({name for pair in pairs for name in pair} | {exposed} - {""}):
        called = [f"shop/{callee}.shop.svc.cluster.local" for caller, callee in pairs if caller == name]
        meta = {"name": name, "namespace": "shop"}
        pod = {"metadata": {"labels": {"app": name}}}
        objects += [
            {"apiVersion": "v1", "kind": "Service", "metadata": meta,
             "spec": {"selector": {"app": name}, "ports": [{"name": "http", "port": 80}]}},
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": {"template": pod}},
        ]  # fmt: skip
        if called:
            spec = {"workloadSelector": {"labels": {"app": name}}, "egress": [{"hosts": called}]}
            objects.append({"apiVersion": "networking.istio.io/v1", "kind": "Sidecar", "metadata": meta, "spec": spec})
        if name == exposed or name in (routes or {}):
            rule = {**(routes or {}).get(name, {}), "route": [{"destination": {"host": name}}]}
            outside = {"gateways": ["mesh", "istio-ingress/public"]} if name == exposed else {}
            spec = {"hosts": [name], **outside, "http": [rule]}
            objects.append(
                {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": meta, "spec": spec}
            )
    return Index(manifests(parse("mesh.yaml", yaml.safe_dump_all(objects).encode(), "manifest")), Facts())


def host(name: str) -> str:
    return f"{name}.shop.svc.cluster.local"


def entry(index: Index) -> Hop:
    return next(hop for hop in index.derived(CallChains).hops if hop.caller == EDGE)


def told(chain: Iterable[Hop]) -> list[str]:
    return [short(hop.callee) for hop in chain]


def test_without_any_setting_there_are_two_retries_and_no_limit() -> None:
    hop = entry(mesh([], exposed="web"))

    assert (hop.tries, hop.timeout, hop.per_try, hop.retries_written) == (3, None, None, False)
    assert hop.backoff == Fraction(25 + 75, 1000)


def test_tries_multiply_along_a_chain() -> None:
    index = mesh([("web", "cart"), ("cart", "db")], {"db": {"retries": {"attempts": 1}}}, exposed="web")
    chains, first = index.derived(CallChains), entry(index)

    assert first.tries * chains.attempts(first.callee).amount == 3 * 3 * 2
    assert told(chains.chain(first, chains.attempts)) == ["shop/web", "shop/cart", "shop/db"]


def test_a_timeout_ends_all_tries_and_what_lies_behind_it() -> None:
    index = mesh(
        [("web", "cart"), ("cart", "db")], {"cart": {"timeout": "2s"}, "db": {"timeout": "30s"}}, exposed="web"
    )

    assert index.derived(CallChains).latency(host("web")).amount == 2


def test_tries_of_a_hop_without_a_limit_repeat_the_whole_chain_behind_it() -> None:
    index = mesh(
        [("web", "cart"), ("cart", "db")], {"cart": {"retries": {"attempts": 1}}, "db": {"timeout": "3s"}}, "web"
    )

    assert index.derived(CallChains).latency(host("web")).amount == 2 * 3 + Fraction(25, 1000)


def test_retries_of_zero_switch_the_limit_of_a_try_off_too() -> None:
    hop = entry(mesh([], {"web": {"retries": {"attempts": 0, "perTryTimeout": "1s"}}}, exposed="web"))

    assert (hop.tries, hop.per_try) == (1, None)


def test_a_chain_that_comes_back_is_followed_once() -> None:
    index = mesh([("web", "cart"), ("cart", "stock"), ("stock", "cart")], exposed="web")
    chains, first = index.derived(CallChains), entry(index)
    chain = chains.chain(first, chains.attempts)

    assert told(chain) == ["shop/web", "shop/cart", "shop/stock"]
    assert first.tries * chains.attempts(first.callee).amount == 27
    assert chains.comes_back(chain) == host("cart")


def test_the_most_patient_caller_counts_over_several_hops() -> None:
    calls = [("web", "cart"), ("admin", "cart"), ("cart", "db")]
    index = mesh(calls, {"web": {"timeout": "2s"}, "admin": {"timeout": "5s"}})
    known = index.derived(patience)

    assert known[host("cart")].seconds == 5
    assert known[host("cart")].hop.callee == host("admin")


def test_who_has_a_caller_without_a_limit_is_waited_for_for_ever() -> None:
    index = mesh([("web", "cart"), ("job", "cart")], {"web": {"timeout": "2s"}})

    assert host("cart") not in index.derived(patience)


@settings(max_examples=20)
@given(st.integers(2, 25), st.integers(1, 3))
def test_each_hop_is_looked_at_a_few_times_however_many_chains_there_are(width: int, layers: int) -> None:
    """Every service of a layer calls every one of the next: width ** layers chains, and width ** 2 * layers hops."""
    calls = [
        (f"s{layer}-{one}", f"s{layer + 1}-{other}")
        for layer in range(layers)
        for one in range(width)
        for other in range(width)
    ]
    chains = CallChains(mesh(calls, exposed="s0-0"))
    for ask in (chains.latency, chains.attempts):
        before = chains.steps
        ask(host("s0-0"))
        assert chains.steps - before <= 2 * len(chains.hops) + width * (layers + 1)


@given(st.integers(1, 6), st.integers(0, 6), st.sampled_from([None, 1, 5]), st.sampled_from([None, 2, 7]))
def test_a_hop_never_takes_less_than_what_it_waits_for(
    inner: int, retries: int, timeout: int | None, each: int | None
) -> None:
    source = entry(mesh([], exposed="web"))
    limits = [Fraction(limit) if limit else None for limit in (timeout, each)]
    hop = Hop(
        EDGE,
        host("web"),
        source.manifest,
        source.path,
        limits[0],
        limits[1],
        retries,
        retries_written=True,
        routed=True,
    )

    takes = longest(hop, Fraction(inner))
    assert takes <= (limits[0] or takes)
    assert takes >= min(limit for limit in (*limits, Fraction(inner)) if limit)
    assert takes <= longest(hop, Fraction(inner + 1))
