"""Route: what the simulated mesh says about the rules of VirtualServices."""

from sailwright.lint.rule import Rule
from sailwright_policies.route import canary_untested, match_condition_ignored, match_never_true, rule_shadowed

ROUTE: list[Rule] = [
    match_never_true,
    rule_shadowed,
    match_condition_ignored,
    canary_untested,
]
