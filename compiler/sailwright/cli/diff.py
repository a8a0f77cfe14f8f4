"""`sailwright diff`: what a pull request changes, in the mesh's words."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from sailwright.cli.notes import note
from sailwright.cli.options import Shared, examples, shared_but

if TYPE_CHECKING:
    from sailwright.commands.diff.diff import Diff
    from sailwright.diagnostics.finding import Finding
    from sailwright.source.source import Source

_FORMATS = ("text", "markdown", "json")


@click.command(
    epilog=examples(
        "sailwright diff # against the main branch of origin",
        "sailwright diff --base HEAD~1 # against the commit before",
        "sailwright diff --format markdown=comment.md # for a comment on the pull request",
    )
)
@click.option(
    "--base", metavar="REF", help="The commit to compare with. Default: where HEAD left origin's main branch."
)
@click.option("--env", "environments", multiple=True, metavar="N", help="Look at this environment only. Repeatable.")
@shared_but("--show", "--fail-on", "--allow-empty", "--color", "-v --verbose", formats=_FORMATS)
def command(base: str | None, environments: tuple[str, ...], shared: Shared) -> int:
    """Report what changed since the base commit: versions, weights, routes, policies, sidecars.

    Compiles both commits and compares where requests go; the work tree is not changed. Formats: text, markdown (fits a
    comment) and json.
    """
    from sailwright.source.files.discovery import need_project
    from sailwright.workspace.temporary_store import temporary_store

    wanted = shared.formats or (("text", None),)
    for name, _ in wanted:
        if name not in _FORMATS:
            raise click.UsageError(f"--format {name}: a diff is written as {', '.join(_FORMATS)}")
    root = need_project(shared.project)
    with temporary_store(root, cached=False) if shared.no_cache else nullcontext(enter_result=False) as aside:
        found = _difference(root, base, environments, shared, cached=bool(aside) or not shared.no_cache)
    if isinstance(found, int):
        return found
    for name, file in wanted:
        _write(name, file, found)
    return 0


def _difference(
    root: str, base: str | None, environments: tuple[str, ...], shared: Shared, *, cached: bool
) -> Diff | int:
    """What changed; the status to end with where the files on disk do not compile."""
    from sailwright.commands.diff.base import base_commit
    from sailwright.commands.diff.kept_comparison import kept_comparison
    from sailwright.runtime.cache import open_cache

    commit, cache = base_commit(root, base), open_cache(enabled=cached, project=root)
    difference = kept_comparison(root, commit, environments, cache)
    if difference is not None:
        return difference
    from sailwright.commands.diff.base_and_head import compare_sides
    from sailwright.commands.diff.compile import compile_sides

    both = compile_sides(root, commit, environments, cache)
    errors = tuple(finding for finding in both.after.findings if finding.severity == "error")
    if errors:
        return _refused(errors, both.after.sources, shared, root)
    if both.base_trouble:
        note(f"sailwright: the base does not compile, so this may be incomplete: {both.base_trouble}")
    return compare_sides(root, both, cache)


def _write(form: str, file: str | None, difference: Diff) -> None:
    from sailwright.commands.diff import formats as wording
    from sailwright.runtime.atomic_file import replace

    render = {"text": wording.as_text, "markdown": wording.as_markdown, "json": wording.as_json}[form]
    text = render(difference)
    if file is None:
        click.echo(text, nl=False)
    else:
        replace(file, text.encode())


def _refused(errors: tuple[Finding, ...], sources: tuple[Source, ...], shared: Shared, root: str) -> int:
    """The files on disk do not compile: that is all there is to tell."""
    from sailwright.cli.reporting import tell
    from sailwright.diagnostics.finding import Summary
    from sailwright.runtime.records import replace as changed

    return max(1, tell(errors, Summary(len(sources)), sources, changed(shared, formats=()), root=root))
