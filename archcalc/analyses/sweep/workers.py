"""The variants of a sweep, one after another or on all cores; always in their order."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archcalc.analyses.sweep.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.sweep.plan import Order, Result

ALONE = 0.5
"""Seconds of work after which it is decided whether more processes are worth their start."""

WORTH = 1.0
"""Seconds of work still to be done that are."""

CHUNK = 64
"""Variants that a process is handed at once, at most."""


def results(plan: Plan, *, processes: int | None = None, method: str | None = None) -> Iterator[Result]:
    """Yield the result of each variant in order.

    ``processes`` are as many as there are cores if it is None, and none but this one if it is 1; ``method`` is how they
    are started (fork, spawn), the platform's own if it is None.
    """
    count, began = plan.order.variants, time.monotonic()
    cores = available() if processes is None else processes
    for number in range(count):
        if cores > 1 and (processes is not None or _pays(time.monotonic() - began, number, count)):
            yield from _together(plan.order, number, count, cores, method)
            return
        yield plan.at(number)


def available() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pays(elapsed: float, done: int, count: int) -> bool:
    """Whether what is left is worth the start of more processes."""
    return elapsed > ALONE and done > 0 and elapsed / done * (count - done) > WORTH


def _together(order: Order, first: int, count: int, cores: int, method: str | None) -> Iterator[Result]:
    from multiprocessing import get_context

    chunk = max(1, min(CHUNK, (count - first) // (4 * cores)))
    parts = [range(start, min(start + chunk, count)) for start in range(first, count, chunk)]
    pool = None
    try:
        with _interrupts_held():
            pool = get_context(method).Pool(min(cores, len(parts)), _start, (order,))
        for part in pool.imap(_work, parts):
            yield from part
    finally:
        if pool is not None:
            pool.terminate()
            pool.join()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C, which then comes behind what is done here; processes that are started never get it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where they ignore it once they have started
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_plans: list[Plan] = []
"""The one plan of a process that works for another."""


def _start(order: Order) -> None:
    """Prepare a process; Ctrl-C is for the one that it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _plans[:] = [Plan(order)]


def _work(part: range) -> list[Result]:
    return [_plans[0].at(number) for number in part]
