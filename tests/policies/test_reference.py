"""docs/rules is made from the rules; `pytest --update tests/policies/test_reference.py` (or `make rules`) writes it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sailwright.lint.reference import reference
from sailwright.lint.rule import family
from sailwright_policies import RULES

FOLDER = Path(__file__).parent.parent.parent / "docs" / "rules"


def test_reference_says_what_the_rules_say(update: bool) -> None:
    """No rule without its page, no page without its rule, and both in the same words."""
    families = {family(rule) for rule in RULES}
    introductions = {name: import_module(f"sailwright_policies.{name}").__doc__ or "" for name in families}
    wanted = reference(RULES, introductions)
    if update:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for old in FOLDER.glob("*.md"):
            old.unlink()
        for name, text in wanted.items():
            (FOLDER / name).write_text(text)
    assert {path.name: path.read_text() for path in FOLDER.glob("*.md")} == wanted


def test_families_stand_together() -> None:
    """RULES is in reading order: a family is not left and entered again."""
    order = [family(rule) for rule in RULES]
    assert order == sorted(order, key=order.index)
