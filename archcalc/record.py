"""Plain immutable values that are quick to define.

A class costs microseconds to define, a NamedTuple a tenth of a millisecond and a frozen dataclass half of one; archcalc
runs for a tenth of a second and has dozens of them. Which kind of value is when:

- ``Record`` is the usual one: read by the names of its fields, made some times in a run, quick to define.
- ``NamedTuple`` where a value is made by the hundred thousand or is a key of a dict (Node, Multiplicity, Buffer), since
  it is built and hashed in C; and where callers take it as a tuple: rows of tables, results that are unpacked.
- A class with ``__slots__`` where objects are made by the hundred thousand and each is itself, not its value: nodes of
  the tree, operations applied to shapes (Applied, which remembers its counts).
- An ordinary class where something is under way and changes: readers, builders, collectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: bool) -> Any:
        """Return a decorator that does nothing: only type checkers look at it."""
        return lambda cls: cls


R = TypeVar("R", bound="Record")


@dataclass_transform(frozen_default=True)
class Record:
    """Base of the values: fields are the annotations, a base's first; defaults the class attributes."""

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = (*cls._fields, *cls.__annotations__)

    def __init__(self, *values: Any, **named: Any) -> None:
        held = self.__dict__
        held.update(zip(self._fields, values, strict=False))
        held.update(named)
        if len(held) != len(self._fields) or len(values) + len(named) != len(held):
            self._complain(values, named)

    def _complain(self, values: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Raise TypeError for fields that are unknown, missing or given twice; those with defaults may be left out."""
        unknown = [name for name in named if name not in self._fields]
        missing = [name for name in self._fields if name not in self.__dict__ and not hasattr(type(self), name)]
        if unknown or missing or len(values) + len(named) != len(self.__dict__):
            raise TypeError(
                f"{type(self).__name__} takes {', '.join(self._fields)}; unknown {unknown}, missing {missing}"
            )

    def replace(self: R, **changes: Any) -> R:
        """Return a copy with some fields changed."""
        given = {name: self.__dict__[name] for name in self._fields if name in self.__dict__}
        return type(self)(**{**given, **changes})

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} does not change; make another one with replace()")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and all(getattr(self, name) == getattr(other, name) for name in self._fields)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._fields)})"
