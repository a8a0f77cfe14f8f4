"""What an adoption is asked of and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sailwright.commands.edit.adopt.inventory import Note
from sailwright.commands.edit.adopt.rounds import Refused
from sailwright.commands.edit.scaffold import project_text
from sailwright.diagnostics.finding import Location
from sailwright.mesh.world import World
from sailwright.runtime.cache import Cache, open_cache
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.files.files import PROJECT_FILE

Tree = dict[str, Any]
REQUESTS = "requests to"
"""How a difference of traffic begins."""


@dataclass(frozen=True)
class EmptyCheckout:
    """A repository without a file."""

    root: str = "."

    def shown(self, path: str) -> str:
        return path

    def read(self, path: str, limit: int) -> bytes | Unreadable:  # noqa: ARG002
        return Unreadable("No such file")

    def holds(self, path: str) -> bool:
        return not path.startswith(("/", ".."))

    def glob(self, pattern: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()


@dataclass(frozen=True)
class Site:
    """The repository that the drafts are for: a new one, or (`place`) a project that is there.

    `earlier` is what each of its clusters has today. `taken` are the paths of its service files, `known` the NAMESPACE and NAME
    of its services. `inject` says that each draft names its way of injection, which a new project file does for all; `hand_written` that what
    belongs to no service becomes a manifest below `manifests/`.
    """

    checkout: Checkout = field(default_factory=EmptyCheckout)
    cache: Cache = field(default_factory=open_cache)
    earlier: tuple[World, ...] = ()
    inject: bool = False
    hand_written: bool = True
    place: Callable[[str], str] | None = None
    taken: Collection[str] = ()
    known: Collection[tuple[str, str]] = ()

    def shown(self, path: str) -> str:
        """What messages call a file of the repository."""
        return self.checkout.shown(path)

    def paths(self, names: Sequence[tuple[str, str]]) -> list[str]:
        """The service files of NAMESPACE and NAME, each a path of its own."""
        place = self.place or "services/{}/service.yaml".format
        taken = set(self.taken)
        result = []
        for namespace, name in names:
            path = place(name)
            if path in taken:
                path = place(f"{namespace}-{name}")
            taken.add(path)
            result.append(path)
        return result

    def project_file(
        self, namespaces: Mapping[str, Tree], hand_written: bool, gateways: Sequence[Any] = ()
    ) -> dict[str, str]:
        """The project file of a new repository; nothing where there is one."""
        if self.place is not None:
            return {}
        return {PROJECT_FILE: project_text(namespaces, "namespace", manifests=hand_written, gateways=gateways)}


@dataclass(frozen=True, slots=True)
class Draft:
    """A service file to be."""

    path: str
    text: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of an object: kept, added (to), changed, carried along, or left out, and how or why."""

    kind: str
    namespace: str
    name: str
    location: Location
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Adoption:
    """The drafted files, and the files beside them by path; what becomes of each object, which drafts are refused,
    and which differences are written because they are accepted.
    """

    drafts: tuple[Draft, ...]
    files: Mapping[str, str]
    namespaces: dict[str, Tree]
    notes: tuple[Note, ...]
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...] = ()
    meant: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every object is rendered or carried along."""
        return not self.refused and all(row.what != "left out" for row in self.rows)
