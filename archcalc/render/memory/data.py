"""What ``memory`` found, as plain data: exact integers, sizes in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.report import SCHEMA
from archcalc.render.memory.layers import alive_bytes, saved_bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.fit import Card, Need
    from archcalc.analyses.memory.training import Step


def data(memory: Memory, fit: str | None) -> dict[str, Any]:
    """Return everything about a network's memory."""
    report = memory.report
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": memory.dtype,
        "units": {"bytes": "bytes of the whole batch", "macs": "multiply-accumulates of the whole batch"},
        "sums": [
            {"rule": each.rule, "says": each.says, "convention": each.named, "values": each.values, "bytes": each.bytes}
            for each in memory.sums
        ],
        "run": _run(memory),
        "training": None if memory.step is None else _training(memory, memory.step),
    }
    if fit is not None:
        found["fit"] = _fit(memory, fit)
    found["layers"] = _layers(memory)
    return found


def _run(memory: Memory) -> dict[str, Any]:
    running, order = memory.running, memory.order
    sizes = running.timeline.sizes
    return {
        "peak_bytes": memory.peak,
        "at": memory.name(running.timeline.events[running.top].layer),
        "alive": [
            {"layer": memory.name(buffer.layer), "bytes": memory.bytes(sizes[buffer])}
            for buffer in running.alive(running.top)
        ],
        "weights_bytes": memory.weights,
        "running_statistics_bytes": memory.statistics,
        "fold_bn": memory.options.fold,
        "share_concat": memory.options.share,
        "others": [{"rule": each.word, "peak_bytes": memory.bytes(each.peak)} for each in memory.others],
        "best_order": {
            "peak_bytes": memory.bytes(order.peak),
            "exact": order.exact,
            "parts": [[memory.name(event.layer) for event in part] for part in order.moved],
        },
    }


def _training(memory: Memory, step: Step) -> dict[str, Any]:
    liveness, options = step.liveness, memory.options
    event = liveness.timeline.events[liveness.top]
    sizes = liveness.timeline.sizes
    alive: dict[str, int] = {}
    for buffer in liveness.alive(liveness.top):
        alive[buffer.kind] = alive.get(buffer.kind, 0) + sizes[buffer]
    again = [step.graph.layers[position] for position in step.again]
    return {
        "optimizer": options.optimizer,
        "parts": {part.word: part.bytes for part in step.parts},
        "activations_peak_bytes": memory.bytes(liveness.peak),
        "at": {"layer": memory.name(event.layer), "phase": event.phase},
        "alive_bytes": {kind: memory.bytes(bits) for kind, bits in alive.items()},
        "saved_bytes": memory.bytes(sum(step.saved.values())),
        "gradients_peak_bytes": memory.bytes(step.gradients),
        "total_bytes": step.fixed + memory.bytes(liveness.peak),
        "share_concat": options.share,
        "recompute": {
            "segments": step.segments,
            "layers": len(again),
            "macs": sum(layer.macs for layer in again),
        },
        "macs": {
            "forward": memory.report.macs,
            "input_gradients": sum(each.inputs for each in step.work.values()),
            "weight_gradients": sum(each.weights for each in step.work.values()),
        },
    }


def _fit(memory: Memory, asked: str) -> list[dict[str, Any]]:
    from archcalc.analyses.memory.fit import cards, find_card
    from archcalc.analyses.memory.needs import needs

    found = tuple(needs(memory))
    chosen: Sequence[Card] = list(cards().values()) if asked == "all" else [find_card(asked)]
    return [
        {
            "card": card.name,
            "memory_bytes": card.bytes,
            "year": card.year,
            "needs": [_need(need, card, memory.report.setup.batch) for need in found],
        }
        for card in chosen
    ]


def _need(need: Need, card: Card, batch: int) -> dict[str, Any]:
    return {
        "what": need.word,
        "fixed_bytes": need.fixed,
        "bits_for_each_image": need.each,
        "largest_batch": need.largest(card.bytes),
        "bytes_of_the_batch": need.at(batch),
        "fits": need.at(batch) <= card.bytes,
    }


def _layers(memory: Memory) -> list[dict[str, Any]]:
    alive = alive_bytes(memory)
    saved = {} if memory.step is None else saved_bits(memory.step)
    found = []
    for layer in memory.report.layers:
        each: dict[str, Any] = {
            "name": layer.name,
            "op": layer.op,
            "output": list(layer.output),
            "stored_bytes": layer.memory_bytes,
            "alive_bytes": alive.get(layer.position),
        }
        if memory.step is not None:
            work = memory.step.work[layer.position]
            each["saved_bytes"] = memory.bytes(saved.get(layer.position, 0))
            each["macs"] = layer.macs
            each["input_gradient_macs"] = work.inputs
            each["weight_gradient_macs"] = work.weights
        found.append(each)
    return found
