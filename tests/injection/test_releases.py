"""The table of releases, and the ranges in which a fact holds."""

import pytest

from sailwright.mesh.facts import NEWEST_ISTIO
from sailwright.mesh.values.releases import LINES, NEWEST, Release, line_of, parse_release, unverified
from sailwright.render.injection.release_differences import differences
from sailwright.runtime.errors import Failure


def test_the_lines_are_in_order_and_without_gaps() -> None:
    assert [line.name for line in LINES] == [f"1.{minor}" for minor in range(24, 32)]
    assert all(line.newest.line == line.name for line in LINES)
    assert all(line.oldest_kubernetes <= line.kubernetes[1] for line in LINES)


def test_every_list_of_the_newest_release_is_equal() -> None:
    assert str(NEWEST) == NEWEST_ISTIO == str(LINES[-1].newest)


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("1.30.3", (1, 30, 3)),
        ("v1.30.3", (1, 30, 3)),
        ("1.30", (1, 30, 3)),
        ("1.31.0-rc.0", (1, 31, 0)),
        (" 1.24.0 ", (1, 24, 0)),
    ],
)
def test_a_release_is_read(text: str, release: tuple[int, int, int]) -> None:
    assert parse_release(text) == Release(*release)


@pytest.mark.parametrize("text", ["", "1", "1.x", "1.30.3.1", "newest", "1.99999", "-1.30"])
def test_what_is_no_release_is_told(text: str) -> None:
    with pytest.raises(Failure, match=r"1\.24"):
        parse_release(text)


def test_a_newer_patch_is_unverified() -> None:
    assert not unverified(parse_release("1.30.3"))
    assert unverified(parse_release("1.30.4"))
    assert line_of(parse_release("1.30.4")).name == "1.30"


def test_facts_are_kept_within_their_ranges() -> None:
    """A back-port to an older line says nothing about the next line's first patches."""
    holds = {
        text: "reroute-wins" in differences(parse_release(text))
        for text in ("1.26.4", "1.26.5", "1.27.1", "1.27.2", "1.28.0")
    }
    assert holds == {"1.26.4": False, "1.26.5": True, "1.27.1": False, "1.27.2": True, "1.28.0": True}
