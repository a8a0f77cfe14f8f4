"""Links of services that come, or offer more than they did, lead wherever they would if all had been known from the start."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from sailwright.lint import new_links
from sailwright.lint.link_table import Collected, table_of
from sailwright.lint.links import Links
from sailwright.lint.new_links import table_with, tables, unanswered_of

texts = st.frozensets(st.integers(0, 12), max_size=4)
services = st.dictionaries(st.sampled_from("abcdef"), st.tuples(texts, texts), max_size=6)


def collected(found: dict[str, tuple[frozenset[int], frozenset[int]]]) -> Collected:
    offered, asked = ({path: array("I", each[at]) for path, each in found.items()} for at in (0, 1))
    return Collected(offered, asked)


@given(before=services, after=services)
def test_new_links_are_those_of_all_services_together(
    before: dict[str, tuple[frozenset[int], frozenset[int]]], after: dict[str, tuple[frozenset[int], frozenset[int]]]
) -> None:
    """Of services as they were and as they are; what is kept in between is plain data."""
    table, vain = tables(collected(before))
    found = [(path, Links(set(offered), set(asked))) for path, (offered, asked) in after.items()]
    now = table_with(table_of(table.plain()), unanswered_of(vain.plain()), found)
    assert now is not None
    numbers = now.numbers()
    pairs = {frozenset((number, other)) for number, others in now.edges.items() for other in others}
    both = [(path, *each) for some in (before, after) for path, each in some.items()]
    for one, offered, _ in both:
        for other, _, asked in both:
            assert one == other or offered.isdisjoint(asked) or frozenset((numbers[one], numbers[other])) in pairs


def test_what_very_many_ask_for_is_not_followed() -> None:
    """Whoever offers it is linked to more than are looked at by themselves."""
    many = {str(number): (frozenset[int](), frozenset((7,))) for number in range(new_links._CROWD + 1)}
    table, vain = tables(collected(many))
    assert table_with(table, vain, [("new", Links({7}, set()))]) is None
    assert table_with(table, vain, [("new", Links({8}, {7}))]) is not None
