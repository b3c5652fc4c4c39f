"""Everything a system remembers, as a stream of bytes and back: no pickle, so a file from a stranger runs no code.

Written are plain values, lists, dicts, tuples, sets, deques and counters, and every ``Struct``, named tuple, enum and
plain object of this package; :func:`kept` names the attributes of a plain class that are not written. What is met twice
is written once: what was one object is one object again, and constants of modules (steps, languages, places) come back
as themselves.
Anything else (a function, a lock, a socket) raises :class:`CannotKeepError`: state is never left out in silence.

The stream is a gzip file of frames, each a list of tokens in msgpack behind its length. A token is a plain value, or a
list ``[tag, ...]`` that announces how many of the following tokens belong to it; neither side ever holds more than one
frame besides the state itself.
"""

from __future__ import annotations

import enum
import sys
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeVar

import msgspec

C = TypeVar("C", bound=type)
PACKAGE: Final = "landbridge.sandbox."
FRAME_TOKENS: Final = 20_000
MAX_FRAME: Final = 1 << 31
_SCALARS: Final = frozenset({str, int, float, bool, bytes, type(None)})
UNFINISHED: Final = -1

SEEN, LIST, DICT, TUPLE, SET, FROZENSET, DEQUE, COUNTER, STRUCT, OBJECT = range(10)
NAMED, OUTSIDE, ENUM, INSTANT, LENGTH, TEXT, NUMBER, UNSET, RAW, CONSTANT = range(10, 20)

#: The attributes of a plain class that are not written, and what makes each of them anew.
_KEPT: dict[type, Mapping[str, Callable[[], Any]]] = {}


class CannotKeepError(Exception):
    """Something in the state has no place in a snapshot; the message says where it hangs."""


class BadSnapshotError(Exception):
    """These bytes are no snapshot, or one of another version."""


class Outside(Protocol):
    """What is not written but found again where the stream is read: the clock, a world that can be made once more."""

    types: frozenset[type]

    def name(self, thing: Any) -> list[Any] | None:
        """How to find it again; None when it has to be written after all."""

    def find(self, name: list[Any]) -> Any:
        """The reverse; raises ``LookupError``."""


def kept(**forgotten: Callable[[], Any]) -> Callable[[C], C]:
    """A plain class that is state, whose ``forgotten`` attributes are not written: their makers give them anew.

    Caches start empty that way, and what ties an object to machinery (a callback) is tied anew by
    :meth:`~landbridge.sandbox.kernel.site.System.take_back`.
    """

    def mark(cls: C) -> C:
        _KEPT[cls] = forgotten
        return cls

    return mark


def is_state(cls: type) -> bool:
    """Whether objects of this class can be written: it is ours, and its objects are made of attributes alone."""
    if not cls.__module__.startswith(PACKAGE) or "." in cls.__qualname__:
        return False
    return issubclass(cls, msgspec.Struct | enum.Enum) or hasattr(cls, "_fields") or cls.__bases__ == (object,)


_UNREADABLE: Final = (
    LookupError, TypeError, ValueError, AttributeError, RecursionError, StopIteration, zlib.error, msgspec.MsgspecError,
)  # fmt: skip


class Writer:
    """Writes values to ``sink`` one after another; :meth:`close` ends the stream."""

    def __init__(self, sink: Callable[[bytes], Any], outside: Outside) -> None:
        self._sink = sink
        self._outside = outside
        # wbits 31: gzip, whose header holds no time here, so the same state gives the same bytes.
        self._zip = zlib.compressobj(1, zlib.DEFLATED, 31)
        self._encode = msgspec.msgpack.Encoder().encode
        self._out: list[Any] = []
        # Object identity to number. The state outlives the writer, so an identity never means two objects.
        self._memo: dict[int, int] = {}
        self._numbered = 0
        self._roots: list[Any] = []
        self._classes: dict[type, int] = {}
        self._constants = {id(constant): name for name, constant in _constants()}
        self._met: dict[int, list[Any]] = {}
        self._trail: list[str] = []
        self._kinds: dict[type, Callable[[Any], None]] = {
            list: self._list, dict: self._dict, tuple: self._tuple, set: self._set, frozenset: self._set,
            deque: self._deque, Counter: self._counter, datetime: self._instant, timedelta: self._length,
            msgspec.Raw: self._raw, type(msgspec.UNSET): self._unset,
        }  # fmt: skip

    def write(self, value: Any) -> None:
        # Held, so that nothing else is given the identity of what hangs on it.
        self._roots.append(value)
        self._put(value)

    def close(self) -> None:
        self._flush()
        self._sink(self._zip.flush())

    def knows(self, thing: object) -> bool:
        """Whether this very object was written."""
        return id(thing) in self._memo

    def _put(self, value: Any) -> None:
        kind = type(value)
        if kind in _SCALARS:
            self._out.append(value)
            return
        number = self._memo.get(id(value))
        if number is not None:
            if number == UNFINISHED:
                raise CannotKeepError(f"{kind.__qualname__} contains itself ({self._where()})")
            self._out.append([SEEN, number])
            return
        if len(self._out) > FRAME_TOKENS:
            self._flush()
        if kind in self._outside.types:
            name = self._outside.name(value)
            if name is not None:
                self._out.append([OUTSIDE, *name])
                return
        if id(value) in self._constants:
            self._constant(id(value))
            return
        self._kind(kind)(value)

    def _kind(self, kind: type) -> Callable[[Any], None]:
        found = self._kinds.get(kind)
        if found is None:
            found = self._kinds[kind] = self._find_kind(kind)
        return found

    def _find_kind(self, kind: type) -> Callable[[Any], None]:
        if is_state(kind):
            if issubclass(kind, msgspec.Struct):
                return self._struct
            if issubclass(kind, enum.Enum):
                return self._enum
            return self._named if issubclass(kind, tuple) else self._object
        raise CannotKeepError(f"{kind.__module__}.{kind.__qualname__} cannot be kept ({self._where()})")

    def _constant(self, identity: int) -> None:
        """Its number; its name as well where it comes up for the first time."""
        head = self._met.get(identity)
        if head is None:
            number = len(self._met)
            self._met[identity] = [CONSTANT, number]
            head = [CONSTANT, number, self._constants[identity]]
        self._out.append(head)

    def _where(self) -> str:
        return " > ".join(self._trail[-8:]) or "at the root"

    def _remember(self, value: Any) -> None:
        self._memo[id(value)] = self._numbered
        self._numbered += 1

    def _all(self, values: Iterable[Any]) -> None:
        out = self._out
        for value in values:
            if type(value) in _SCALARS:
                out.append(value)
            else:
                self._put(value)

    def _list(self, value: list[Any]) -> None:
        self._remember(value)
        values = list(value)
        self._out.append([LIST, len(values)])
        self._all(values)

    def _dict(self, value: dict[Any, Any]) -> None:
        self._remember(value)
        items = list(value.items())
        self._out.append([DICT, len(items)])
        for key, part in items:
            self._put(key)
            if len(self._out) > FRAME_TOKENS:
                self._flush()
            self._put(part)

    def _tuple(self, value: tuple[Any, ...]) -> None:
        self._out.append([TUPLE, len(value)])
        self._all(value)

    def _set(self, value: set[Any] | frozenset[Any]) -> None:
        if type(value) is set:
            self._remember(value)
        try:
            values = sorted(value)
        except TypeError:
            values = list(value)
        self._out.append([SET if type(value) is set else FROZENSET, len(values)])
        self._all(values)

    def _deque(self, value: deque[Any]) -> None:
        self._remember(value)
        values = list(value)
        self._out.append([DEQUE, len(values), value.maxlen])
        self._all(values)

    def _counter(self, value: Counter[Any]) -> None:
        self._remember(value)
        items = list(value.items())
        self._out.append([COUNTER, len(items)])
        self._all(part for item in items for part in item)

    def _class(self, cls: type, fields: Iterable[str] = ()) -> list[Any]:
        """The number of the class; its name and fields as well where it comes up for the first time."""
        number = self._classes.get(cls)
        if number is not None:
            return [number]
        number = self._classes[cls] = len(self._classes)
        return [number, f"{cls.__module__}:{cls.__qualname__}", *fields]

    def _struct(self, value: msgspec.Struct) -> None:
        cls = type(value)
        fields = cls.__struct_fields__
        out = self._out
        out.append([STRUCT, *self._class(cls, fields)])
        self._memo[id(value)] = UNFINISHED
        for name in fields:
            part = getattr(value, name)
            if type(part) in _SCALARS:
                out.append(part)
            else:
                self._trail.append(name)
                self._put(part)
                self._trail.pop()
        # Numbered when complete: the reader can only make a struct of all its parts.
        self._remember(value)

    def _object(self, value: Any) -> None:
        cls = type(value)
        self._remember(value)
        forgotten = _KEPT.get(cls, ())
        parts = [(name, part) for name, part in vars(value).items() if name not in forgotten]
        self._out.append([OBJECT, len(parts), *self._class(cls)])
        for name, part in parts:
            self._trail.append(f"{cls.__qualname__}.{name}")
            self._out.append(name)
            self._put(part)
            self._trail.pop()

    def _named(self, value: Any) -> None:
        self._out.append([NAMED, *self._class(type(value), value._fields)])
        self._all(value)

    def _enum(self, value: enum.Enum) -> None:
        self._out.append([ENUM, *self._class(type(value))])
        self._put(value.value)

    def _instant(self, value: datetime) -> None:
        self._out.append([INSTANT, value.isoformat()])

    def _length(self, value: timedelta) -> None:
        self._out.append([LENGTH, value.days, value.seconds, value.microseconds])

    def _raw(self, value: msgspec.Raw) -> None:
        self._out.append([RAW, bytes(value)])

    def _unset(self, _: object) -> None:
        self._out.append([UNSET])

    def _flush(self) -> None:
        try:
            frame = self._encode(self._out)
        except (UnicodeEncodeError, OverflowError):
            frame = self._encode([_plain(token) for token in self._out])
        self._out.clear()
        self._sink(self._zip.compress(len(frame).to_bytes(4, "big") + frame))


class Reader:
    """Reads what a :class:`Writer` wrote, value by value. Everything wrong with the bytes is a BadSnapshotError."""

    def __init__(self, source: Iterable[bytes], outside: Outside) -> None:
        self._tokens = _tokens(source)
        self._outside = outside
        self._met: list[Any] = []
        self._classes: list[Any] = []
        self._constants = dict(_constants())
        self._named_so_far: list[Any] = []
        self._makers: dict[int, Callable[[list[Any]], Any]] = {
            SEEN: self._seen, LIST: self._list, DICT: self._dict, TUPLE: self._tuple, SET: self._set,
            FROZENSET: self._frozenset, DEQUE: self._deque, COUNTER: self._counter, STRUCT: self._struct,
            OBJECT: self._object, NAMED: self._named, OUTSIDE: lambda head: self._outside.find(head[1:]),
            ENUM: lambda head: self._class(head[1:])(self._next()),
            INSTANT: lambda head: datetime.fromisoformat(head[1]), LENGTH: lambda head: timedelta(*head[1:]),
            TEXT: lambda head: head[1].decode("utf-8", "surrogatepass"), NUMBER: lambda head: int(head[1]),
            UNSET: lambda _: msgspec.UNSET, RAW: lambda head: msgspec.Raw(head[1]),
            CONSTANT: self._constant,
        }  # fmt: skip

    def read(self) -> Any:
        try:
            return self._next()
        except BadSnapshotError:
            raise
        except _UNREADABLE as problem:
            raise BadSnapshotError(f"this snapshot cannot be read: {str(problem) or type(problem).__name__}") from None

    def _next(self) -> Any:
        token = next(self._tokens)
        return self._makers[token[0]](token) if type(token) is list else token

    def _remember(self, value: Any) -> Any:
        self._met.append(value)
        return value

    def _constant(self, head: list[Any]) -> Any:
        if len(head) > 2:
            self._named_so_far.append(self._constants[head[2]])
        return self._named_so_far[head[1]]

    def _seen(self, head: list[Any]) -> Any:
        return self._met[head[1]]

    def _list(self, head: list[Any]) -> Any:
        found: list[Any] = self._remember([])
        for _ in range(head[1]):
            found.append(self._next())  # noqa: PERF401 - a part may point back at the list that is being filled
        return found

    def _dict(self, head: list[Any]) -> Any:
        found: dict[Any, Any] = self._remember({})
        for _ in range(head[1]):
            key = self._next()
            found[key] = self._next()
        return found

    def _tuple(self, head: list[Any]) -> Any:
        return tuple([self._next() for _ in range(head[1])])

    def _set(self, head: list[Any]) -> Any:
        found: set[Any] = self._remember(set())
        found.update([self._next() for _ in range(head[1])])
        return found

    def _frozenset(self, head: list[Any]) -> Any:
        return frozenset([self._next() for _ in range(head[1])])

    def _deque(self, head: list[Any]) -> Any:
        found: deque[Any] = self._remember(deque(maxlen=head[2]))
        for _ in range(head[1]):
            found.append(self._next())
        return found

    def _counter(self, head: list[Any]) -> Any:
        found: Counter[Any] = self._remember(Counter())
        for _ in range(head[1]):
            key = self._next()
            found[key] = self._next()
        return found

    def _struct(self, head: list[Any]) -> Any:
        cls = self._class(head[1:])
        names = cls.__struct_fields__
        return self._remember(cls(**{name: self._next() for name in names}))

    def _object(self, head: list[Any]) -> Any:
        cls = self._class(head[2:])
        found = self._remember(object.__new__(cls))
        for _ in range(head[1]):
            name = self._next()
            vars(found)[name] = self._next()
        for name, make in _KEPT.get(cls, {}).items():
            vars(found)[name] = make()
        return found

    def _named(self, head: list[Any]) -> Any:
        cls = self._class(head[1:])
        return cls(*[self._next() for _ in cls._fields])

    def _class(self, words: list[Any]) -> Any:
        number, *further = words
        if further and number == len(self._classes):
            self._classes.append(_find_class(further[0], further[1:]))
        return self._classes[number]


def _plain(token: Any) -> Any:
    """A token that msgpack has no words for (lone surrogates, huge numbers) in other words."""
    if type(token) is str and not _is_utf8(token):
        return [TEXT, token.encode("utf-8", "surrogatepass")]
    if type(token) is int and not -(1 << 63) <= token < 1 << 64:
        return [NUMBER, str(token)]
    return token


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tokens(source: Iterable[bytes]) -> Iterator[Any]:
    decode = msgspec.msgpack.Decoder(list).decode
    for frame in _frames(source):
        yield from decode(frame)


def _frames(source: Iterable[bytes]) -> Iterator[bytes]:
    unzip = zlib.decompressobj(31)
    buffer = bytearray()
    for part in source:
        buffer += unzip.decompress(part)
        while len(buffer) >= 4 and len(buffer) >= 4 + (size := int.from_bytes(buffer[:4], "big")):
            yield bytes(buffer[4 : 4 + size])
            del buffer[: 4 + size]
        if len(buffer) > MAX_FRAME:
            break
    if buffer or not unzip.eof:
        raise BadSnapshotError("this file is cut off")


def _find_class(name: str, fields: list[str]) -> type:
    """Only classes that hold state, only from modules that are loaded: a file can name nothing else."""
    module_name, _, class_name = name.partition(":")
    module = sys.modules.get(module_name) if module_name.startswith(PACKAGE) else None
    cls = getattr(module, class_name, None)
    if not isinstance(cls, type) or cls.__module__ != module_name or not is_state(cls):
        raise BadSnapshotError(f"this snapshot was made by another version: there is no {class_name} here")
    known = getattr(cls, "__struct_fields__", getattr(cls, "_fields", ()))
    if tuple(fields) != tuple(known):
        raise BadSnapshotError(f"this snapshot was made by another version: {class_name} has other fields here")
    return cls


def _constants() -> Iterator[tuple[str, Any]]:
    """Frozen things that modules name, alone or in a tuple: code may compare them by identity."""
    for module_name, module in sorted(sys.modules.items()):
        if not module_name.startswith(PACKAGE):
            continue
        for name, value in vars(module).items():
            if isinstance(value, type):
                continue
            if type(value) is tuple:
                for place, part in enumerate(value):
                    if _is_constant(part):
                        yield f"{module_name}:{name}:{place}", part
            elif _is_constant(value):
                yield f"{module_name}:{name}", value


def _is_constant(value: Any) -> bool:
    if isinstance(value, msgspec.Struct):
        return value.__struct_config__.frozen
    return isinstance(value, tuple) and hasattr(value, "_fields")
