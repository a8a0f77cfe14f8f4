"""Quantities, durations, images and releases: what manifests write, as numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sailwright.mesh.values.duration import seconds
from sailwright.mesh.values.image import image
from sailwright.mesh.values.quantity import quantity
from sailwright.mesh.values.releases import dotted, release_numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("100m", Fraction(1, 10)),
        ("0.1", Fraction(1, 10)),
        (".5", Fraction(1, 2)),
        (2, Fraction(2)),
        (1.5, Fraction(3, 2)),
        ("1e3", Fraction(1000)),
        ("1E3", Fraction(1000)),
        ("1k", Fraction(1000)),
        ("1Ki", Fraction(1024)),
        ("128Mi", Fraction(128 * 2**20)),
        ("1G", Fraction(10**9)),
        ("1Gi", Fraction(2**30)),
        ("2E", Fraction(2 * 10**18)),
        ("500n", Fraction(500, 10**9)),
        ("-1", Fraction(-1)),
        ("", None),
        ("1 Gi", None),
        ("1gb", None),
        ("lots", None),
        (True, None),
        (None, None),
        ("1e999999999", None),
    ],
)
def test_quantities(written: object, number: Fraction | None) -> None:
    """As apimachinery's resource.Quantity reads them."""
    assert quantity(written) == number


@given(st.integers(0, 10**6))
def test_suffixes_agree_with_each_other(number: int) -> None:
    """A thousand milli is one, 1024 Ki is one Mi."""
    assert quantity(f"{number * 1000}m") == quantity(str(number)) == quantity(number)
    assert quantity(f"{number * 1024}Ki") == quantity(f"{number}Mi")


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("5s", Fraction(5)),
        ("1m30s", Fraction(90)),
        ("1.5h", Fraction(5400)),
        ("250ms", Fraction(1, 4)),
        ("1h0m0.5s", Fraction(7201, 2)),
        ("0s", Fraction(0)),
        ("5", None),
        ("5 s", None),
        ("s", None),
        ("", None),
        (5, None),
    ],
)
def test_durations(written: object, length: Fraction | None) -> None:
    """As Go's time.ParseDuration reads them; `ms` is not `m` and `s`."""
    assert seconds(written) == length


@pytest.mark.parametrize(
    ("reference", "repository", "tag", "digest"),
    [
        ("reviews", "reviews", "", ""),
        ("reviews:1.0", "reviews", "1.0", ""),
        ("registry:5000/team/reviews", "registry:5000/team/reviews", "", ""),
        ("registry:5000/team/reviews:1.0@sha256:ab", "registry:5000/team/reviews", "1.0", "sha256:ab"),
        ("reviews@sha256:ab", "reviews", "", "sha256:ab"),
        ("", "", "", ""),
    ],
)
def test_images(reference: str, repository: str, tag: str, digest: str) -> None:
    """A colon before a slash belongs to the registry's port."""
    found = image(reference)
    assert (found.repository, found.tag, found.digest) == (repository, tag, digest)


@pytest.mark.parametrize(
    ("tag", "numbers"),
    [
        ("1.31.0", (1, 31, 0)),
        ("1.31", (1, 31)),
        ("v1.31.0", (1, 31, 0)),
        ("1.31.0-distroless", (1, 31, 0)),
        ("1.31-alpha.abc", (1, 31)),
        ("latest", ()),
        ("131", ()),
        ("1.31.x", ()),
    ],
)
def test_releases(tag: str, numbers: tuple[int, ...]) -> None:
    """Variants and pre-releases count as their release; what is none is empty and compared with nothing."""
    assert release_numbers(tag) == numbers
    assert release_numbers(dotted(numbers)) == numbers
