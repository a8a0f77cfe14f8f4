"""Dataclasses whose methods are not compiled, `__init__` of the busiest classes aside.

The standard decorator writes up to eight methods for every class as source and compiles them while its module is imported, half a
millisecond each time. A command imports hundreds of classes and makes a few instances of most. So the methods here are functions
that go through the names of the fields; `__init__` is compiled as well, which makes it twice as quick, once a class has many instances.
Apart from that these are the standard's dataclasses; type checkers see nothing else.
"""

from __future__ import annotations

from operator import attrgetter, eq, ge, gt, le, lt
from reprlib import recursive_repr

__all__ = ["dataclass", "field", "replace"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from typing import Any

_MANY = 200
"""Instances after which `__init__` is compiled: that takes as long as is then saved with some 200 instances."""


class _Field:
    """A field whose default factory, or other settings, wait for the standard's `field`."""

    __slots__ = ("settings",)

    def __init__(self, **settings: Any) -> None:
        self.settings = settings


if not TYPE_CHECKING:
    field = _Field

    def dataclass(
        *, frozen: bool = False, slots: bool = False, weakref_slot: bool = False, eq: bool = True, order: bool = False
    ) -> Callable[[type[Any]], type[Any]]:
        """As `dataclasses.dataclass`, with the settings that are in use here."""
        more = ("__weakref__",) if weakref_slot else ()
        return lambda cls: _prepared(cls, slots=more if slots else None, frozen=frozen, eq=eq, order=order)

    def replace(instance: Any, /, **changes: Any) -> Any:
        """As `dataclasses.replace`."""
        cls = type(instance)
        for name in cls.__match_args__:
            if name not in changes:
                changes[name] = getattr(instance, name)
        return cls(**changes)


def _prepared(cls: Any, *, slots: tuple[str, ...] | None, **settings: bool) -> Any:
    """The class with its methods and, where it has slots, these and `slots` beside its fields; methods that it wrote itself stay."""
    own = dict(cls.__dict__)
    annotations = own.get("__annotations__", {})
    names = tuple([name for name, kind in annotations.items() if not str(kind).startswith("ClassVar")])
    defaults = {name: own.pop(name) for name in names if name in own}
    if "__eq__" in own and own["__hash__"] is None:
        del own["__hash__"]  # Python put it beside `__eq__`; the author wrote none
    standard = _Standard(annotations, defaults, settings)
    methods = _methods(standard, names)
    if slots is not None:
        standard.cls = _slotted(cls, {**methods, **own}, (*names, *slots))
        return standard.cls
    standard.cls = cls
    for name, default in defaults.items():
        if isinstance(default, _Field):
            delattr(cls, name)
            if "default" in default.settings:
                setattr(cls, name, default.settings["default"])
    for name in methods.keys() - own.keys():
        setattr(cls, name, methods[name])
    return cls


def _slotted(cls: Any, body: dict[str, Any], names: tuple[str, ...]) -> Any:
    """The class again, with slots for its fields."""
    rest = {name: value for name, value in body.items() if name not in ("__dict__", "__weakref__")}
    made = type(cls)(cls.__name__, cls.__bases__, {**rest, "__slots__": names})
    made.__qualname__ = cls.__qualname__
    return made


def _methods(standard: _Standard, names: tuple[str, ...]) -> dict[str, Any]:
    """What makes a class with these fields a dataclass."""
    frozen, compared = standard.settings["frozen"], _compared(_where("compare", names, standard.defaults))
    return {
        "__match_args__": names,
        "__init__": _init(standard, names),
        "__repr__": _repr(names, standard.defaults),
        "__getstate__": lambda self: tuple([getattr(self, name) for name in names]),
        "__setstate__": _setstate(names),
        "__dataclass_fields__": _Made(standard, "__dataclass_fields__"),
        "__dataclass_params__": _Made(standard, "__dataclass_params__"),
        **(_comparing(compared, frozen=frozen, order=standard.settings["order"]) if standard.settings["eq"] else {}),
        **(_freezing(standard, frozenset(names)) if frozen else {}),
    }


class _Standard:
    """What the standard makes of a class: of a bare one with the same fields it makes a dataclass, of which methods are taken."""

    __slots__ = ("annotations", "cls", "defaults", "settings")

    def __init__(self, annotations: dict[str, Any], defaults: dict[str, Any], settings: dict[str, bool]) -> None:
        self.cls: Any = None
        self.annotations, self.defaults, self.settings = annotations, defaults, settings

    def twin(self, **settings: bool) -> Any:
        """The bare class, made into a dataclass."""
        import dataclasses

        cls = self.cls
        body: dict[str, Any] = {"__annotations__": self.annotations, "__doc__": "A twin."}
        body |= {"__module__": cls.__module__, "__qualname__": cls.__qualname__}
        for name, default in self.defaults.items():
            body[name] = dataclasses.field(**default.settings) if isinstance(default, _Field) else default
        return dataclasses.dataclass(**settings)(type(cls.__name__, (), body))

    def init(self) -> Any:
        """An `__init__` like the standard's, compiled, which the class has from now on."""
        cls = self.cls
        scope: dict[str, Any] = {"_put": object.__setattr__, "_left_out": object()}
        slots = cls.__dict__.get("__slots__", ())
        this = "_self" if "self" in cls.__match_args__ else "self"
        head, body, whole = [this], ["pass"], []
        for name in cls.__match_args__:
            default = self.defaults.get(name, _Field())
            settings = default.settings if isinstance(default, _Field) else {"default": default}
            parameter, value = name, name
            if "default" in settings:
                parameter = f"{name}=_default_{name}"
                scope[f"_default_{name}"] = settings["default"]
            elif "default_factory" in settings:
                parameter, value = f"{name}=_left_out", f"_make_{name}() if {name} is _left_out else {name}"
                scope[f"_make_{name}"] = settings["default_factory"]
            head.append(parameter)
            if not self.settings["frozen"]:
                body.append(f"{this}.{name} = {value}")
            elif name in slots:  # the slot itself is quicker than to have it looked for
                scope[f"_put_{name}"] = cls.__dict__[name].__set__
                body.append(f"_put_{name}({this}, {value})")
            else:
                whole.append(f"{name!r}: {value}")
        if whole:  # all at once takes half as long
            body.append(f"_put({this}, '__dict__', {{{', '.join(whole)}}})")
        exec(f"def __init__({', '.join(head)}):\n " + "\n ".join(body), scope)  # noqa: S102  # names of fields, no text from outside
        made = scope["__init__"]
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        cls.__init__ = made
        return made


class _Made:
    """An attribute of the class that the standard makes when it is asked for, as `dataclasses.fields` does."""

    __slots__ = ("name", "standard")

    def __init__(self, standard: _Standard, name: str) -> None:
        self.standard, self.name = standard, name

    def __get__(self, instance: Any, owner: Any) -> Any:
        made = getattr(self.standard.twin(**self.standard.settings), self.name)
        setattr(self.standard.cls, self.name, made)
        return made


def _init(standard: _Standard, names: tuple[str, ...]) -> Callable[..., None]:
    """`__init__` for the first instances of a class."""
    settings = {
        name: default.settings if isinstance(default, _Field) else {"default": default}
        for name, default in standard.defaults.items()
    }
    defaults = {name: each["default"] for name, each in settings.items() if "default" in each}
    factories = {name: each["default_factory"] for name, each in settings.items() if "default_factory" in each}
    put = object.__setattr__
    left = _MANY

    def initialize(self: Any, /, *positional: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        values, used = list(positional), 0
        for name in names[len(positional) :]:
            if name in named:
                values.append(named[name])
                used += 1
            elif name in defaults:
                values.append(defaults[name])
            elif name in factories:
                values.append(factories[name]())
        if left >= 0 and used == len(named) and len(values) == len(names):
            for name, value in zip(names, values, strict=True):
                put(self, name, value)
        else:  # there are many by now, or the arguments are wrong, which the standard's says in its words
            standard.init()(self, *positional, **named)

    return initialize


def _setstate(names: tuple[str, ...]) -> Callable[[Any, tuple[Any, ...]], None]:
    """Unpickling and copying call no `__init__`."""

    def restore(self: Any, state: tuple[Any, ...]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return restore


def _where(setting: str, names: tuple[str, ...], defaults: dict[str, Any]) -> list[str]:
    """The fields that do not say `False` to a setting."""
    fields = {name: default for name, default in defaults.items() if isinstance(default, _Field)}
    return [name for name in names if name not in fields or fields[name].settings.get(setting, True)]


def _repr(names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[[Any], str]:
    shown = _where("repr", names, defaults)

    @recursive_repr()
    def text(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join([f'{name}={getattr(self, name)!r}' for name in shown])})"

    return text


def _compared(compared: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The values that count when two instances are compared."""
    if len(compared) > 1:
        return attrgetter(*compared)
    return lambda self: tuple([getattr(self, name) for name in compared])


def _comparing(values: Callable[[Any], tuple[Any, ...]], *, frozen: bool, order: bool) -> dict[str, Any]:
    """`__eq__` and `__hash__`, and the four that order."""

    def compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        def method(self: Any, other: Any) -> bool:
            return compare(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

        return method

    methods = {"__eq__": compared(eq), "__hash__": (lambda self: hash(values(self))) if frozen else None}
    if order:
        methods |= {"__lt__": compared(lt), "__le__": compared(le), "__gt__": compared(gt), "__ge__": compared(ge)}
    return methods


def _freezing(standard: _Standard, names: frozenset[str]) -> dict[str, Any]:
    """What refuses to change an instance."""

    def refuse(self: Any, name: str, verb: str) -> None:
        if type(self) is standard.cls or name in names:
            from dataclasses import FrozenInstanceError

            raise FrozenInstanceError(f"cannot {verb} field {name!r}")

    def assign(self: Any, name: str, value: Any) -> None:
        refuse(self, name, "assign to")
        super(standard.cls, self).__setattr__(name, value)

    def delete(self: Any, name: str) -> None:
        refuse(self, name, "delete")
        super(standard.cls, self).__delattr__(name)

    return {"__setattr__": assign, "__delattr__": delete}
