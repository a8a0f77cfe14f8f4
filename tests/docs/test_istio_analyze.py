"""docs/istio-analyze.md has every code of `istioctl analyze`, each with the rules that carry it."""

import re
from pathlib import Path

from sailwright_policies import RULES

PAGE = (Path(__file__).parent.parent.parent / "docs" / "istio-analyze.md").read_text()
ROWS = re.findall(r"^\| (IST\d{4}) \| \w+ \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE)
NEWEST = 177


def test_the_table_has_the_rules_of_each_code() -> None:
    carried: dict[str, set[str]] = {}
    for rule in RULES:
        for alias in rule.ALIASES:
            if alias.startswith("IST"):
                carried.setdefault(alias, set()).add(rule.ID)
    told = {code: set(re.findall(r"`([\w-]+)`", rules)) for code, rules, _ in ROWS}
    assert {code: rules for code, rules in told.items() if rules} == carried
    assert len(ROWS) == len(told)


def test_every_code_ever_given_is_there_with_a_reason() -> None:
    numbers = {int(number) for number in re.findall(r"IST(\d{4})", PAGE)}
    assert numbers == {1, 2, *range(101, NEWEST + 1)}
    assert all(reason for _, _, reason in ROWS)
