"""Walking through a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.language.model import TrainingItem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.export.sources.trace import Call, Run, Step


def calls_in(call: Call) -> list[Call]:
    """Return the calls inside a call, at any depth, in order."""
    return [step.called for step in steps_in(call) if step.called is not None]


def steps_in(call: Call) -> Iterator[Step]:
    """Yield the steps inside a call, at any depth."""
    assert call.run is not None
    yield from _steps(call.run)


def _steps(run: Run) -> Iterator[Step]:
    for steps in run.steps:
        for step in steps:
            yield from _with_inner(step)


def _with_inner(step: Step) -> Iterator[Step]:
    """Yield a step and those inside it; a branch for training is no part of a source."""
    if isinstance(step.item, TrainingItem):
        return
    yield step
    inner = step.called.run if step.called is not None else step.run
    if inner is not None:
        yield from _steps(inner)
        return
    for branch in step.branches:
        if isinstance(branch, list):
            for each in branch:
                yield from _with_inner(each)
        else:
            yield from _steps(branch)
