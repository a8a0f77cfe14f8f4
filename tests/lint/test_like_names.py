"""What is not linked to an object has no part in what a rule finds in it, though it have a like name, or lie in the same namespace.

Each example of a rule is put together with copies in which some words are others, and taken apart by links as in `test_links`. Where a
rule reports an absence in a part, or looks for a like host in vain, it is asked again with the whole; all else it must find as there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from tests.lint.test_links import EVERY, EXAMPLES, RULES_OF_A_KIND, Files, Mesh, files_of, found_by, words_of

from sailwright.lint.run_alone import NeedsMesh
from sailwright.lint.run_linked import LinkedRun, run_linked
from sailwright.lint.run_rules import EnabledRule, RuleRun, run_rules
from sailwright.lint.units import Units
from sailwright.lint.whole_mesh import asks_whole_mesh
from sailwright.mesh.queries.traits import traits
from sailwright.mesh.queries.uncertain import any_uncertain

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 2)
LONG = 5


def like(word: str, chance: Random) -> str:
    """The word, one that is like it, or another."""
    place = chance.randrange(1, len(word) - 1)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    shorter = word[:place] + word[place + 1 :] if len(word) > LONG else word
    return chance.choice((word, word, word, f"{word}s", swapped, shorter, f"{word}-v1", f"zq{word}"))


def copied(text: str, chance: Random) -> str:
    """An example in which some of the names, labels and namespaces are others."""
    other = {word: like(word, chance) for word in words_of(text) if len(word) > 2}
    plain = "|".join(sorted(other, key=len, reverse=True))
    return re.sub(rf"(?<![\w.-])({plain})(?![\w-])(?!:)", lambda found: other[found[1]], text) if other else text


def some_of(files: Files, chance: Random) -> Files:
    """Some of the files, or all."""
    lost = chance.choice((0.0, 0.0, 0.2, 0.4))
    return {path: found for path, found in files.items() if chance.random() >= lost}


def meshes(rule: Any) -> Iterator[Mesh]:
    """The examples of a rule, each put together with copies; some files are around, even of a kind that services have."""
    for number in range(RUNS):
        chance = Random(f"{rule.ID} {number}")
        for example in EXAMPLES[rule.ID]:
            texts = [copied(example.text, chance) for _ in range(chance.randint(1, 2))]
            texts += [copied(chance.choice(EXAMPLES[rule.ID]).text, chance), chance.choice(EVERY).text][
                : chance.randint(0, 2)
            ]
            files = dict(some_of(files_of(example.text, "own"), chance))
            for place, text in enumerate(texts):
                beside = some_of(files_of(text, f"other{place}-"), chance)
                files = {**files, **beside} if chance.random() < 1 / 2 else {**beside, **files}
            yield Mesh([files], example, [path for path in files if chance.random() < 1 / 8])


def asked_again(run: RuleRun) -> frozenset[str]:
    """The files of which a rule asks the whole mesh after all."""
    return frozenset(path for _, path in (*run.absent, *run.in_vain))


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES_OF_A_KIND if not asks_whole_mesh(rule)], ids=lambda rule: rule.ID
)
def test_any_objects_of_like_names_have_no_part_in_what_is_found(rule: Any) -> None:
    for mesh in meshes(rule):
        (world,) = mesh.worlds
        if any_uncertain(world.index):
            continue
        chosen = [EnabledRule(rule, parameters=mesh.example.parameters)]
        places = [{path: f"{place:06}" for place, path in enumerate(files)} for files in mesh.files]
        whole = run_rules([world], chosen, Units(mesh.services, tuple(places)))
        for files, (part,) in mesh.parts():
            told = traits(world.index)
            if not told.still(traits(part.index), files):
                continue
            told.tell(part.index)
            try:
                run = run_linked([part], chosen, LinkedRun(files, files, frozenset([rule.ID]), places), set())
            except NeedsMesh:
                continue
            certain = files - asked_again(run)
            mine, all_found = ([(0, each) for each in found] for found in (run.found, whole.found))
            assert found_by(mine, certain) == found_by(all_found, certain), (sorted(files), list(mesh.services))
