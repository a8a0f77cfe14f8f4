"""Requests as people write them; bad ones get one clear sentence."""

import json
from typing import Any

import pytest

from sailwright.route.request_input import Asker, from_json, from_url
from sailwright.runtime.errors import Failure


def test_a_url_is_what_a_client_sends() -> None:
    """The Host header leaves a default port out; repeated headers are joined; -H Host: replaces the URL's."""
    request = from_url("http://reviews:80/a?b=c#d", "PUT", ("X-A: 1", "x-a:2"))
    assert (request.port, request.authority, request.path) == (80, "reviews", "/a?b=c")
    assert (request.method, dict(request.headers)) == ("PUT", {"X-A": "1,2"})
    other = from_url("http://reviews:9080", "GET", ("host: ratings",))
    assert (other.port, other.authority, other.dialled, other.path) == (9080, "ratings", "reviews", "/")
    assert dict(other.headers) == {}
    assert from_url("https://x.example.com/", "GET", ()).port == 443
    assert from_url("http://[::1]:8080/", "GET", ()).authority == "[::1]:8080"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "reviews",
        "ftp://reviews/",
        "http://",
        "http://a b/",
        "http://a:99999/",
        "http://a:x/",
        "tcp://db",
        "http://a/\nb",
        "http://[::/",
    ],
)
def test_what_is_no_url(url: str) -> None:
    """The message names the flag and the value."""
    with pytest.raises(Failure) as failure:
        from_url(url, "GET", ())
    assert failure.value.status == 2
    assert "--url" in failure.value.message


@pytest.mark.parametrize("header", ["x", ": a", "a b: c", "x: \x00"])
def test_what_is_no_header(header: str) -> None:
    """The message says how to write it."""
    with pytest.raises(Failure, match="--header"):
        from_url("http://a/", "GET", (header,))


def test_what_is_no_method() -> None:
    """A method is one token."""
    with pytest.raises(Failure, match="no HTTP method"):
        from_url("http://a/", "G T", ())


def test_a_list_of_requests() -> None:
    """Everything but the authority has a default."""
    (item,) = from_json('[{"authority": "reviews:9080"}]', "q.json")
    request = item.request
    assert (request.port, request.method, request.path) == (9080, "GET", "/")


def test_an_item_may_be_a_url_and_say_who_asks() -> None:
    """As the flags take them; without a sender the flags say who asks."""
    given = [
        {"url": "tls://db.example.com", "from": "shop", "labels": {"app": "client"}},
        {
            "url": "http://www.example.com:8080/a?b",
            "method": "PUT",
            "headers": {"Host": "x", "A": "1"},
            "gateway": "e/g",
        },
        {"url": "tcp://db:5432"},
    ]
    first, second, third = from_json(json.dumps(given), "q.json")
    assert (first.request.scheme, first.request.port, first.request.sni) == ("tls", 443, "db.example.com")
    assert first.asker == Asker("shop", ("app=client",))
    assert second.request == from_url("http://www.example.com:8080/a?b", "PUT", ("Host: x", "A: 1"))
    assert second.asker == Asker(gateway="e/g")
    assert third.asker is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{", "no JSON"),
        ({}, "a list"),
        ([1], "request 1"),
        ([{}], "authority"),
        ([{"authority": "a"}, {"authority": "a", "colour": 1}], "request 2: there is no field `colour`"),
        ([{"authority": "a", "port": "80"}], "`port` must be a whole number"),
        ([{"authority": "a", "port": True}], "`port`"),
        ([{"authority": "a", "port": 70000}], "65535"),
        ([{"authority": "a", "path": "x"}], "begin with `/`"),
        ([{"authority": "a", "path": "/a b"}], "percent-encoded"),
        ([{"authority": "a", "headers": {"x": 1}}], "header"),
        ([{"authority": "a", "headers": {"x": "\n"}}], "control"),
        ([{"authority": "a", "method": ""}], "method"),
        ([{"url": "ftp://a/"}], "request 1: ftp://a/: this is no URL"),
        ([{"url": "http://a/", "path": "/"}], "leave `path` out"),
        ([{"url": "http://a/", "labels": {"x": 1}}], "`labels`"),
        ([{"url": "http://a/", "from": "shop", "gateway": "e/g"}], "not both"),
    ],
)
def test_what_is_no_list_of_requests(given: Any, told: str) -> None:
    """The message names the file, the request and the field."""
    with pytest.raises(Failure) as failure:
        from_json(given if isinstance(given, str) else json.dumps(given), "q.json")
    assert failure.value.message.startswith("q.json")
    assert told in failure.value.message
