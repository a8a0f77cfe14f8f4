"""The findings of `build --check` and of schemas that are imported: no rule module yields them, and nothing suppresses them."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.diagnostics.rule_page import Page

GATE_FINDINGS: Mapping[str, Page] = {
    page.rule: page
    for page in (
        Page(
            "output-stale", "error", "A rendered file is not what the service files say now.",
            "`build --check` and `check` compare the output folder with what a build writes. Run `sailwright build` and commit the"
            " result, so that reviewers see what will run.",
        ),
        Page(
            "output-missing", "error", "A file that the build writes is not in the output folder.",
            "What it holds would not reach the cluster. Run `sailwright build` and commit the result.",
        ),
        Page(
            "output-hand-edited", "error", "A rendered file was edited by hand; the next build overwrites the edit.",
            "Make the change in the service file, with `patches` where no field fits, then run `sailwright build`.",
        ),
        Page(
            "output-orphan", "error", "A rendered file belongs to no service any more, and would keep running.",
            "Run `sailwright build`, which removes it, and commit the result.",
        ),
        Page(
            "schema-import", "error", "A file that `validate.schemas` names holds no schema that can be used.",
            "Objects of its kind would go unchecked. Name files with CustomResourceDefinitions or OpenAPI schemas.",
        ),
    )
}  # fmt: skip
