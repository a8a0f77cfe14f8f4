"""All services after a change, of each a few fields: for what rules ask the whole mesh (see `commands.portions.around`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from sailwright.commands.lint.change import Change
from sailwright.commands.lint.suppressions import names_of
from sailwright.commands.lint.units import RULES, known_rules, places_of
from sailwright.commands.portions.around import Around, Services, look_around, look_for_absent
from sailwright.lint.link_table import by_hand
from sailwright.lint.parallel import WorkerInput, WorkerResult
from sailwright.lint.run_rules import Absent
from sailwright.lint.units import Units
from sailwright.runtime.process_pool import processors
from sailwright.runtime.records import dataclass
from sailwright.workspace.file_order import is_of_service


@dataclass(frozen=True)
class AllServices:
    """All services after a change; nothing of them is read before something is asked."""

    change: Change

    @cached_property
    def ours(self) -> Mapping[str, str]:
        """The files of all services, and of what is judged as a service is."""
        services = {path: path for each in self._places for path, place in each.items() if is_of_service(place)}
        return {**self._written, **services}

    @cached_property
    def _written(self) -> Mapping[str, str]:
        return by_hand(((world.manifests, places_of(world)) for world in self.change.around), {})

    @cached_property
    def _places(self) -> tuple[dict[str, str], ...]:
        """The places of all files of each world."""
        gone = self.change.former_places
        known = self.change.last.known["places"]
        found = tuple({path: place for path, place in each.items() if path not in gone} for each in known)
        for number, path, place in self.change.own_places():
            found[number][path] = place
        return found

    @cached_property
    def _services(self) -> Services:
        kept, part = self.change.kept, self.change.part
        concerned = part.change.again | part.change.gone
        rows = [[path for path in row if path not in concerned] for row in kept.by_row(part)]
        rows = [row for row in (*rows, [*part.packed]) if row]
        return Services(kept, part, rows, self.change.around, frozenset(self._written))

    @cached_property
    def _worker_input(self) -> WorkerInput | None:
        known = self.change.last.known
        rules = known_rules(known, *RULES)
        if rules is None:
            return None
        units = Units(self.ours, self._places)
        return WorkerInput((), len(self.change.around), frozenset(), rules, names_of(known), units)

    def around(self) -> Around | None:
        """What rules find around the services; None where that takes more than a few fields. May raise LostRow."""
        given = self._worker_input
        return look_around(self._services, given, processors()) if given is not None else None

    def absent(self, wanted: Absent) -> WorkerResult | None:
        """What rules find in files where they report an absence; None where that takes more than a few fields. May raise LostRow."""
        files: dict[str, frozenset[str]] = {}
        for rule, file in wanted:
            files[rule] = files.get(rule, frozenset()) | {file}
        given = self._worker_input
        if given is None:
            return None
        linked = {each.rule.ID for each in given.chosen if each.rule.KIND.linked}
        if not linked.isdisjoint(files) or any("" in each for each in files.values()):
            return None
        sample = [[path] for path in self._paths({min(each) for each in files.values()})]
        return look_for_absent(self._services, given, files, sample, processors())

    def _paths(self, files: set[str]) -> Iterable[str]:
        """The services that are rendered to these files."""
        part = self.change.part
        output = part.compilation.project.output.path
        for path, record in part.each_record():
            if any(f"{output}/{file}" in files for file in record.outputs):
                yield path
