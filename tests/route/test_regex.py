"""Patterns are RE2's."""

import pytest

from sailwright.mesh.values.re2 import compiled, replaced
from sailwright.route.classes.regex_samples import literal_prefix, samples


@pytest.mark.parametrize(
    ("pattern", "rewrite", "text", "expected"),
    [
        ("^/a/(.*)$", r"/z/\1", "/a/b", "/z/b"),
        ("/", "-", "/a/b", "-a-b"),
        ("x*", "-", "axb", "-a-b-"),
        ("(a)|b", r"[\1]", "ab", "[a][]"),
        ("a", r"\\", "a", "\\"),
        ("é", "e", "/é", "/e"),
        ("^/", "//", "/a/b", "//a/b"),
    ],
)
def test_every_match_is_replaced_as_re2_does(pattern: str, rewrite: str, text: str, expected: str) -> None:
    """An empty match behind the last one is none; a group that took no part is empty."""
    found = compiled(pattern)
    assert found is not None
    assert replaced(found, rewrite, text) == expected


@pytest.mark.parametrize("pattern", ["(?=a)", "(?P<n>a)(?P=n)", r"\1", "[", "a{1001}", "(?#c)a"])
def test_what_python_knows_and_re2_does_not(pattern: str) -> None:
    """istiod refuses it."""
    assert compiled(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    ["/a.*", "/api/v[12]/users.*", "^(.*?;)?(user=jason)(;.*)?$", "[^a-z]+", "GET|PUT", r"\d{3}", "(a|b)c?", ""],
)
def test_samples_match(pattern: str) -> None:
    """Every sample is a match in full, and there is one."""
    found = compiled(pattern)
    assert found is not None
    assert samples(pattern)
    assert all(found.fullmatch(text) for text in samples(pattern))


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("/a.*", "/a"),
        ("^/a/b$", "/a/b"),
        ("(?i)/a", ""),
        ("/a?b", "/"),
        ("/(a|b)", "/"),
        (".*", ""),
        ("[", ""),
        ("/a|/b", "/"),
    ],
)
def test_how_all_matches_begin(pattern: str, prefix: str) -> None:
    """Only what is certain counts."""
    assert literal_prefix(pattern) == prefix
