"""docs/rule-coverage.md names a rule, or a reason, for everything the neighbours check."""

from __future__ import annotations

import re
from pathlib import Path

from sailwright_policies import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "rule-coverage.md").read_text()
ROW = re.compile(r"^\| (?P<name>[^|]+) \|(?P<cells>.*)\|$", re.MULTILINE)
RULE = re.compile(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`")


def rows(title: str) -> dict[str, list[str]]:
    """The rows of a section's table: name to cells."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    found = [(row["name"].strip(), [cell.strip() for cell in row["cells"].split("|")]) for row in ROW.finditer(section)]
    assert len({name for name, _ in found}) == len(found)
    return dict(found[1:])


def test_every_named_rule_exists() -> None:
    """A rule that is renamed is renamed here."""
    known = {rule.ID for rule in RULES}
    answers = [cells[0] for title in ("Kiali", "kube-linter") for cells in rows(title).values()]
    answers += [cells[1] for cells in rows("Settings and protocols").values()]
    named = {name for answer in answers for name in RULE.findall(answer)}
    assert named <= known


def test_kiali_codes_are_the_aliases_of_the_rules() -> None:
    """The table and the aliases say the same, in both directions."""
    table = {(code, rule) for code, cells in rows("Kiali").items() for rule in RULE.findall(cells[0])}
    aliases = {(alias, rule.ID) for rule in RULES for alias in rule.ALIASES if alias.startswith("KIA")}
    assert table == aliases


def test_the_lists_are_whole() -> None:
    """Kiali 2.31 has 72 codes and GWAPI; kube-linter's checks and the settings B01 to B37 all stand here."""
    assert len(rows("Kiali")) == 73
    assert len(rows("kube-linter")) >= 53
    assert list(rows("Settings and protocols")) == [f"B{number:02}" for number in range(1, 38)]


def test_what_has_no_rule_has_a_reason() -> None:
    """An empty answer is no answer."""
    for title in ("Kiali", "kube-linter"):
        for name, cells in rows(title).items():
            assert RULE.search(cells[0]) or (cells[0] == "-" and cells[1]), name
