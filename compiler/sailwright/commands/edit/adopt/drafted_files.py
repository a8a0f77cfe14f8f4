"""The files of an adoption as they stand: service files, what is carried along beside them, and the project file."""

from __future__ import annotations

from typing import Any

from sailwright.commands.edit.adopt.carried import file_part, files_of
from sailwright.commands.edit.adopt.companions import companions
from sailwright.commands.edit.adopt.gateways import known_gateways
from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Key, key_of
from sailwright.commands.edit.adopt.policies import accounts
from sailwright.commands.edit.adopt.routing import rules_by_host
from sailwright.commands.edit.adopt.service_file import Drafting, ServiceDraft, creators, service_file
from sailwright.commands.edit.adopt.work import Round, Work
from sailwright.commands.edit.adopt.yaml_style import lay_out
from sailwright.commands.edit.scaffold import schema_line
from sailwright.project.cross_service_checks import guarded
from sailwright.source.manifest import Manifest

Tree = dict[str, Any]
_INJECTION = ("istio-injection", "istio.io/rev", "istio.io/dataplane-mode")


def drafted_files(work: Work) -> Round:
    """The files as they stand now. Drafting itself may carry objects along: it is repeated until it does not."""
    rules = rules_by_host(work.found)
    while True:
        standing = work.standing()
        before = len(work.carried.reasons)
        drafting = Drafting(
            work.found,
            work.carried,
            creators(standing, work.found, work.carried),
            rules,
            accounts(standing, work.carried),
        )
        drafts = {id(group): service_file(group, drafting) for group in standing}
        if len(work.carried.reasons) == before:
            break
    paths = work.site.paths([(group.namespace, group.name) for group in standing])
    by_group = dict(zip(map(id, standing), paths, strict=True))
    beside, places = _beside(work, standing, drafts, by_group)
    services: dict[str, str] = {}
    for group in standing:
        tree = drafts[id(group)].tree
        path = by_group[id(group)]
        folder = path.rpartition("/")[0]
        if any(name.startswith(f"{folder}/extra/") for name in beside):
            tree["include"] = ["extra/*.yaml"]
        if work.site.inject and group.entry is None:
            tree["mesh"] = {"inject": "namespace", **tree.get("mesh", {})}
        services[path] = schema_line(path, "service") + lay_out(tree)
    namespaces = _namespaces(work, standing, by_group)
    hand_written = any(name.startswith("manifests/") for name in beside)
    project = work.site.project_file(namespaces, hand_written, known_gateways(work.found))
    return Round(drafts, by_group, {**project, **services, **beside}, services, namespaces, places)


def _beside(
    work: Work, standing: tuple[Group, ...], drafts: dict[int, ServiceDraft], paths: dict[int, str]
) -> tuple[dict[str, str], dict[Key, str]]:
    """The files of what is carried along: beside the service that it belongs to, else among the hand-written manifests."""
    drafted = {key_of(one) for draft in drafts.values() for one in draft.objects}
    others = (*work.known, *(group for group in work.groups if id(group) in work.refusals.by_group))
    refused = {key_of(one) for group in others for one in group.objects}
    earlier = companions(others, work.found)
    known = companions(standing, work.found)
    by_folder: dict[str, list[Manifest]] = {}
    for one in work.found.everything():
        key = key_of(one)
        if key in drafted or key in refused or one.kind == "Secret":
            continue
        group = known.group_of(one)
        if group is None and earlier.group_of(one) is not None:
            continue
        if group is not None:
            folder = f"{paths[id(group)].rpartition('/')[0]}/extra"
        elif work.site.hand_written:
            folder = f"manifests/{file_part(one.namespace or 'cluster' if one.kind != 'Namespace' else 'cluster')}"
        else:
            continue
        by_folder.setdefault(folder, []).append(one)
    files: dict[str, str] = {}
    places: dict[Key, str] = {}
    documents: dict[int, list[str]] = {}
    for folder, objects in by_folder.items():
        written = files_of(objects, folder, documents)
        files |= written
        places |= dict(zip(map(key_of, objects), written, strict=True))
    return files, places


def _namespaces(work: Work, standing: tuple[Group, ...], paths: dict[int, str]) -> dict[str, Tree]:
    """The namespaces with the labels that decide about injection, the files that may render into guarded ones, and what they allow."""
    result: dict[str, Tree] = {}
    for name in sorted({group.namespace for group in standing}):
        manifest = next((manifest for manifest in work.found.of("Namespace") if manifest.name == name), None)
        if manifest is not None:
            labels = {key: str(value) for key, value in manifest.labels.items() if key in _INJECTION}
            result[name] = {"labels": labels} if labels else {}
        if guarded(name):
            files = [paths[id(group)] for group in standing if group.namespace == name]
            result.setdefault(name, {})["services"] = files
        if name in work.allow:
            result.setdefault(name, {})["allow"] = sorted(work.allow[name])
    return result
