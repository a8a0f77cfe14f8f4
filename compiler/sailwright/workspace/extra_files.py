"""Selected files that are not the project's own: extra manifests, and what is skipped with a reason."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sailwright.diagnostics.finding import Skipped
from sailwright.runtime.records import replace
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.files import ENDINGS, nothing_piped, read, read_named, recognised
from sailwright.source.files.files import named as named_files
from sailwright.source.files.real_paths import RealPaths
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT, Source, looks_like_service, parse

if TYPE_CHECKING:
    from sailwright.mesh.world import World
    from sailwright.project.model import Project
    from sailwright.source.manifest import Manifest
    from sailwright.workspace.selection import Selection

UNLISTED = "a service file that `services` of sailwright.yaml does not name"


def extra_files(
    names: Iterable[str], selection: Selection, checkout: Checkout, output: str, skipped: list[Skipped]
) -> tuple[Source, ...]:
    """The extra manifests among files that are not the project's. Rendered files count only where PATHS name them or a folder
    of theirs."""

    named = _names_rendered(selection.paths, checkout.root, output)
    rendered = 0
    found: list[Source] = []
    for name in names:
        if is_below(name, output) and (not named or selection.context == "mesh"):
            rendered += 1
        elif name == "-":
            source = read_named(name)
            if nothing_piped(name, source):
                skipped.append(Skipped(name, "standard input is empty"))
            else:
                found.append(source)
        elif isinstance(data := checkout.read(name, MANIFEST_LIMIT), Unreadable):
            found.append(read(os.path.join(checkout.root, name), name))
        elif looks_like_service(data):
            skipped.append(Skipped(name, UNLISTED))
        else:
            found.append(recognised(parse(name, data, "manifest"), os.path.join(checkout.root, name)))
    skipped += rendered_files(output, rendered)
    return tuple(found)


def rendered_files(output: str, count: int) -> list[Skipped]:
    """The rendered files of a folder in PATHS, counted as one."""
    if not count:
        return []
    what = (
        "1 rendered file: checked where it comes" if count == 1 else f"{count} rendered files: checked where they come"
    )
    return [Skipped(output, f"{what} from")]


def _names_rendered(paths: Iterable[str], root: str, output: str) -> bool:
    """Whether PATHS name the output folder, or something in it."""
    return any(is_below(below(path, root), output) for path in paths if path != "-")


def but_rendered(paths: Iterable[str], root: str, output: str, skipped: list[Skipped]) -> list[str] | None:
    """The files that PATHS name, as the project calls them, without those in the output folder, which are counted in `skipped`.

    None where PATHS name rendered files by themselves, or a kustomization there does more than list resources.
    """
    from sailwright.source.kustomize import NAMES

    if _names_rendered(paths, root, output):
        return None
    real, here = RealPaths(), os.path.realpath(root)
    names = [_inside(real.of(name), here) for name in named_files(paths, skipped, real)]
    rendered = frozenset(name for name in names if is_below(name, output))
    if not all(_lists_resources(os.path.join(root, name)) for name in rendered if os.path.basename(name) in NAMES):
        return None
    skipped += rendered_files(output, len(rendered))
    return [name for name in names if name not in rendered]


_LISTING = (b"#", b"-", b" ", b"apiVersion:", b"kind:", b"resources:", b"sortOptions:")


def _lists_resources(path: str) -> bool:
    """Whether a kustomization says nothing but which resources there are, as those that are rendered."""
    try:
        with open(path, "rb") as file:
            return all(line.startswith(_LISTING) for line in file)
    except OSError:
        return False


def unlisted_services(project: Project) -> Iterator[Skipped]:
    """Service files beside those that `services` names: nothing is built from them, most likely for a misspelt name."""
    from sailwright.project.services import service_files

    listed = {*service_files(project), *(path for each in project.manifests for path in each.paths)}
    found: dict[str, None] = {}
    for pattern in project.services:
        folder, slash, _ = pattern.rpartition("/")
        found |= dict.fromkeys(project.checkout.glob(f"{folder}{slash}*"))
    for path in sorted(path for path in found.keys() - listed if path.endswith(ENDINGS)):
        data = project.checkout.read(path, SERVICE_LIMIT)
        if not isinstance(data, Unreadable) and looks_like_service(data):
            yield Skipped(path, UNLISTED)


def extra_world(world: World, extra: Iterable[Source], output: str) -> World:
    """A world with extra files in the place of objects of the same name; rendered ones only in their own cluster."""
    from sailwright.project.service.resolve import Target
    from sailwright.render.rendering import folder_of
    from sailwright.source.manifest import manifests

    folder = f"{output}/{folder_of(Target(world.environment, world.cluster))}"
    fitting = (source for source in extra if not is_below(source.path, output) or is_below(source.path, folder))
    placed = [manifest for source in fitting for manifest in manifests(source)]
    taken = {_identity(manifest) for manifest in placed}
    rest = (manifest for manifest in world.manifests if _identity(manifest) not in taken)
    return replace(world, manifests=(*placed, *rest))


def _identity(manifest: Manifest) -> tuple[str, str, str | None, str]:
    return manifest.group, manifest.kind, manifest.namespace, manifest.name


def below(path: str, root: str) -> str:
    """A path as the project sees it."""
    return _inside(os.path.realpath(path), os.path.realpath(root))


def _inside(path: str, root: str) -> str:
    """A real path as the project sees it, whose folder is given by its real path as well."""
    start = f"{root.rstrip(os.sep)}{os.sep}"
    inside = path[len(start) :] if path.startswith(start) else os.path.relpath(path, root)
    return inside.replace(os.sep, "/")


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == folder or path.startswith(f"{folder}/")
