"""Which protocol a port gets, and why: Istio's own selection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.mesh.objects.selectors import Labelled, label_selector_selects, selects
from sailwright.mesh.values.hosts import covers, fqdn, overlap
from sailwright.mesh.values.protocol import declared_protocol, service_port_protocol


@pytest.mark.parametrize(
    ("number", "name", "l4", "app_protocol", "expected"),
    [
        (80, "http", "TCP", None, "HTTP"),
        (80, "HTTP-web", "TCP", None, "HTTP"),
        (80, "web-http", "TCP", None, "auto"),
        (80, "http", "UDP", None, "UDP"),
        (80, "udp-x", "TCP", None, "UDP"),
        (80, "http", "TCP", "tcp", "TCP"),
        (80, "http", "TCP", "", "auto"),
        (80, "x", "TCP", "kubernetes.io/h2c", "HTTP2"),
        (80, "kubernetes.io/h2c", "TCP", None, "auto"),
        (80, "grpc-webx", "TCP", None, "GRPC-Web"),
        (80, "mongodb", "TCP", None, "auto"),
        (27017, "mongodb", "TCP", None, "TCP"),
        (3306, "", "SCTP", None, "TCP"),
        (5432, "postgres", "TCP", None, "auto"),
    ],
)
def test_service_ports(number: int, name: str, l4: str, app_protocol: str | None, expected: str) -> None:
    """UDP first, then appProtocol, then the name up to its first dash, then the well-known ports."""
    assert service_port_protocol(number, name, l4, app_protocol).name == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("Http", "HTTP"), ("http-web", "auto"), ("", "auto"), ("mysql", "MySQL")]
)
def test_other_ports_need_the_exact_word(word: str, expected: str) -> None:
    """ServiceEntry, Gateway and Sidecar ports take no suffix."""
    assert declared_protocol(word).name == expected


def test_the_reason_completes_a_sentence() -> None:
    """Messages say "port 9000 is ... because ..."."""
    assert (
        service_port_protocol(9000, "mongodb", "TCP", None).reason
        == "its name `mongodb` names no protocol that Istio knows"
    )
    assert service_port_protocol(9000, "http-web", "TCP", None).reason == "its name `http-web` begins with it"


def test_only_a_name_without_a_dot_is_short() -> None:
    """`reviews.shop` stays as it is and matches no Service."""
    assert fqdn("reviews", "shop") == "reviews.shop.svc.cluster.local"
    assert fqdn("reviews.shop", "pay") == "reviews.shop"
    assert fqdn("*", "pay") == "*"


hosts = st.text("ab.", min_size=1, max_size=6).map(lambda text: text.strip(".") or "a")
patterns = st.one_of(hosts, hosts.map(lambda host: "*." + host), st.just("*"))


@given(patterns, patterns, patterns)
def test_covering_is_an_order(one: str, two: str, three: str) -> None:
    """Each pattern covers itself, and what it covers covers no more than it does."""
    assert covers(one, one)
    if covers(one, two) and covers(two, three):
        assert covers(one, three)
    assert overlap(one, two) == overlap(two, one)


label_maps = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xy"))


@given(st.lists(label_maps), label_maps)
def test_asking_by_the_rarest_label_finds_what_trying_all_finds(
    pods: list[dict[str, str]], selector: dict[str, str]
) -> None:
    """The index is only faster."""
    expected = tuple(pod for pod in pods if selects(selector, pod))
    assert Labelled(pods, lambda pod: pod).selected(selector) == expected


def test_label_selectors_read_expressions_as_kubernetes_does() -> None:
    """NotIn holds for a missing label; an unknown operator selects nothing."""

    def selected(operator: str, **labels: str) -> bool:
        return label_selector_selects(
            {"matchExpressions": [{"key": "a", "operator": operator, "values": ["x"]}]}, labels
        )

    assert selected("In", a="x")
    assert not selected("In")
    assert selected("NotIn")
    assert not selected("NotIn", a="x")
    assert selected("Exists", a="y")
    assert selected("DoesNotExist")
    assert not selected("Near", a="x")
    assert label_selector_selects(None, {})
