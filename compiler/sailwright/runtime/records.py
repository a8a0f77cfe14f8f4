"""Dataclasses whose methods are made when the first instance is.

The standard decorator compiles up to eight methods for every class while its module is imported, half a millisecond each time.
A command imports hundreds of classes and makes instances of some: waiting until then takes a third off its start. Apart from that
these are the standard's own dataclasses, made by it; type checkers see nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace


class _Field:
    """A field whose default factory, or other settings, wait for the standard's `field`."""

    __slots__ = ("settings",)

    def __init__(self, **settings: Any) -> None:
        self.settings = settings


if not TYPE_CHECKING:
    field = _Field

    def dataclass(
        *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
    ) -> Callable[[type[Any]], type[Any]]:
        """As `dataclasses.dataclass`, with the settings that are in use here."""
        settings = {"frozen": frozen, "eq": eq, "order": order}
        return lambda cls: _prepared(cls, settings, slots=slots)

    def replace(instance: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`."""
        from dataclasses import replace as standard

        return standard(instance, **changes)


_FIRST = ("__init__", "__setattr__", "__delattr__", "__dataclass_fields__", "__dataclass_params__")
_LATER = ("__repr__", "__eq__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__")
_ORDER = frozenset(("__lt__", "__le__", "__gt__", "__ge__"))


def _prepared(cls: Any, settings: dict[str, bool], *, slots: bool) -> Any:
    """The class with its slots, and methods that have the real ones made when they are first called."""
    own = dict(cls.__dict__)
    annotations = own.get("__annotations__", {})
    names = tuple(name for name, kind in annotations.items() if not str(kind).startswith("ClassVar"))
    defaults = {name: own.pop(name) for name in names if name in own}
    made = _slotted(cls, own, names) if slots else cls
    for name, default in defaults.items():
        if isinstance(default, _Field) and not slots:
            delattr(made, name)

    def take(wanted: tuple[str, ...], **what: bool) -> None:
        """Have the standard make methods on a bare twin, and take them over; those that the class wrote stay."""
        import dataclasses

        twin: dict[str, Any] = {"__annotations__": annotations, "__module__": made.__module__, "__doc__": made.__name__}
        for name, default in defaults.items():
            twin[name] = dataclasses.field(**default.settings) if isinstance(default, _Field) else default
        plain: Any = dataclasses.dataclass(**what)(type(made.__name__, (), twin))
        for name in wanted:
            if name in plain.__dict__ and name not in own:
                setattr(made, name, plain.__dict__[name])

    def first(self: Any, *positional: Any, **named: Any) -> None:
        take(_FIRST, frozen=settings["frozen"], eq=False, repr=False)
        made.__init__(self, *positional, **named)

    def restored(self: Any, state: tuple[Any, ...]) -> None:
        """What another process sent may be the first instance here: `replace` wants the standard's fields of it."""
        if "__dataclass_fields__" not in made.__dict__:
            take(_FIRST, frozen=settings["frozen"], eq=False, repr=False)
        _restore(self, names, state)

    def later(name: str) -> Callable[..., Any]:
        def called(self: Any, *others: Any) -> Any:
            take(_LATER, **settings, init=False)
            return getattr(made, name)(self, *others)

        return called

    made.__init__ = first
    for name in _LATER:
        comparing = name != "__repr__"
        if name not in own and (settings["order"] if name in _ORDER else settings["eq"] or not comparing):
            setattr(made, name, later(name))
    made.__getstate__ = lambda self: tuple(getattr(self, name) for name in names)
    made.__setstate__ = restored
    return made


def _restore(instance: Any, names: tuple[str, ...], state: tuple[Any, ...]) -> None:
    """Give an instance the fields that pickle has of it."""
    for name, value in zip(names, state, strict=True):
        object.__setattr__(instance, name, value)


def _slotted(cls: Any, own: dict[str, Any], names: tuple[str, ...]) -> Any:
    """The class again, with slots for its fields."""
    rest = {name: value for name, value in own.items() if name not in ("__dict__", "__weakref__")}
    made = type(cls)(cls.__name__, cls.__bases__, {**rest, "__slots__": names, "__match_args__": names})
    made.__qualname__ = cls.__qualname__
    return made
