"""The first comparison of a large project with a base: what later ones start from is found some services at a time, and kept.

disk      commands/portions/mesh.py       all services are rendered to the store, and read back from there
base      workspace/commit_change.py     only services that differ are rendered of it
links     commands/linked/in_portions.py who is linked to whom
mesh      diff/mesh_in_portions.py       who calls whom, and what answers hang on beside links, namespace by namespace

Then both sides are known as after any comparison (see `kept_comparison`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sailwright.commands.diff.kept_graphs import (
    KeptGraphs,
    keep_known,
    kept_graphs,
)
from sailwright.commands.diff.mesh_in_portions import packed_at_base, renewed_mesh, whole_mesh
from sailwright.commands.linked.around import around_of
from sailwright.commands.linked.in_portions import keep_links_of
from sailwright.commands.linked.services import links_of_both
from sailwright.commands.portions.mesh import KeptServices, open_services
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.process_pool import can_fork, elsewhere, processors
from sailwright.runtime.store import open_store
from sailwright.runtime.table import LostRow
from sailwright.source.files.checkout import Commit
from sailwright.workspace.commit_change import CommitServices, commit_services
from sailwright.workspace.kept_commit import KeptCommit, keep_commit, kept_commit
from sailwright.workspace.selection import Selection
from sailwright.workspace.service_rows import content_digest


def keep_both_sides(root: str, name: str, environments: Sequence[str], cache: Cache) -> bool:
    """Keep what a comparison of a large project with a commit starts from; False where that is kept already, or portions are no way."""
    if not can_fork() or cache.directory is None:
        return False
    commit, store = Commit(root, name), open_store(cache, root)
    selection = Selection(project=root, environments=tuple(environments), cached=True, jobs=None)
    try:
        services = open_services(selection, root, store, processors())
        return services is not None and _keep(services, commit, environments, cache)
    except LostRow:
        return False


def _keep(services: KeptServices, commit: Commit, environments: Sequence[str], cache: Cache) -> bool:
    kept, targets = services.kept, services.part.compilation.targets
    base, graphs = (known(targets, commit, cache) for known in (kept_commit, kept_graphs))
    if isinstance(base, KeptCommit) and isinstance(graphs, KeptGraphs):
        at_base = _differing(services, base) if graphs.divisible and not graphs.annotated else None
        return at_base is not None and not _linked(services, at_base) and keep_links_of(services, at_base.packed, cache)
    at_base = _at_base(services, commit, environments, cache)
    if at_base is None:
        return False
    digests, around = _digests(services, at_base), around_of(services.part, services.written)
    known = elsewhere(lambda: renewed_mesh(services, at_base, around, digests) or whole_mesh(services, at_base, around))
    if known is None or not (_linked(services, at_base) or keep_links_of(services, at_base.packed, cache)):
        return False
    keep_commit(kept.store, kept.name, commit.tree, digests, partial(packed_at_base, services, at_base))
    keep_known(known, targets, commit, cache)
    return True


def _linked(services: KeptServices, at_base: CommitServices) -> bool:
    """Whether it is known who is linked to whom on both sides."""
    digests, load = services.kept.digests(services.part), services.packed
    sides = (digests, load), (_digests(services, at_base), partial(packed_at_base, services, at_base))
    by_hand = (services.written,)
    return elsewhere(lambda: links_of_both(services.kept, services.part, sides, by_hand) is not None)


def _differing(services: KeptServices, base: KeptCommit) -> CommitServices | None:
    """What is kept of a base beside the files on disk."""
    digests = services.kept.digests(services.part)
    packed = base.packed(path for path, _ in base.digests.items() - digests.items())
    return CommitServices(packed, frozenset(digests.keys() - base.digests.keys())) if packed is not None else None


def _at_base(
    services: KeptServices, commit: Commit, environments: Sequence[str], cache: Cache
) -> CommitServices | None:
    try:
        return elsewhere(
            lambda: commit_services(services.kept, services.part, commit, cache, environments, same_hosts=False)
        )
    except Failure as failure:
        if failure.no_answer:
            raise
        return None


def _digests(services: KeptServices, at_base: CommitServices) -> dict[str, str]:
    """The digests of what is rendered of all services of the base."""
    known = {path: each for path, each in services.kept.digests(services.part).items() if path not in at_base.gone}
    return known | {path: content_digest(each) for path, each in at_base.packed.items()}
