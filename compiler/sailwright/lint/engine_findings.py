"""The findings of the engine itself: they are about suppressions, baselines and rules, and no rule module yields them."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.diagnostics.finding import Finding, Location
from sailwright.diagnostics.rule_page import Page, url

ENGINE_FINDINGS: Mapping[str, Page] = {
    "rule-crashed": Page(
        "rule-crashed",
        "error",
        "A rule crashed, so what it checks was not checked.",
        "The other rules ran; the exit status is 3, because a run that checked less than it should is not a pass.",
    ),
    "lint-setting": Page(
        "lint-setting",
        "error",
        "The `lint:` block of sailwright.yaml names a rule, a severity or a parameter that does not exist.",
        "A misspelt rule would keep running, or a misspelt severity keep failing, without an explanation.",
    ),
    "suppression-unused": Page(
        "suppression-unused",
        "warning",
        "A suppression matches nothing any more; the next fault on its line would pass unseen.",
        "Reported only where the rule ran and the whole file was checked. Remove the comment, annotation or entry.",
    ),
    "suppression-expired": Page(
        "suppression-expired",
        "warning",
        "An entry of `lint.ignore` was good until a day that is over: its findings are reported again.",
        "Days are those of UTC. Fix the findings and remove the entry, or agree on a later day.",
    ),
    "suppression-unknown-rule": Page(
        "suppression-unknown-rule",
        "warning",
        "A suppression names a rule that does not exist, so it suppresses nothing.",
        "Rules are named by their ID or by a code of istioctl or Kiali; `sailwright rules` lists them.",
    ),
    "suppression-without-reason": Page(
        "suppression-without-reason",
        "warning",
        "A suppression has no reason; later readers cannot know whether it may be removed.",
        "Write the reason behind the bracket, or behind the rules in the annotation.",
    ),
    "suppression-locked": Page(
        "suppression-locked",
        "error",
        "A comment or annotation tries to suppress a rule that the project has locked.",
        "Rules in `lint.locked` of sailwright.yaml can be ignored only in that file, by path and with a reason.",
    ),
    "gate-changed": Page(
        "gate-changed",
        "warning",
        "This change alters the settings it is checked by.",
        "With `--config-ref` everything that decides comes from that commit, so the change has no effect on its own verdict: "
        "it takes effect once it is merged, and is shown to whoever reviews it. A file that the commit has checked and that "
        "nothing checks any more is an error; a suppression that is new is for information.",
    ),
    "baseline-stale": Page(
        "baseline-stale",
        "warning",
        "An entry of the baseline matches nothing any more: the fault is gone and the entry would hide its return.",
        "`--update-baseline` rewrites the file without it.",
    ),
}


def engine_finding(rule: str, message: str, remedy: str, location: Location) -> Finding:
    """A finding of the engine."""
    return Finding(rule, ENGINE_FINDINGS[rule].severity, message, location, help=remedy, url=url(rule))
