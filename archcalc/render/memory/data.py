"""The results of ``memory`` as plain data: exact integers, sizes in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.memory.amounts import AmountsOfLayers
from archcalc.engine.report import SCHEMA

if TYPE_CHECKING:
    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.fit import Card, Need
    from archcalc.analyses.memory.needs import Fit
    from archcalc.analyses.memory.training import Step


def data(memory: Memory, fit: Fit | None) -> dict[str, Any]:
    """Return everything about a network's memory."""
    report = memory.report
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "network": report.name,
        "title": report.title,
        "input": list(report.input),
        "batch": report.setup.batch,
        "dtype": memory.dtype,
        "units": {"bytes": "bytes of the whole batch", "macs": "multiply-accumulates of the whole batch"},
        "sums": [
            {
                "rule": total.rule,
                "says": total.label,
                "convention": total.named,
                "values": total.values,
                "bytes": total.bytes,
            }
            for total in memory.sums
        ],
        "run": _run(memory),
        "training": None if memory.step is None else _training(memory, memory.step),
    }
    if fit is not None:
        result["fit"] = _fit(memory, fit)
    result["layers"] = _layers(memory)
    return result


def _run(memory: Memory) -> dict[str, Any]:
    running, order = memory.running, memory.order
    return {
        "peak_bytes": memory.peak,
        "at": memory.name(running.timeline.events[running.top].layer),
        "alive": [{"layer": memory.name(position), "bytes": size} for position, size in memory.alive_at_peak],
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
    return {
        "optimizer": options.optimizer,
        "parts": {part.word: part.bytes for part in step.parts},
        "activations_peak_bytes": memory.bytes(liveness.peak),
        "at": {"layer": memory.name(event.layer), "phase": event.phase},
        "alive_bytes": {kind: memory.bytes(bits) for kind, bits in step.alive_at_peak.items()},
        "saved_bytes": memory.bytes(sum(step.saved.values())),
        "gradients_peak_bytes": memory.bytes(step.gradients),
        "total_bytes": step.fixed + memory.bytes(liveness.peak),
        "share_concat": options.share,
        "recompute": {
            "segments": step.segments,
            "layers": len(step.again),
            "macs": step.again_macs,
        },
        "macs": {
            "forward": memory.report.macs,
            "input_gradients": step.backward.inputs,
            "weight_gradients": step.backward.weights,
        },
    }


def _fit(memory: Memory, fit: Fit) -> list[dict[str, Any]]:
    return [
        {
            "card": card.name,
            "memory_bytes": card.bytes,
            "year": card.year,
            "needs": [_need(need, card, memory.report.setup.batch) for need in fit.needs],
        }
        for card in fit.cards
    ]


def _need(need: Need, card: Card, batch: int) -> dict[str, Any]:
    return {
        "what": need.word,
        "fixed_bytes": need.fixed,
        "bits_for_each_image": need.per_image,
        "largest_batch": need.largest(card.bytes),
        "bytes_of_the_batch": need.at(batch),
        "fits": need.at(batch) <= card.bytes,
    }


def _layers(memory: Memory) -> list[dict[str, Any]]:
    return [
        {
            "name": layer.name,
            "op": layer.op,
            "output": list(layer.output),
            **{word: value for word, value in amounts._asdict().items() if word == "alive_bytes" or value is not None},
        }
        for layer, amounts in AmountsOfLayers(memory).each(memory.report.layers)
    ]
