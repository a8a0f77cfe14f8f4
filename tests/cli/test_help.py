"""What `--help` says: each command has examples that it takes, and offers the options that mean something for it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sailwright.cli.command_names import COMMANDS
from sailwright.cli.group import sailwright

WITH_EXAMPLES = [name for name in COMMANDS if name != "schema"]


def _help(name: str) -> str:
    command = sailwright.get_command(click.Context(sailwright), name)
    assert command is not None
    return command.get_help(click.Context(command, info_name=f"sailwright {name}", max_content_width=200))


def _examples(name: str) -> list[str]:
    _, _, text = _help(name).partition("Examples:\n")
    return [line.strip().partition("  # ")[0].strip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_each_example_of_a_command_is_a_line_that_it_takes(name: str) -> None:
    found = _examples(name)
    assert found
    for line in found:
        (own,) = (part.split(">")[0] for part in line.split("|") if part.strip().startswith("sailwright"))
        program, called, *arguments = shlex.split(own)
        assert (program, called) == ("sailwright", name)
        command = sailwright.get_command(click.Context(sailwright), name)
        assert command is not None
        command.make_context(name, arguments)


@pytest.mark.parametrize(
    ("name", "absent"),
    [("weight", "--allow-empty"), ("image", "--fail-on"), ("new", "--format"), ("diff", "sarif"), ("rules", "junit")],
)
def test_what_means_nothing_for_a_command_is_not_offered(name: str, absent: str) -> None:
    assert absent not in _help(name)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("schema", "completion", "explain")])
def test_the_common_options_are_taken_everywhere(name: str) -> None:
    """Scripts that pass them to every command keep working, whether `--help` offers them or not."""
    command = sailwright.get_command(click.Context(sailwright), name)
    assert command is not None
    taken = {option for parameter in command.params for option in parameter.opts}
    assert {"--format", "--fail-on", "--project", "--allow-empty", "--no-cache", "--color", "--quiet"} <= taken


def test_every_sentence_ends() -> None:
    for name, text in COMMANDS.items():
        assert re.fullmatch(r"[A-Z].*[^.]\.", text), name


@pytest.mark.parametrize(
    "name", ["weight", "image", "init", "new", "adopt", "eject", "diff", "route", "inject", "rules", "doctor"]
)
def test_skipped_files_are_named_where_some_can_be(name: str) -> None:
    """These commands skip none."""
    assert "--verbose" not in _help(name)


@pytest.mark.parametrize("name", ["rules", "doctor"])
def test_a_list_goes_where_its_format_says(name: str, tmp_path: Path) -> None:
    """As `--help` has it: `--format FORMAT=FILE`, several of them, and none that there is not."""
    target = tmp_path / "list.json"
    done = CliRunner().invoke(sailwright, [name, "--format", f"json={target}", "--format", "text"])
    printed = CliRunner().invoke(sailwright, [name, "--format", "json"])
    assert json.loads(target.read_text()) == json.loads(printed.stdout)
    assert done.stdout == CliRunner().invoke(sailwright, [name]).stdout
    refused = CliRunner().invoke(sailwright, [name, "--format", "sarif"])
    assert refused.exit_code == 2
    assert "text or json" in refused.output
