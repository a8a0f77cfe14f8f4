"""A map that notes what it is asked for: what the answer of a query depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from sailwright.runtime.records import dataclass

T = TypeVar("T")

ALL = "*"
"""What is noted where something was asked about all keys at once."""


@dataclass(frozen=True, slots=True)
class LookUp(Generic[T]):
    """The keys that are asked for, whether they are there or not, are noted in `asked`, each after `prefix`."""

    values: Mapping[str, T]
    asked: set[str]
    prefix: str = ""

    def get(self, key: str) -> T | None:
        """The value of a key."""
        self.asked.add(self.prefix + key)
        return self.values.get(key)

    def __contains__(self, key: str) -> bool:
        self.asked.add(self.prefix + key)
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        self.asked.add(ALL)
        return iter(self.values)
