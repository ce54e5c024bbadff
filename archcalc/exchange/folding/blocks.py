"""Blocks: what stands in a network several times, by how many lines it saves (Nevill-Manning and Witten 1997)."""

from __future__ import annotations

from collections import Counter
from itertools import compress
from typing import TYPE_CHECKING

from archcalc.exchange.folding.naming import block_name
from archcalc.exchange.folding.parts import LARGER, Block, Branch, Part, every, sequences, weight
from archcalc.exchange.folding.sharing import OWN, owners_of, shares
from archcalc.exchange.folding.skeleton import Skeletons, is_residual, normal
from archcalc.exchange.folding.unify import Unifier, arguments_of
from archcalc.exchange.writing.words import INLINE

if TYPE_CHECKING:
    from archcalc.exchange.graph import Graph

MOST_PARTS = 24
"""Items of a block."""

WEIGHTED = ("conv", "depthwise_conv", "conv_transpose")
MOST_BLOCKS = 40
FAR = 10**9
SMALL = 3
"""Items of a block that other blocks are made of."""

Place = tuple[list[Part], int]


class Folder:
    """Folds a network step by step; ``blocks`` are those that were found, in the order in which they were."""

    def __init__(self, graph: Graph, trunk: list[Part]) -> None:
        self.graph = graph
        self.trunk = trunk
        self.blocks: dict[str, Block] = {}
        self.skeletons = Skeletons()
        self.composites: set[str] = set()
        self.readers: Counter[int] = Counter()
        """How many items read each graph node by name."""
        self.users: Counter[int] = Counter()
        """How many items use each graph node's weights."""
        self._count_readers()

    def fold(self) -> None:
        """Make small blocks, then those of the largest gain until nothing gains."""
        for sequence in sequences(self.trunk):
            for part in sequence:
                normal(part)
        self._small()
        self._gates()
        while len(self.blocks) < MOST_BLOCKS:
            self._count_readers()
            self._absent()
            if not self._next():
                break
        for sequence in sequences(self.trunk):
            _unwrap(sequence)

    def _count_readers(self) -> None:
        self.users = Counter(part.weights for part in every(self.trunk))
        self.readers = Counter(number for part in self.trunk for number in part.refs())

    def _ends(self, sequence: list[Part]) -> list[int]:
        """Return for each item the last one of its sequence that reads it by name; far behind, where others do too."""
        places = {part.last: at for at, part in enumerate(sequence)}
        own: Counter[int] = Counter()
        found = [-1] * len(sequence)
        for at, part in enumerate(sequence):
            for number in part.refs():
                if number in places:
                    own[number] += 1
                    found[places[number]] = max(found[places[number]], at)
        return [
            end if own[part.last] == self.readers[part.last] else FAR for part, end in zip(sequence, found, strict=True)
        ]

    def _small(self) -> None:
        """Make a convolution with its normalisation and activation a block where there are three or more."""
        counts: Counter[tuple[str, ...]] = Counter()
        places: dict[tuple[str, ...], list[Place]] = {}
        for sequence in list(sequences(self.trunk)):
            at, ends = 0, self._ends(sequence)
            while at < len(sequence):
                length = _small_run(sequence, at, ends)
                if length > 1:
                    key = tuple(str(self.skeletons.number(part)) for part in sequence[at : at + length])
                    counts[key] += 1
                    places.setdefault(key, []).append((sequence, at))
                at += max(length, 1)
        chosen = [(key, found) for key, found in places.items() if counts[key] > 2]
        edits: list[tuple[Place, int, Part]] = []
        for key, found in chosen:
            edits += self._block(found, len(key)) or []
        self._replace(edits)

    def _gates(self) -> None:
        """Make gates that stand in a network three times or more blocks of their own, as papers draw them."""
        places: dict[int, list[Place]] = {}
        for sequence in list(sequences(self.trunk)):
            for at, part in enumerate(sequence):
                if part.word == "multiply" and not part.pinned and any(branch.parts for branch in part.branches):
                    places.setdefault(self.skeletons.number(part), []).append((sequence, at))
        for found in places.values():
            if len(found) > 2:
                self._replace(self._block(found, 1) or [])

    def _next(self) -> bool:
        """Make the block of the largest gain; return whether there was one."""
        found: dict[tuple[int, ...], list[Place]] = {}
        for sequence in list(sequences(self.trunk)):
            numbers = [self.skeletons.numbered(part) for part in sequence]
            ends = self._ends(sequence)
            for start in range(len(numbers)):
                reach = -1
                for end in range(start + 1, min(start + MOST_PARTS, len(numbers)) + 1):
                    if sequence[end - 1].pinned or sequence[end - 1].word in self.composites:
                        break
                    if reach < end:
                        key = (sequence[start].skeleton, *numbers[start + 1 : end])
                        found.setdefault(key, []).append((sequence, start))
                    reach = max(reach, ends[end - 1])
                    if reach == FAR:
                        break
        ranked = sorted(
            (
                (gain, _grows(places[0]), key)
                for key, places in found.items()
                if len(places) > 1 and not _periodic(key) and (gain := _gain(key, places)) > 0
            ),
            key=lambda each: (-each[0], not each[1], len(each[2]), each[2]),
        )
        for _, _, key in ranked[:20]:
            edits = self._block(_apart(found[key], len(key)), len(key))
            if edits:
                self._replace(edits)
                return True
        return False

    def _absent(self) -> None:
        """Make chains that equal the main branch of residuals such residuals, without a skip."""
        for sequence in list(sequences(self.trunk)):
            for part in sequence:
                self.skeletons.number(part)
        mains: dict[tuple[int, ...], list[list[Part]]] = {}
        for sequence in sequences(self.trunk):
            for part in sequence:
                if is_residual(part) and not part.pinned and not part.branches[1].parts:
                    whole = part.branches[0].parts
                    mains.setdefault(tuple(inner.skeleton for inner in whole), []).append(whole)
        for main in sorted((main for main in mains if len(main) > 1), key=lambda main: (-len(main), main)):
            inside = {id(part.branches[0].parts) for s in sequences(self.trunk) for part in s if is_residual(part)}
            edits: list[tuple[Place, int, Part]] = []
            places = [(s, at) for s in sequences(self.trunk) if id(s) not in inside for at in _runs(s, main)]
            for sequence, start in _apart(places, len(main)):
                parts = sequence[start : start + len(main)]
                if _agrees(parts, mains[main]) and not self._is_named(parts):
                    made = Part("merge", "add", {}, -1, parts[0].channels)
                    made.branches = [Branch(parts), Branch([], when="absent")]
                    edits.append(((sequence, start), len(main), made))
            self._replace(edits)

    def _is_named(self, parts: list[Part]) -> bool:
        """Whether something reads one of some parts by name, or has weights with it."""
        return any(self.readers[part.last] for part in parts) or shares(self.graph, parts, self.users)

    def _block(self, places: list[Place], length: int) -> list[tuple[Place, int, Part]] | None:
        """Make a block of the runs at some places; return what replaces them."""
        copies = [sequence[start : start + length] for sequence, start in places]
        owners = owners_of(self.graph, copies, self.users)
        if owners is None:
            own = [not shares(self.graph, copy, self.users) for copy in copies]
            places, copies = list(compress(places, own)), list(compress(copies, own))
            owners = [OWN] * len(copies)
        if len(copies) < 2:
            return None
        unifier = Unifier(copies, self.blocks)
        body = unifier.body()
        if unifier.failed:
            return None
        required = [name for name, default in unifier.defaults.items() if default is None]
        arguments = dict.fromkeys(required) | {
            name: default for name, default in unifier.defaults.items() if default is not None
        }
        name = block_name(self.graph, copies, body, self.blocks)
        self.blocks[name] = Block(name, arguments, body)
        if any(part.kind == "merge" and part.word != "multiply" for part in body) or len(body) > SMALL:
            self.composites.add(name)
        edits = []
        for number, (place, copy) in enumerate(zip(places, copies, strict=True)):
            given = arguments_of(unifier, number)
            call = Part("call", name, {word: given[word] for word in arguments if word in given}, -1, copy[0].channels)
            call.nodes = [node for part in copy for node in part.in_order()]
            call.source = copy[0].source
            call.weights = copies[owners[number]][-1].last if owners[number] != OWN else -1
            edits.append((place, length, call))
        return edits

    def _replace(self, edits: list[tuple[Place, int, Part]]) -> None:
        for (sequence, start), length, part in sorted(edits, key=lambda edit: -edit[0][1]):
            sequence[start : start + length] = [part]


def _runs(sequence: list[Part], key: tuple[int, ...]) -> list[int]:
    """Return where in a sequence a run of skeletons begins."""
    numbers = tuple(part.skeleton for part in sequence)
    return [at for at in range(len(numbers) - len(key) + 1) if numbers[at : at + len(key)] == key]


def _unwrap(sequence: list[Part]) -> None:
    """Make chains that were taken for residuals without a skip, but became no block, chains again."""
    for at in range(len(sequence) - 1, -1, -1):
        part = sequence[at]
        if part.kind == "merge" and part.node < 0 and part.branches[1].when == "absent":
            sequence[at : at + 1] = part.branches[0].parts


def _agrees(parts: list[Part], others: list[list[Part]]) -> bool:
    """Whether parts have the windows that others have where all of those have the same."""
    for at, part in enumerate(parts):
        for name in ("kernel", "dilation", "pad", "groups"):
            known = [str(other[at].settings.get(name)) for other in others]
            if len(set(known)) == 1 and str(part.settings.get(name)) != known[0]:
                return False
    return True


def _small_run(sequence: list[Part], at: int, ends: list[int]) -> int:
    """Return how many items a convolution with its normalisation and activation takes; 0 for another item."""
    if sequence[at].word not in WEIGHTED or sequence[at].pinned:
        return 0
    end = at + 1
    if _follows(sequence, end, ends) and sequence[end].word in ("bn", "group_norm", "instance_norm"):
        end += 1
    if _follows(sequence, end, ends) and sequence[end].word in INLINE:
        end += sequence[end].word not in ("reshape", "flatten", "tokens", "channel_shuffle", "softmax")
    return end - at


def _follows(sequence: list[Part], at: int, ends: list[int]) -> bool:
    """Whether an item reads the one before it, and is the only one that does."""
    return at < len(sequence) and not sequence[at].pinned and sequence[at].source == -1 and ends[at - 1] < 0


def _apart(places: list[Place], length: int) -> list[Place]:
    """Return places that do not overlap, from the front."""
    ends: dict[int, int] = {}
    found = []
    for sequence, start in places:
        if start >= ends.get(id(sequence), 0):
            ends[id(sequence)] = start + length
            found.append((sequence, start))
    return found


def _grows(place: Place) -> bool:
    """Whether a run begins with what makes maps larger, as steps of a decoder do."""
    sequence, start = place
    return sequence[start].word in LARGER


def _periodic(key: tuple[int, ...]) -> bool:
    """Whether a run is a shorter one several times, or several times and a bit: that is a repeat, and no block."""
    return any(key[period:] == key[:-period] for period in range(1, len(key) // 2 + 1))


def _gain(key: tuple[int, ...], places: list[Place]) -> int:
    """Return how many lines a block saves: its copies become a line each, its body and head are added."""
    sequence, start = places[0]
    lines = weight(sequence[start : start + len(key)])
    if lines < 2:
        return 0
    count = len(_apart(places, len(key)))
    return count * lines - lines - count - 2 if count > 1 else 0
