"""Manifests that others have published are adopted: each file with a workload in it, by meaning and by traffic.

`pytest -s tests/edit/test_adopt_samples.py` prints the table.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sailwright.commands.diff.calls import call_changes
from sailwright.commands.diff.traffic import traffic_changes
from sailwright.commands.edit.adopt.adoption import Adoption, EmptyCheckout
from sailwright.commands.edit.adopt.comparison import compare
from sailwright.commands.edit.adopt.draft import adopt
from sailwright.commands.edit.adopt.drafted_checkout import DraftedCheckout
from sailwright.commands.edit.adopt.inventory import WORKLOADS, key_of
from sailwright.commands.edit.adopt.proof import compile_drafts, only_ports
from sailwright.commands.edit.adopt.write import texts
from sailwright.runtime.cache import open_cache
from sailwright.runtime.records import dataclass, replace
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import parse

SAMPLES = Path(os.environ.get("SAILWRIGHT_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))
ALLOWED = ("a Secret is never rendered",)
"""Why an object may be left out of what is drafted."""


@dataclass(frozen=True)
class Line:
    """A line of the table: a file, the services drafted from it, its objects by what became of them, and what is wrong."""

    file: str
    drafted: int
    kept: int
    carried: int
    left_out: tuple[str, ...]
    refused: tuple[str, ...]
    unequal: tuple[str, ...]


def lines() -> Iterator[Line]:
    for path in sorted(SAMPLES.rglob("*.yaml")):
        source = parse(str(path.relative_to(SAMPLES)), path.read_bytes(), "manifest")
        origins = manifests(source)
        if any(one.kind in WORKLOADS for one in origins):
            adoption = adopt(origins)
            count = [row.what for row in adoption.rows].count
            yield Line(
                source.path,
                len(adoption.drafts),
                count("kept") + count("added") + count("changed"),
                count("carried along"),
                tuple(f"{row.kind} {row.name}: {row.why}" for row in adoption.rows if row.what == "left out"),
                tuple(f"{one.kind}: {one.message}" for one in adoption.refused),
                tuple(unequal(origins, adoption)),
            )


def unequal(origins: tuple[Manifest, ...], adoption: Adoption) -> Iterator[str]:
    """What the drafted files, compiled anew, render otherwise: objects by meaning, requests of every caller, sidecars."""
    compiled = compile_drafts(DraftedCheckout(EmptyCheckout(), texts(adoption)), open_cache())
    yield from (finding.message for finding in compiled.findings)
    there = {key_of(one): one for one in compiled.world.manifests}
    left = {(row.kind, row.namespace, row.name) for row in adoption.rows if row.what == "left out"}
    written = [one for one in origins if key_of(one)[1:] not in left]
    for origin in written:
        now = there.get(key_of(origin))
        found = compare(origin.value, now.value, only_ports(origins)).different if now else ["nothing is rendered"]
        yield from (f"{origin.kind} {origin.name}: {line}" for line in found)
    before = replace(compiled.world, manifests=tuple(written))
    yield from (
        change.line for change in (*traffic_changes(before, compiled.world), *call_changes(before, compiled.world))
    )
    sidecars = [{key_of(one.manifest): world.index.injected(one) for one in world.index.workloads} for world in (before, compiled.world)]  # fmt: skip
    if sidecars[0] != sidecars[1]:
        yield "sidecars differ"


def table(found: list[Line]) -> Iterator[str]:
    yield f"{'file':<66} {'drafted':>7} {'kept':>5} {'carried':>7} {'left out':>8} {'refused':>7}  why"
    for one in found:
        why = "; ".join((*one.left_out, *one.refused, *one.unequal))
        numbers = f"{one.drafted:>7} {one.kept:>5} {one.carried:>7} {len(one.left_out):>8} {len(one.refused):>7}"
        yield f"{one.file:<66} {numbers}  {why}".rstrip()


def test_every_sample_with_a_workload_is_drafted_compiled_and_equal() -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"no manifests of others in {SAMPLES}: name their folder with SAILWRIGHT_SAMPLES")
    found = list(lines())
    print("", *table(found), sep="\n")
    assert found
    for one in found:
        assert (one.refused, one.unequal) == ((), ()), one.file
        assert one.drafted, one.file
        assert all(any(reason in why for reason in ALLOWED) for why in one.left_out), one.left_out
