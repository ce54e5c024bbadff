"""Parsing YAML into a tree.

The events of PyYAML's parser become a tree, iteratively: scalars stay text until a setting types them, and every value
knows its line and column. Composing with PyYAML itself would recurse in C on deep nesting
and would type scalars by YAML 1.1 (010 is 8, 1:30 is 90, no is False) and accept a key twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from archcalc.errors import Mistake, lines_of, mistake_after, printable
from archcalc.limits import MAX_ALIASED, MAX_NESTING, MAX_NODES, MAX_NOTED, MAX_TEXT
from archcalc.text.nodes import Mapping, Node, NodeError, Scalar, Sequence
from archcalc.text.source import Source, no_cyclic_collection

if TYPE_CHECKING:
    from collections.abc import Callable

_Parser: Any = getattr(yaml, "CLoader", yaml.Loader)  # a PyYAML built without libyaml is slower, with the same events


TOO_DEEP = f"nested more than {MAX_NESTING} levels deep"

_TURNS = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = frozenset((*map(chr, (*range(9), *range(11, 32), *range(127, 160))), *_TURNS))
"""Characters that move a cursor, begin an escape or turn the direction of writing; YAML admits them as escapes."""


def parse(source: Source) -> Node:
    """Parse the one document of a source; raise SpecError if it is not the YAML that specs are written in."""
    mistakes: list[Mistake] = []
    try:
        with no_cyclic_collection():
            tree = _Builder(mistakes).build(_Parser(source.text).get_event)
    except NodeError as wrong:
        raise source.error([*mistakes, wrong.mistake]) from None
    except yaml.MarkedYAMLError as error:
        if "nesting depth" in (error.problem or ""):  # libyaml has a limit too, and looks ahead of its events
            raise source.error([*mistakes, _mistake_at(error.problem_mark, TOO_DEEP)]) from None
        mark = error.problem_mark or error.context_mark
        if mark and error.context_mark and mark.line >= len(lines_of(source.text)) - 1:
            mark = error.context_mark  # what is not closed says more than the end of the file
        message = _yaml_message(source, error, mark.line if mark else 0)
        raise source.error([*mistakes, _mistake_at(mark, message)]) from None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        message = f"not YAML: {getattr(error, 'reason', 'no text')}"
        raise source.error([*mistakes, mistake_after(_before(source.text, error), message)]) from None
    except UnicodeEncodeError as error:  # half of a character, in a text that was no file
        raise source.error([*mistakes, mistake_after(source.text[: error.start], "not Unicode text")]) from None
    if mistakes:
        raise source.error(mistakes)
    return tree


def _mistake_at(mark: Any, message: str) -> Mistake:
    return Mistake(message, mark.line, mark.column) if mark else Mistake(message, 0, 0)


def _before(text: str, error: yaml.YAMLError) -> str:
    """Return the text before a character that YAML does not allow; libyaml counts bytes, PyYAML characters."""
    position = getattr(error, "position", 0)
    if _Parser is yaml.Loader or not isinstance(position, int):
        return text[:position] if isinstance(position, int) else ""
    return text.encode()[:position].decode("utf-8", "ignore")


def _yaml_message(source: Source, error: yaml.MarkedYAMLError, line: int) -> str:
    message = ", ".join(part for part in (error.context, error.problem) if part)
    text = lines_of(source.text)[line : line + 1]
    quotes = "; inside { } and [ ] a formula with a comma or a bracket needs quotes" if text and "=" in text[0] else ""
    return f"not YAML: {message}{quotes}"


MAX_WORDS = 2_000
"""Different texts that are kept once each; the words of specs are among the first, names are not."""


class _Open:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "children", "event", "nodes")

    def __init__(self, event: Any, anchor: str | None) -> None:
        self.event = event
        self.anchor = anchor
        self.children: list[Node] = []
        self.nodes = 0  # values inside aliased parts, which events do not count again


class _Builder:
    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.words: dict[str, str] = {}
        """Texts that have come before, each kept once."""
        self.nodes = 0
        self.aliased = 0

    def build(self, get_event: Callable[[], Any]) -> Node:
        root = _Open(None, None)
        stack: list[_Open] = []
        top = root
        add = top.children.append
        count, line, words = 0, 0, self.words
        while True:
            event = get_event()
            kind = event.__class__
            if kind is ScalarEvent:
                count += 1
                mark = event.start_mark
                if mark.line != line:
                    line = mark.line  # one number for all that begins on a line
                value = event.value
                known = words.get(value)
                if known is not None:
                    value = known
                elif len(words) < MAX_WORDS:
                    words[value] = value
                node = Scalar(value, event.implicit[0], line, mark.column)
                if event.anchor is not None or event.tag is not None:
                    self._mark(event, node, 1)
                if not value.isprintable() or len(value) > MAX_TEXT:
                    self._text(node)
                add(node)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                count += 1
                stack.append(top)
                top = _Open(event, event.anchor)
                top.nodes = self.nodes + count
                add = top.children.append
                if len(stack) > MAX_NESTING:
                    raise NodeError(_at(event), TOO_DEEP)
                if self.nodes + count > MAX_NODES:
                    raise NodeError(_at(event), f"more than {MAX_NODES:,} values")
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                closed = self._close(top)
                if top.anchor is not None or top.event.tag is not None:
                    self._mark(top.event, closed, self.nodes + count - top.nodes + 1)
                top = stack.pop()
                add = top.children.append
                add(closed)
            elif kind is AliasEvent:
                add(self._alias(event))
            elif kind is StreamEndEvent:
                break
            elif kind is DocumentStartEvent and root.children:
                raise NodeError(_at(event), "a second document; a spec file holds one")
        return root.children[0] if root.children else Scalar("", True, 0, 0)

    def _mark(self, event: Any, node: Node, size: int) -> None:
        if event.tag is not None and event.tag != "!":
            self._note(node, f"the tag {event.tag}: a spec has no tags")
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, size)

    def _text(self, node: Scalar) -> None:
        """Report text that could drive a terminal, or is too long."""
        shown = printable(node.value[:60])
        if len(node.value) > MAX_TEXT:
            self._note(node, f"a text of {len(node.value):,} characters, '{shown}…'; at most {MAX_TEXT:,} are allowed")
        elif not _CONTROLS.isdisjoint(node.value):
            self._note(node, f"'{shown}' holds a control character")

    def _alias(self, event: Any) -> Node:
        known = self.anchors.get(event.anchor)
        if known is None:
            raise NodeError(_at(event), f"*{event.anchor} refers to no earlier &{event.anchor}")
        node, size = known
        self.nodes += size
        self.aliased += size
        if self.aliased > MAX_ALIASED:
            raise NodeError(_at(event), f"aliases that repeat more than {MAX_ALIASED:,} values")
        return node

    def _close(self, part: _Open) -> Node:
        mark = part.event.start_mark
        if part.event.__class__ is SequenceStartEvent:
            return Sequence(part.children, mark.line, mark.column)
        keys, values = part.children[::2], part.children[1::2]
        words = {key.value for key in keys}
        if len(words) < len(keys) or None in words or "<<" in words:
            self._check_keys(keys)
        return Mapping(keys, values, mark.line, mark.column)  # type: ignore[arg-type]  # or a mistake was noted

    def _check_keys(self, keys: list[Node]) -> None:
        """Report keys that are not words, and duplicate keys."""
        seen: set[str] = set()
        for key in keys:
            word = key.value
            if key.__class__ is not Scalar:
                self._note(key, f"a {key.kind} as a key; a key is a word")
            elif word in seen:
                self._note(key, f"duplicate key '{word}'")
            elif word == "<<":
                self._note(key, "'<<' merges mappings in YAML 1.1; specs have blocks for that")
            seen.add(word)

    def _note(self, node: Node, message: str) -> None:
        """Keep a mistake and go on; many of them are enough to stop."""
        wrong = NodeError(node, message)
        if len(self.mistakes) >= MAX_NOTED:
            raise wrong
        self.mistakes.append(wrong.mistake)


def _at(event: Any) -> Node:
    return Scalar("", True, event.start_mark.line, event.start_mark.column)
