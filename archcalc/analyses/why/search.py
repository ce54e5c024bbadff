"""Why a reported figure is what it is: which network, input size and convention give it at the printed digits.

Everything is tried in the order of how far-fetched it is. What gives the figure is named as the answer only if few of
the figures like it are given by anything as plausible: otherwise it may well be a coincidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.why import chance as chances
from archcalc.analyses.why.candidates import NAMESAKE, Candidate, candidates
from archcalc.analyses.why.classes import series
from archcalc.analyses.why.terms import MEMORY, MODEL, PARAMS, VALUES, WORK, Interpretation, interpretation
from archcalc.analyses.why.usual import usual, ways
from archcalc.errors import ArchcalcError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.analyses.why.reported import Reported
    from archcalc.conventions.convention import Convention

MAX_TRIED_LAYERS = 20_000
"""Layers of all networks that one search expands."""

MAX_TRIED = 5_000
"""Interpretations that one search tries."""

FAR_FETCHED = 3.4
"""The penalty above which nothing is tried."""

SECOND_QUANTITY, FLOPS, FILE, CONVENTION, WAY, DOUBLED, BINARY_COUNT, DECIMAL_BYTES, CUT = (
    0.1, 0.3, 0.4, 0.7, 0.8, 2.2, 2.4, 0.5, 1.2,
)  # fmt: skip
"""How far-fetched it is that a figure is of another quantity, is FLOPs as twice the MACs, is the size of a file with
what a convention counts, is counted by a convention, by another way of counting parameters, is twice what a convention
counts, has a K of 1024 (for bytes: 1000), or was cut."""

LISTED = 2.6
"""The penalty up to which everything is tried, even where so much was tried that nothing can be named any more."""


_WITH_CLASSES = ("keras", "biased-convolutions-and-statistics")
"""What parameters are counted by where any number of classes is tried, beside the plain count."""


class Answer(NamedTuple):
    """An interpretation, how far-fetched it is, and whether it gives the figure: rounded, cut, or not (empty)."""

    penalty: float
    interpretation: Interpretation
    k: int
    agrees: str
    distance: Any


class Try(NamedTuple):
    """What an interpretation prints, in units of the figure's last digit, and how far-fetched it is."""

    penalty: float
    digits: int
    further: int = 0
    """How many more figures a series of interpretations prints."""


class Outcome(NamedTuple):
    """What gives a figure, the simplest first, with how likely a chance hit is; where nothing does, the nearest."""

    reported: Reported
    start: Interpretation
    answer: Answer | None
    """What is named as the answer."""
    others: tuple[Answer, ...]
    """What gives the same digits besides, or by chance."""
    nearest: tuple[Answer, ...]
    tried: int
    chance: float
    """The part of all figures like this one that is given by interpretations at least as plausible as the first that
    gives it; by all, if none does."""


class _Search:
    """A search in progress."""

    def __init__(
        self, reported: Reported, conventions: Sequence[Convention], batch: int, vouched: frozenset[int]
    ) -> None:
        self.reported = reported
        self.vouched = vouched
        self.conventions = [each for each in conventions if each.name not in usual().unusual_conventions]
        self.batch = batch
        self.matches: list[Answer] = []
        self.misses: list[Answer] = []
        self.tries: list[Try] = []
        self.tried = 0
        self.closest = FAR_FETCHED  # the penalty of the most plausible match

    def run(self, start: Candidate) -> None:
        """Try networks, the most plausible first, until one gives the figure and all as plausible have been tried."""
        layers = 0
        for candidate in candidates(start):
            if candidate.penalty > self.closest or self.tried > MAX_TRIED or layers > MAX_TRIED_LAYERS:
                return
            if candidate.penalty > LISTED and self._chance(candidate.penalty) > chances.MOST:
                return
            try:
                made = interpretation(candidate, WORK, self.batch)
            except ArchcalcError:
                if candidate is start:
                    raise
                continue
            layers += len(made.report.layers)
            if candidate.training == start.training or made.report.training_totals is not None:
                self._network(made)

    def _network(self, made: Interpretation) -> None:
        """Try what can be counted of a network."""
        base = made.candidate.penalty
        for counted, penalty in self._quantities(made):
            if base + penalty <= FAR_FETCHED:
                self._try(counted, base + penalty)
        if base <= NAMESAKE and PARAMS in self.reported.quantities:
            self._any_classes(made.candidate)

    def _quantities(self, made: Interpretation) -> Iterator[tuple[Interpretation, float]]:
        """Yield what can be counted of a network, with how far-fetched it is."""
        for number, quantity in enumerate(self.reported.quantities):
            plain, base = made._replace(quantity=quantity), number * SECOND_QUANTITY
            yield plain, base
            if quantity == WORK:
                yield plain._replace(doubled=True), base + FLOPS
            for convention in self.conventions:
                if _counts(convention, quantity):
                    yield plain._replace(convention=convention), base + (FILE if quantity == MODEL else CONVENTION)
                    if quantity == WORK and "FLOPs" not in convention.unit.split():
                        yield plain._replace(convention=convention, doubled=True), base + DOUBLED
            if quantity in (PARAMS, MODEL):
                yield from ((plain._replace(convention=way), base + WAY) for way in ways())

    def _try(self, counted: Interpretation, penalty: float) -> None:
        value = counted.value
        self.tried += 1
        for number, (k, printed) in enumerate(self.reported.units):
            more = penalty + (0 if number == 0 else DECIMAL_BYTES if printed.of_bytes else BINARY_COUNT)
            agrees = printed.agrees(value)
            cut = CUT if agrees == "cut" else 0
            if more + cut > FAR_FETCHED or (number and not printed.of_bytes and counted.doubled):
                continue
            scaled = value / printed.place
            self.tries += (Try(more, int(scaled + scaled.__class__(1, 2))), Try(more + CUT, int(scaled)))
            if agrees or number == 0:
                self._keep(Answer(more + cut, counted, k, agrees, abs(value - printed.value) / printed.value))

    def _keep(self, answer: Answer) -> None:
        if not answer.agrees:
            self.misses.append(answer)
            return
        self.matches.append(answer)
        if not self.vouched or _is_known(answer, self.vouched):  # what is vouched for is looked for until it is found
            self.closest = min(self.closest, answer.penalty)

    def _any_classes(self, candidate: Candidate) -> None:
        """Try every number of classes at once, where the figure is precise enough to tell them apart."""
        printed, among = self.reported.printed, chances.window(self.reported)
        counting = [None, *(rule for rule in (*self.conventions, *ways()) if rule.name in _WITH_CLASSES)]
        for straight in series(candidate, counting, self.batch):
            if straight.step <= 2 * printed.place:
                continue
            penalty = candidate.penalty + straight.penalty
            self.tried += 1
            self.tries.append(Try(penalty, 0, int(among.figures * printed.place / straight.step) + 1))
            nearest = straight.interpretation(printed.value, self.batch)
            if nearest is not None and printed.agrees(nearest.value) == "rounded":
                self._keep(Answer(penalty, nearest, 1000, "rounded", 0))

    def _chance(self, most: float) -> float:
        """Return the part of the figures like the reported one that all up to a penalty give."""
        likely = [attempt for attempt in self.tries if attempt.penalty <= most]
        further = sum(attempt.further for attempt in likely)
        return chances.chance((attempt.digits for attempt in likely), chances.window(self.reported), further)

    def result(self, start: Interpretation) -> Outcome:
        """Return what was found, and how likely a match by chance is; what is known to be right goes first."""

        def order(match: Answer) -> tuple[bool, float, Any]:
            return not _is_known(match, self.vouched), match.penalty, match.distance

        self.matches.sort(key=order)
        self.misses.sort(key=lambda miss: (miss.penalty > 2.5, miss.distance, miss.penalty))
        best = self.matches[0] if self.matches else None
        chance = self._chance(FAR_FETCHED if best is None else best.penalty)
        if best is not None and not (chance <= chances.MOST or _is_known(best, self.vouched)):
            best = None
        others = self.matches[0 if best is None else 1 :]
        return Outcome(self.reported, start, best, tuple(others), _one_a_network(self.misses), self.tried, chance)


def search(
    reported: Reported,
    start: Candidate,
    conventions: Sequence[Convention],
    batch: int = 1,
    vouched: frozenset[int] = frozenset(),
) -> Outcome:
    """Look for what gives a figure: counts of a network, of what people make of it, and of those near it.

    Values that are ``vouched`` for, because the figure was published of the network, are named whatever the chance.
    """
    ongoing = _Search(reported, conventions, batch, vouched)
    ongoing.run(start)
    return ongoing.result(interpretation(start, WORK, batch))


def _is_known(match: Answer, vouched: frozenset[int]) -> bool:
    """Whether a match needs no search: it is the network's own plain count, or was published of it."""
    is_own = match.penalty <= SECOND_QUANTITY and match.agrees == "rounded"
    return is_own or match.interpretation.value in vouched


def _counts(convention: Convention, quantity: str) -> bool:
    subject = {MODEL: PARAMS, VALUES: MEMORY}.get(quantity, quantity)
    return subject in convention.subjects


def _one_a_network(answers: list[Answer], most: int = 4) -> tuple[Answer, ...]:
    """Return the first answer of each network and input size."""
    networks: dict[tuple[str, tuple[int, ...]], Answer] = {}
    for answer in answers:
        report = answer.interpretation.report
        networks.setdefault((report.name, tuple(report.input)), answer)
    return tuple(networks.values())[:most]
