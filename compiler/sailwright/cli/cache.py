"""`sailwright cache`: what is kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.notes import clean, print_line
from sailwright.cli.options import FINDINGS_ONLY, Shared, examples, shared_but
from sailwright.cli.results import write_result

if TYPE_CHECKING:
    from sailwright.commands.cache import CacheReport


@click.command(
    epilog=examples(
        "sailwright cache # where it is, and how large",
        "sailwright cache --clear # forget what is kept of this checkout",
        "sailwright cache --clear --all # and of every other one",
    )
)
@click.option("--clear", is_flag=True, help="Remove what is kept of this checkout.")
@click.option("--all", "everything", is_flag=True, help="With --clear: of every checkout, and what they share.")
@shared_but(*FINDINGS_ONLY, formats=("text", "json"))
def command(clear: bool, everything: bool, shared: Shared) -> int:
    """Report what is kept between runs and how large it is, or remove it.

    It only saves time: every command gives the same results with --no-cache, which does not use it.
    """
    from sailwright.commands.cache import clear as remove
    from sailwright.commands.cache import report

    if everything and not clear:
        raise click.UsageError("--all goes with --clear")
    if clear:
        print_line(f"{_megabytes(remove(shared.project, everything=everything))} removed")
        return 0
    found = report(shared.project)
    write_result(shared, {"text": lambda: _text(found), "json": lambda: _json(found)})
    return 0


def _text(found: CacheReport) -> str:
    if found.directory is None:
        return "no cache is used: set XDG_CACHE_HOME to a folder of yours outside the repository\n"
    all_of_it = f"{found.directory}: {_megabytes(found.size)} in {found.files} files, {found.checkouts} of checkouts"
    own = f"{found.store}: this checkout, {_megabytes(found.store_size)} of at most {_megabytes(found.limit)}"
    return "".join(f"{clean(line)}\n" for line in (all_of_it, own))


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):,.1f} MiB"


def _json(found: CacheReport) -> str:
    import json

    listed = {
        name: getattr(found, name)
        for name in ("directory", "files", "size", "checkouts", "store", "store_size", "limit")
    }
    return json.dumps({"version": 1, **listed}, indent=2) + "\n"
