"""The lint rules, one folder per kind of object, in reading order: the order of `sailwright rules` and of docs/rules.

Floor 6. In: one object (or a group of them) and the mesh. Out: problems. A rule is one module, `check(subject, mesh)` with examples.
Begin with virtual_service/destination_host_unknown.py and docs/writing-a-rule.md; rules.py lists them all.
A list, not a folder scan, so that mypy holds every module to the protocol; a test holds it equal to the folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sailwright_policies.rules import RULES as RULES


def __getattr__(name: str) -> object:
    """`RULES` imports every rule, so it waits until somebody wants all: one rule can be imported without the others."""
    if name == "RULES":
        from sailwright_policies.rules import RULES

        return RULES
    raise AttributeError(name)
