"""What a project renders of no service: Namespace objects, waypoints, its own Gateway. It hangs on where services are and what they name."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.render.rendering import RenderedFile
from sailwright.runtime.digests import blake2b
from sailwright.source.files.files import PROJECT_FILE
from sailwright.workspace.service_change import namespaces_after

if TYPE_CHECKING:
    from sailwright.workspace.kept_rendering import Part
    from sailwright.workspace.parallel import Rendered


def files_around(part: Part) -> list[Sequence[RenderedFile]]:
    """The files of no service as they are now, of each cluster. May raise LostRow."""
    inhabited, renderings = namespaces_after(part.change, part.records), part.compilation.renderings
    targets = enumerate(part.compilation.targets)
    return [tuple(renderings[target].shared(inhabited.get(number, set()))) for number, target in targets]


def digest_around(part: Part) -> bytes:
    """What tells them apart. May raise LostRow."""
    return _digest(files_around(part))


def digest_of_rendered(rendered: Rendered) -> bytes:
    """The same, of what is among all that is rendered."""
    targets = rendered.compilation.targets
    return _digest([each for each in rendered.files[target] if each.source == PROJECT_FILE] for target in targets)


def _digest(clusters: Iterable[Iterable[RenderedFile]]) -> bytes:
    plain = [[(each.path, [found.value for found in each.rendered_objects]) for each in some] for some in clusters]
    return blake2b(marshal.dumps(plain, 2), digest_size=16).digest()
