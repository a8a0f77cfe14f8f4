"""Single values, read as Go, Envoy and Istio read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.mesh.values.duration import duration_fault, nanoseconds
from sailwright.mesh.values.names import (
    domain_fault,
    is_cidr,
    is_dns_label,
    is_ip,
    is_within,
    label_key_fault,
    label_value_fault,
    matches,
    partial_wildcard_fault,
    unix_fault,
    wildcard_domain_fault,
)
from sailwright.mesh.values.re2 import regex_fault
from sailwright.mesh.values.urls import scheme
from sailwright.validate.webhook_checks.headers import header_value_fault, match_name_fault

SECOND = 10**9


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0", 0),
        ("0s", 0),
        ("1s", SECOND),
        ("1h30m", 5400 * SECOND),
        (".5s", SECOND // 2),
        ("1.s", SECOND),
        ("-1.5s", -3 * SECOND // 2),
        ("+5ms", 5 * 10**6),
        ("10us", 10_000),
        ("10\N{MICRO SIGN}s", 10_000),
        ("1ns", 1),
    ],
)
def test_durations(text: str, length: int) -> None:
    """What Go's time.ParseDuration takes."""
    assert nanoseconds(text) == length


@pytest.mark.parametrize("text", ["", "-", "5", "s", ".s", "1 s", "1d", "1s ", "1e3s", "9999999999h"])
def test_no_durations(text: str) -> None:
    """What it refuses: a number needs its unit, days are none, and nothing is longer than 292 years."""
    assert nanoseconds(text) is None


@given(st.integers(0, 2**40))
def test_whole_milliseconds_are_what_istio_wants(number: int) -> None:
    """A duration field holds whole milliseconds, at least one."""
    assert (duration_fault(f"{number}ms") is None) == (number >= 1)
    assert duration_fault(f"{number}.0005ms") is not None


@pytest.mark.parametrize("name", ["a", "A", "a-b", "0", "a" * 63])
def test_dns_labels(name: str) -> None:
    """Istio allows upper case."""
    assert is_dns_label(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "a_b", "a.b", "a" * 64, "\N{LATIN SMALL LETTER E WITH ACUTE}", "a\n"])
def test_no_dns_labels(name: str) -> None:
    """It allows neither underscores nor dots."""
    assert not is_dns_label(name)


@pytest.mark.parametrize("host", ["reviews", "a.example.com", "a.example.com."])
def test_domains(host: str) -> None:
    """A final dot is fine."""
    assert domain_fault(host) is None


@pytest.mark.parametrize("host", ["", "*.example.com", "10.0.0.1", "a..b", ".a", "a_b.com", "x" * 256])
def test_no_domains(host: str) -> None:
    """An address is no domain: the last label may not be a number."""
    assert domain_fault(host) is not None


@pytest.mark.parametrize(
    ("host", "fine"),
    [("*", True), ("*.com", True), ("*-a.com", True), ("*a.com", True), ("a.*.com", False), ("**.com", False)],
)
def test_wildcard_domains(host: str, fine: bool) -> None:
    """The first label may be or start with a wildcard."""
    assert (wildcard_domain_fault(host) is None) == fine
    assert (partial_wildcard_fault(host) is None) == (host in ("*", "*.com"))


@pytest.mark.parametrize("text", ["1.2.3.4", "::", "fe80::1%eth0", "::ffff:1.2.3.4"])
def test_addresses(text: str) -> None:
    """What Go's netip.ParseAddr takes."""
    assert is_ip(text)


@pytest.mark.parametrize("text", ["", "1.2.3", "01.2.3.4", "1.2.3.4/8", "fe80::1%", "1.2.3.256", "[::1]"])
def test_no_addresses(text: str) -> None:
    """Leading zeros and empty zones are refused."""
    assert not is_ip(text)


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("10.0.0.0/8", True),
        ("::/0", True),
        ("10.0.0.0/33", False),
        ("10.0.0.0/08", False),
        ("10.0.0.0", False),
        ("fe80::1%eth0/64", False),
        ("10.0.0.0/+8", False),
    ],
)
def test_cidr(text: str, fine: bool) -> None:
    """What Go's netip.ParsePrefix takes."""
    assert is_cidr(text) == fine


def test_unix_sockets() -> None:
    """An absolute path to a file, or an abstract name."""
    assert unix_fault("/var/run/a.sock") is None
    assert unix_fault("@name") is None
    assert unix_fault("")
    assert unix_fault("a.sock")
    assert unix_fault("/var/run/")


@pytest.mark.parametrize(
    ("first", "second", "overlap", "within"),
    [
        ("a.com", "a.com", True, True),
        ("a.com", "*.com", True, True),
        ("*.com", "a.com", True, False),
        ("*.a.com", "*.com", True, True),
        ("*.com", "*.a.com", True, False),
        ("*", "*", True, True),
        ("a.com", "b.com", False, False),
        ("*.a.com", "a.com", False, False),
    ],
)
def test_hosts_that_overlap(first: str, second: str, overlap: bool, within: bool) -> None:
    """Two hosts of a VirtualService may not overlap; an SNI host must lie within one."""
    assert matches(first, second) == matches(second, first) == overlap
    assert is_within(first, second) == within


def test_labels() -> None:
    """Kubernetes' own rules for label keys and values."""
    assert label_key_fault("app.kubernetes.io/name") is None
    assert label_key_fault("a b")
    assert label_key_fault("/x")
    assert label_key_fault("x" * 64)
    assert label_value_fault("") is None
    assert label_value_fault("a b")
    assert label_value_fault("*")


@pytest.mark.parametrize("pattern", ["a.*", "(?i)a", r"\pL", r"\Q(\E", "[[:alpha:]]", "a{1000}", "(?P<n>a)"])
def test_regular_expressions(pattern: str) -> None:
    """What RE2 takes, also where Python's re would not."""
    assert regex_fault(pattern) is None


@pytest.mark.parametrize("pattern", ["", "(", "*", "a**", "(?=a)", r"(a)\1", "a{1001}", "[z-a]", r"\8", "x" * 1025])
def test_no_regular_expressions(pattern: str) -> None:
    """Look-around, back references and long expressions are none, though Python would take most of them."""
    assert regex_fault(pattern) is not None


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ("", True),
        ("plain", True),
        ("100%%", True),
        ("%HOSTNAME%", True),
        ("a %REQ(:PATH)% b", True),
        ('%UPSTREAM_METADATA(["a", "b"])%', True),
        ("100%", False),
        ("%START", False),
        ("%REQ(:PATH", False),
        ("%REQ(a) x%", False),
        ("a\x00b", False),
    ],
)
def test_header_values(value: str, fine: bool) -> None:
    """A literal percent sign is doubled; a variable has an end."""
    assert (header_value_fault(value) is None) == fine


@given(st.text())
def test_header_values_never_crash(value: str) -> None:
    """Any text is judged, and doubling its percent signs makes it right unless control characters are in it."""
    header_value_fault(value)
    if all(character >= " " or character == "\t" for character in value) and "\x7f" not in value:
        assert header_value_fault(value.replace("%", "%%")) is None


def test_header_names() -> None:
    """Matches may name pseudo headers and claims of a token."""
    assert match_name_fault("x-user_1") is None
    assert match_name_fault(":authority") is None
    assert match_name_fault("@request.auth.claims.group") is None
    assert match_name_fault("")
    assert match_name_fault("@request.auth.claims")
    assert match_name_fault("a b")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.example/keys", "https"),
        ("HTTP://a", "http"),
        ("a/b", ""),
        ("/a", ""),
        ("oci:x", "oci"),
        ("ht!tp://a", None),
        ("http://a:b", None),
        ("http://[::1]:80/", "http"),
        ("http://a/%zz", None),
        (":a", None),
    ],
)
def test_schemes(url: str, found: str | None) -> None:
    """The scheme that Go's url.Parse finds."""
    assert scheme(url) == found
