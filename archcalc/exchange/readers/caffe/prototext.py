"""Protobuf's text format, read without a schema: names, values and messages, each with its place.

Source: protobuf's text format specification. A colon before ``{`` is optional, ``<>`` stands for ``{}``, names repeat,
strings next to one another are one, ``[a, b]`` is a repeated value.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from archcalc.exchange.tensors import TextFault

MAX_DEPTH = 50
"""Messages inside one another."""

MAX_VALUES = 400_000
"""Values of one file."""

TOKEN = re.compile(
    r"""[\s]+|\#[^\n]*
    |(?P<word>[A-Za-z_][\w.\-/]*)
    |(?P<number>[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)[fF]?)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<mark>[{}<>:\[\],;\-])""",
    re.VERBOSE,
)


class Message:
    """Fields in order; names may repeat."""

    __slots__ = ("fields", "place")

    def __init__(self, place: int) -> None:
        self.place = place
        """Where it begins in the text."""
        self.fields: dict[str, list[tuple[Any, int]]] = {}

    def all(self, name: str) -> list[Any]:
        """Return all values of a name."""
        return [value for value, _ in self.fields.get(name, ())]

    def get(self, name: str, default: Any = None) -> Any:
        """Return the last value of a name, as protobuf does."""
        found = self.fields.get(name)
        return found[-1][0] if found else default

    def message(self, name: str) -> Message:
        """Return a message, empty where there is none."""
        found = self.get(name)
        return found if isinstance(found, Message) else Message(self.place)

    def messages(self, name: str) -> list[Message]:
        """Return all messages of a name."""
        return [value for value in self.all(name) if isinstance(value, Message)]

    def text(self, name: str, default: str = "") -> str:
        """Return a word or a string."""
        found = self.get(name, default)
        return found if isinstance(found, str) else str(found)

    def words(self, name: str) -> list[str]:
        """Return all words or strings of a name."""
        return [value for value in self.all(name) if isinstance(value, str)]

    def whole(self, name: str, default: int = 0) -> int:
        """Return a whole number; raise ValueError with what was found where it is none."""
        found = self.get(name, default)
        if isinstance(found, bool) or not isinstance(found, (int, float)) or not abs(found) < 1e9 or found % 1:
            raise ValueError(f"expected a whole number for {name}, got {shown(found)}")
        return int(found)

    def wholes(self, name: str) -> list[int]:
        """Return all whole numbers of a name."""
        found = self.all(name)
        for value in found:
            if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**9:
                raise ValueError(f"expected whole numbers for {name}, got {shown(value)}")
        return found

    def real(self, name: str, default: float) -> float:
        """Return a number."""
        found = self.get(name, default)
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            raise ValueError(f"expected a number for {name}, got {shown(found)}")
        return float(found)

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false."""
        found = self.get(name, default)
        if found in (True, "true", 1):
            return True
        if found in (False, "false", 0):
            return False
        raise ValueError(f"expected true or false for {name}, got {shown(found)}")


def shown(value: Any) -> str:
    """Write a value for an error."""
    return "a message" if isinstance(value, Message) else repr(value)[:60]


class Places:
    """Lines and columns of places in a text, both counted from 0."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def of(self, at: int) -> tuple[int, int]:
        """Return line and column of a place."""
        line = bisect_right(self.starts, at) - 1
        return line, at - self.starts[line]


def parse(text: str) -> Message:
    """Read a text; raise TextFault at what is not in the format."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.kind = ""
        self.token = ""
        self.start = 0
        self.count = 0
        self.advance()

    def fault(self, message: str, at: int | None = None) -> TextFault:
        return TextFault(message, *Places(self.text).of(self.start if at is None else at))

    def advance(self) -> None:
        """Go to the next token."""
        text, at = self.text, self.at
        while at < len(text):
            found = TOKEN.match(text, at)
            if found is None:
                raise self.fault(f"unexpected {text[at]!r}", at)
            at = found.end()
            if found.lastgroup is not None:
                self.kind, self.token, self.start, self.at = found.lastgroup, found.group(), found.start(), at
                return
        self.kind, self.token, self.start, self.at = "end", "", len(text), at

    def parse(self) -> Message:
        root = Message(0)
        stack: list[tuple[Message, str]] = [(root, "end")]
        while True:
            message, close = stack[-1]
            if self.kind == "end" or self.token in ("}", ">"):
                if (self.token or "end") != close:
                    raise self.fault(
                        f"'{close}' is missing" if self.kind == "end" else f"'{self.token}' without a start"
                    )
                if len(stack) == 1:
                    return root
                stack.pop()
                self.advance()
                self.separator()
                continue
            name, at = self.name()
            if self.token in ("{", "<"):
                if len(stack) > MAX_DEPTH:
                    raise self.fault(f"messages inside one another, more than {MAX_DEPTH} levels")
                inner = Message(at)
                self.store(message, name, inner, at)
                stack.append((inner, "}" if self.token == "{" else ">"))
                self.advance()
            else:
                self.values(message, name, at)

    def name(self) -> tuple[str, int]:
        """Read a field's name and the colon behind it."""
        at = self.start
        if self.token == "[":
            self.advance()
            name = self.token
            self.advance()
            if self.token != "]":
                raise self.fault("']' is missing")
        elif self.kind == "word":
            name = self.token
        else:
            raise self.fault(f"expected a name, got {self.token!r}")
        self.advance()
        if self.token == ":":
            self.advance()
        elif self.token not in ("{", "<"):
            raise self.fault(f"expected ':' or '{{' after {name}, got {self.token or 'the end'!r}")
        return name, at

    def values(self, message: Message, name: str, at: int) -> None:
        """Read one value, or a list of them."""
        if self.token != "[":
            self.store(message, name, self.value(), at)
            return self.separator()
        self.advance()
        while self.token != "]":
            self.store(message, name, self.value(), at)
            if self.token == ",":
                self.advance()
            elif self.token != "]":
                raise self.fault("',' or ']' is missing in a list")
        self.advance()
        return self.separator()

    def separator(self) -> None:
        if self.token in (",", ";"):
            self.advance()

    def value(self) -> Any:
        kind, token = self.kind, self.token
        if token == "-":
            self.advance()
            if self.kind == "word" and self.token in ("inf", "infinity", "nan"):
                self.advance()
                return float("-inf")
            raise self.fault("expected a number after '-'")
        if kind not in ("word", "number", "string"):
            raise self.fault(f"expected a value, got {token or 'the end'!r}")
        self.advance()
        if kind == "number":
            return self.number(token)
        if kind == "word":
            return {"true": True, "false": False}.get(token, token)
        parts = [token[1:-1]]
        while self.kind == "string":
            parts.append(self.token[1:-1])
            self.advance()
        return re.sub(r"\\(.)", r"\1", "".join(parts))

    def number(self, token: str) -> int | float:
        bare = token.lower()
        if len(bare) > 60:
            raise self.fault("a number of more than 60 digits")
        try:
            if "0x" in bare:
                return int(bare, 16)
            bare = bare.rstrip("f")
            return int(bare) if bare.lstrip("+-").isdigit() else float(bare)
        except ValueError:
            raise self.fault(f"{token!r} is not a number") from None

    def store(self, message: Message, name: str, value: Any, at: int) -> None:
        self.count += 1
        if self.count > MAX_VALUES:
            raise self.fault(f"more than {MAX_VALUES:,} values", at)
        message.fields.setdefault(name, []).append((value, at))
