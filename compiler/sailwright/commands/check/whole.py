"""A whole check: load once, then lint, test, `build --check` and validate what was loaded.

Everything is compiled once (and the base commit, for the rules about changes); no part reads the project again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sailwright.commands.check.base import compiled_base, named_base
from sailwright.commands.check.checked import Checked, Options, Part
from sailwright.commands.check.gate import Gate, gate, together
from sailwright.commands.check.lint import Keeping, keeping, lint_part
from sailwright.commands.check.parts import build_part, build_request, checked, narrowed, test_part
from sailwright.commands.lint.results import LastRun
from sailwright.commands.test.kept import KeptTests
from sailwright.commands.test.run_cases import run_tests
from sailwright.runtime.records import replace
from sailwright.workspace.selection import Selection, Workspace, WorldSet
from sailwright.workspace.worlds import knows_all, with_all_services

if TYPE_CHECKING:
    from sailwright.commands.build.built import BuiltFile
    from sailwright.commands.validate.kept import KeptValidation


def broken(workspace: Workspace) -> Checked:
    """The results where sailwright.yaml cannot be read."""
    part = Part("project", workspace.findings, status=2)
    return Checked(workspace.findings, workspace.summary(), workspace.sources, "error", (part,))


def check_workspace(
    options: Options,
    workspace: Workspace,
    selection: Selection,
    proved: Mapping[str, BuiltFile] | None = None,
    last: LastRun | None = None,
) -> Checked:
    """Check what is loaded. `proved` are rendered files, by path, that were laid out and proved elsewhere; `last` is what is known of the
    last lint, where results are kept.
    """
    if workspace.compiled is None:
        return broken(workspace)
    by = gate(workspace, selection, options.config_ref)
    kept = keeping(workspace, last) if last is not None and by.ref is None else None
    base = compiled_base(options, named_base(options), workspace.compiled)
    tested = _in_each(by, lambda each: _test(options, each, kept))
    linted, fail_on = lint_part(options, workspace, by, base, kept)
    parts = (
        linted,
        tested,
        _build(options, workspace, workspace.compiled, proved),
        _in_each(by, lambda each: _validate(options, each, by.ref, kept)),
    )
    return checked(workspace, fail_on, parts)


def _in_each(by: Gate, part: Callable[[Workspace], Part]) -> Part:
    """One part of the gate for each project that the change is checked by, as one."""
    parts = [part(each) for each in by.workspaces]
    return replace(parts[0], findings=together([each.findings for each in parts]))


def _test(options: Options, workspace: Workspace, kept: Keeping | None) -> Part:
    """The tests of the service files."""
    results = tests_of(kept) if kept is not None else None
    known = results.known() if results is not None else None
    if known is not None:
        return test_part(options, known)
    worlds = workspace.worlds
    if workspace.compiled is not None:
        worlds = with_all_services(workspace.compiled, worlds)
    if kept is None or results is None:
        return test_part(options, run_tests(worlds))
    noting = zip(worlds, kept.asked_anew, strict=True)
    tests = run_tests(replace(each, world=world) for each, world in noting)
    results.keep(tests, kept.noted())
    return test_part(options, tests)


def validation_of(kept: Keeping) -> KeptValidation:
    """Where the results of validation are kept."""
    from sailwright.commands.validate.kept import KeptValidation

    return KeptValidation(kept.last.store, kept.kept.name, kept.around, kept.services, kept.packed)


def tests_of(kept: Keeping) -> KeptTests:
    """Where the results of tests are kept."""
    return KeptTests(kept.last.store, kept.last.name, kept.around, kept.services, kept.packed)


def _build(options: Options, workspace: Workspace, compiled: WorldSet, proved: Mapping[str, BuiltFile] | None) -> Part:
    """Whether the rendered files are those that would be written: of the services in PATHS, where PATHS name any."""
    from sailwright.commands.build.rebuild import rebuild
    from sailwright.commands.build.run import run
    from sailwright.project.services import service_files

    own = {source.path for source in workspace.own}.intersection(service_files(compiled.project))
    services = tuple(os.path.join(options.root, file) for file in sorted(own)) if options.paths else ()
    request = build_request(options, services)
    result = rebuild(request) if request.whole else None
    if result is None:
        rendered = compiled.rendered if proved is not None or knows_all(compiled) else None
        result = run(request, lambda _what, _done, _total: None, rendered, proved)
    return build_part(options, result, chosen=bool(services))


def _validate(options: Options, workspace: Workspace, ref: str | None, kept: Keeping | None) -> Part:
    from sailwright.commands.validate.run import Options as Validation
    from sailwright.commands.validate.run import validate_workspace

    how = Validation(cached=options.cached, config_ref=ref)
    validated = validate_workspace(workspace, how, kept=validation_of(kept) if kept is not None else None)
    return Part("validate", narrowed(options, validated.findings), notes=validated.notes)
