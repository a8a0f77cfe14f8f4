"""What `build` is asked for, and what it has to tell."""

from __future__ import annotations

from collections.abc import Mapping

from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from sailwright.diagnostics.finding import Finding, Skipped
    from sailwright.runtime.executor import Workers
    from sailwright.runtime.pressed import Text
    from sailwright.source.source import Source
    from sailwright.workspace.service_change import CompiledPart


@dataclass(frozen=True, slots=True)
class Request:
    """What `build` was asked for. `paths` narrow what is written; `jobs` is None where the number of processors decides;
    `workers` render in the place of processes here.
    """

    root: str
    paths: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    mode: Literal["write", "check", "stdout"] = "write"
    injecting: bool = True
    allow_removals: bool = False
    allow_empty: bool = False
    jobs: int | None = None
    cache: Cache = Cache(None)
    workers: Workers | None = None

    @property
    def whole(self) -> bool:
        """Whether everything the project renders is asked for, as it runs, and there must be something to render."""
        narrowed = self.paths or self.environments or self.clusters
        return not narrowed and self.injecting and self.mode != "stdout" and not self.allow_empty


@dataclass(frozen=True, slots=True)
class BuildStats:
    """What a build came to; `restarts` counts changed pod templates by environment."""

    services: int
    documents: int
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    restarts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What to tell, and the exit status whatever --fail-on says.

    `sources` are the files that were checked, `rendered` those on disk that differ. `stats` is None where input errors came
    before any comparison; `printed` are the files that --stdout prints. `refused` says why nothing was built. `checked` counts the files and
    documents that were checked, where `sources` are not all of them. `part` is what was rendered of a change, for who goes on with it.
    """

    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    fail_on: str = "error"
    stats: BuildStats | None = None
    status: int = 0
    printed: tuple[Text, ...] = ()
    rendered: tuple[Source, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    refused: str = ""
    checked: tuple[int, int] | None = None
    part: CompiledPart | None = None
