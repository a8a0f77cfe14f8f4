"""The results of the last lint of a project, kept: while no file that it read has changed, no rule runs again.

What is kept does not depend on PATHS: those only narrow what is reported of it. Nothing is kept where a result may hang on more than
files of the project (the date, for a certificate), and for the flags that read other files. What suppresses findings does so anew in
each run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Finding, Skipped
from sailwright.diagnostics.plain import finding_of, plain_finding, plain_skipped
from sailwright.runtime.digests import blake2b
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import Store, open_store
from sailwright.runtime.table import Keeping, LostRow, Rows, Table, new_table
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.scalars import Dialect
from sailwright.workspace.input_state import InputState, inputs_of
from sailwright.workspace.program import program
from sailwright.workspace.selection import Selection, Workspace
from sailwright.workspace.stubs import source_of, with_stubs

if TYPE_CHECKING:
    from sailwright.lint.run import Judged, LintRequest
    from sailwright.lint.settings import Settings
    from sailwright.mesh.world import World
    from sailwright.project.model import Project
    from sailwright.source.files.recorded import Recorded

_KIND = "lint"

_TABLES = "tables"
"""The key of the rows of what is not in the entry itself."""

_IN_A_ROW = 256
"""Files in a row of a table."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The workspace without its worlds, what was found wrong in it, what rules found, and the settings that count then."""

    workspace: Workspace
    judged: Judged
    settings: Settings


def names_only_files(selection: Selection) -> bool:
    """Whether the flags name nothing but files of a project as they are on disk."""
    elsewhere = (
        selection.compat,
        selection.mesh_config_file,
        selection.stdin_filename,
        selection.namespace,
        selection.build,
        selection.trusted,
        "-" in selection.paths,
    )
    return not any(elsewhere)


@dataclass(frozen=True)
class LastRun:
    """What is known of the last run with these rules: nothing where there was none of this program. `alike` is the state of a command
    that has just looked at the same files.
    """

    root: str
    store: Store
    name: str
    known: Mapping[str, Any]
    alike: InputState | None = None

    @property
    def kind(self) -> str:
        """Of the rows that are kept of it."""
        return f"{_KIND} {self.name}"

    @cached_property
    def state(self) -> InputState:
        """The files that it read."""
        return InputState(self.root, self.store, self.kind, self.known, self.alike, walking=self.checkout)

    @cached_property
    def checkout(self) -> Recorded:
        """The files on disk, with an account of what is read of them and of the folders that are looked into."""
        from sailwright.source.files.checkout import Disk
        from sailwright.source.files.recorded import Recorded

        return Recorded(Disk(self.root))


def last_run(selection: Selection, select: tuple[str, ...], ignore: tuple[str, ...]) -> LastRun | None:
    """What is known of the last run with these rules; None without a project."""
    from sailwright.source.files.discovery import find_project

    root = find_project(selection.project)
    if root is None:
        return None
    store, name = open_store(selection.cache, root), _name(selection, select, ignore)
    known = store.load_mapping(_KIND, name)
    if known.get("program") != program_of_rules(store) or not _same_days(known):
        return LastRun(root, store, name, {})
    last = LastRun(root, store, name, known, selection.part.state if selection.part is not None else None)
    return replace(last, known=_with_tables(store, last.kind, known))


def _same_days(known: Mapping[str, Any]) -> bool:
    if not known["until"]:
        return True
    from sailwright.commands.lint.suppressions import same_days

    return same_days(known)


def kept_results(selection: Selection, last: LastRun) -> Kept | None:
    """The results of the last run; None where anything has changed since, or PATHS name more."""
    state = last.state
    if not state.same_inputs:
        return None
    found, keeping = known_results(selection, last), Keeping(last.store)
    if found is not None and (renewed := state.renewed(keeping)):
        keep_known(last, {**last.known, **renewed}, keeping)
    return found


def known_results(selection: Selection, last: LastRun) -> Kept | None:
    """What is known of a run as its results, of which nothing has changed; None where PATHS name more."""
    from sailwright.workspace.extra_files import but_rendered
    from sailwright.workspace.load import skipped_documents

    root, known = last.root, last.known
    files: Mapping[str, tuple[Dialect, int]]
    problems = tuple(map(finding_of, known["problems"]))
    findings = tuple(map(finding_of, known["found"]))
    skipped: list[Skipped] = []
    shown = {finding.location.file for finding in (*findings, *problems)} | set(known["marked"])
    if known["ignore"]:
        shown.add(PROJECT_FILE)  # an entry may suppress nothing any more
    if selection.paths:
        wanted = but_rendered(selection.paths, root, known["output"], skipped)
        files = known["files"].table.get_all(wanted) if wanted is not None else {}
        if wanted is None or not files.keys() >= set(wanted):
            return None
        everything = len(files) == known["count"]
        if everything:
            sources = with_stubs(root, {name: files[name] for name in wanted}, shown)
            places = {name: place for place, name in enumerate(wanted)}
            documents = (Skipped(*each) for each in known["skipped"] if each[0] in places)
            skipped += sorted(documents, key=lambda each: places[each.file])
        else:
            sources = tuple(source_of(root, name, files[name][0]) for name in wanted)
            skipped += skipped_documents(sources)
    else:
        files = known["files"]
        sources = with_stubs(root, files, shown, selection.aside)
        skipped = [Skipped(*each) for each in known["skipped"]]
        everything = True
    workspace = Workspace((), sources, problems, tuple(skipped), root=root, covers_project=everything)
    return Kept(workspace, _judged(known, findings), _settings(known))


def _judged(known: Mapping[str, Any], findings: tuple[Finding, ...]) -> Judged:
    from sailwright.lint.run import Judged

    ran = frozenset(known["ran"])
    if known["names"] is None:
        return Judged(findings, (), frozenset(), (), (), {}, ran, None)
    from sailwright.commands.lint.suppressions import names_of, suppression_of

    hidden = tuple(map(finding_of, known["hidden"]))
    used = frozenset((suppression_of(one), rule) for one, rule in known["used"])
    annotations = tuple(suppression_of(one) for _, _, one in known["annotations"])
    return Judged(findings, hidden, used, (), (), {}, ran, names_of(known), annotations)


def _settings(known: Mapping[str, Any]) -> Settings:
    from sailwright.lint.settings import Settings

    if not known["ignore"]:
        return Settings(fail_on=known["fail on"])
    from sailwright.commands.lint.suppressions import settings_of

    return settings_of(known)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of rules over a project came to, to be kept: what it read, what was wrong with it, what rules found.

    `files` has the dialect and the number of documents of each file. `more` is what to know of suppressions, of links and of units, as
    plain data.
    """

    checkout: Recorded
    project: Project
    files: Mapping[str, tuple[Dialect, int]]
    problems: Sequence[Finding]
    skipped: Sequence[Skipped]
    judged: Judged
    fail_on: str
    more: Mapping[str, Any]


def keep_results(last: LastRun, workspace: Workspace, request: LintRequest, judged: Judged) -> None:
    """Keep what rules found, where it depends on files of the project alone."""
    from sailwright.commands.lint.links import keep_links
    from sailwright.commands.lint.suppressions import plain_suppressions
    from sailwright.commands.lint.units import plain_units
    from sailwright.source.files.recorded import Recorded
    from sailwright.workspace.extra_files import unlisted_services
    from sailwright.workspace.load import skipped_documents

    compiled, project = workspace.compiled, workspace.project
    if compiled is None or project is None or workspace.extra_files or not _plain(workspace, request, judged):
        return
    checkout = project.checkout
    sources = {source.path: source for source in (*compiled.sources, project.document.source)}
    skipped = (*unlisted_services(project), *skipped_documents(sources.values()))
    if not isinstance(checkout, Recorded) or any(map(in_templates, sources)):
        return
    files = {path: (source.dialect, len(source.documents)) for path, source in sources.items()}
    more = {
        **plain_suppressions(request, sources.values(), judged.names),
        **keep_links(last.store, last.name, workspace, request),
        **plain_units(workspace, judged, request),
    }
    keep_run(last, Run(checkout, project, files, request.problems, skipped, judged, request.settings.fail_on, more))


def in_templates(path: str) -> bool:
    """Whether a file lies in `templates`: what does is read by what lies beside it."""
    return "/templates/" in f"/{path}"


def keep_run(last: LastRun, run: Run) -> LastRun:
    """Keep what a run came to in the place of an earlier one."""
    from sailwright.commands.lint.suppressions import days
    from sailwright.workspace.service_rows import DIGESTS  # as the rendering keeps them: then equal rows are the same

    keeping = Keeping(last.store)
    known = {
        "program": program_of_rules(last.store),
        **inputs_of(run.checkout, last.kind, keeping),
        "count": len(run.files),
        "output": run.project.output.path,
        "problems": [plain_finding(each) for each in run.problems],
        **plain_found(run.judged),
        "skipped": [plain_skipped(each) for each in run.skipped],
        "ran": sorted(run.judged.ran),
        "fail on": run.fail_on,
        "until": days(run.project.document),
        **run.more,
        _TABLES: {
            "files": new_table(f"{last.kind} files", dict(run.files), _IN_A_ROW, keeping),
            "services": new_table(f"{last.kind} services", run.more.get("services", {}), DIGESTS, keeping),
            "places": new_table(f"{last.kind} places", _places(run.more.get("places", ())), _IN_A_ROW, keeping),
        },
        "worlds": len(run.more.get("places", ())),
    }
    return keep_known(last, known, keeping)


def _places(worlds: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The place of each file in its world, by the number of the world and its path."""
    return {f"{number} {path}": place for number, each in enumerate(worlds) for path, place in each.items()}


Changed = tuple[Mapping[str, Any], Collection[str]]
"""What a table has anew, and the keys that are gone from it."""


def changed_tables(last: LastRun, rows: Mapping[str, Changed], keeping: Keeping) -> dict[str, Any]:
    """The tables of what is known with other rows in them, by the name of each."""
    tables = last.known[_TABLES]
    changed = {
        name: Table(last.store, f"{last.kind} {name}", tables[name]).changed(*each, keeping)
        for name, each in rows.items()
    }
    return {_TABLES: {**tables, **changed}}


def known_units(last: LastRun) -> Mapping[str, Any]:
    """What is known of the units of the last run, with the digests of all services and the places of all files; nothing where these are not
    there any more.
    """
    if not last.known.get("around"):
        return {}
    try:
        places = [dict(each) for each in last.known["places"]]
        return {**last.known, "services": dict(last.known["services"].table.items()), "places": places}
    except LostRow:
        return {}


def _with_tables(store: Store, kind: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What is known, with what is in tables: the dialect of each file that was checked and how many documents it has (`files`), the
    digest of what is rendered of each service (`services`), and the place of each file in its world (`places`, one of each world).
    """
    files, services, places = (
        Table(store, f"{kind} {name}", known[_TABLES][name]) for name in ("files", "services", "places")
    )
    worlds = [Rows(places, f"{number} ") for number in range(known["worlds"])]
    return {**known, "files": Rows(files), "services": Rows(services), "places": worlds}


def plain_found(judged: Judged) -> dict[str, Any]:
    """What rules found, what of it annotations suppress, and which."""
    from sailwright.commands.lint.suppressions import plain_suppression

    return {
        "found": [plain_finding(each) for each in judged.found],
        "hidden": [plain_finding(each) for each in judged.hidden],
        "used": [(plain_suppression(one), rule) for one, rule in judged.used],
    }


def keep_known(last: LastRun, known: dict[str, Any], keeping: Keeping) -> LastRun:
    """Keep what is known of a run in the place of an earlier one."""
    plain = {name: each for name, each in known.items() if name not in known[_TABLES]}
    keeping.keep(_KIND, last.name, plain)
    return replace(last, known=_with_tables(last.store, last.kind, plain))


def _plain(workspace: Workspace, request: LintRequest, judged: Judged) -> bool:
    """Whether no rule crashed, and no certificate is checked, whose answer changes by the day."""
    if judged.crashes or workspace.compiled is None:
        return False
    return not hang_on_the_day(request.worlds)


def hang_on_the_day(worlds: Iterable[World]) -> bool:
    """Whether there are certificates, of which rules find something else by the day."""
    return any(manifest.kind == "Secret" for world in worlds for manifest in world.manifests)


def _name(selection: Selection, select: tuple[str, ...], ignore: tuple[str, ...]) -> str:
    chosen = (selection.environments, selection.clusters, selection.istio_version, select, ignore)
    return blake2b(repr(chosen).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def program_of_rules(store: Store) -> bytes:
    """What tells this program and its rules from any other version of them."""
    import sailwright_policies

    return program(store, tuple(sailwright_policies.__path__))
