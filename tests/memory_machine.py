"""A machine too dumb to be wrong: it runs a network layer by layer, allocates and frees, and notes the most it held.

It knows nothing of first and last uses: a block of memory is freed when the last of those who wait for it has run.
"""

from __future__ import annotations

MASK, INDEX = 8, 32


class Machine:
    """Runs the layers of a report; sizes are bits for one image."""

    def __init__(self, layers, bits=32, *, fold=False, in_place=True, share=False, saving=False):
        self.layers = {layer.position: layer for layer in layers}
        self.bits = bits
        self.saving = saving
        self.in_place = in_place
        folded = self.foldable(layers) if fold else set()
        self.value = {}
        for layer in layers:
            looks = layer.operation.view or layer.position in folded
            self.value[layer.position] = self.value[layer.node.sources[0]] if looks else layer.position
        self.steps = [position for position, value in self.value.items() if position == value]
        read = {source for layer in layers for source in layer.node.sources}
        self.outputs = {self.value[position] for position in self.layers if position not in read}
        self.trains = {}
        for layer in layers:
            self.trains[layer.position] = layer.params > 0 or any(self.trains[s] for s in layer.node.sources)
        self.readers = {step: set() for step in self.steps}
        for step in self.steps:
            for value in self.inputs(step):
                self.readers[value].add(step)
        self.saved = {step: self.needs_back(step) if saving else set() for step in self.steps}
        self.whole = {step: step for step in self.steps}
        self.members = {step: {step} for step in self.steps}
        if share:
            self.share()
        self.held = self.most = 0

    @staticmethod
    def foldable(layers):
        readers = {}
        for layer in layers:
            for source in layer.node.sources:
                readers.setdefault(source, []).append(layer)
        return {
            found[0].position
            for layer in layers
            if layer.operation.counts_in_depth
            for found in [readers.get(layer.position, [])]
            if len(found) == 1 and found[0].op == "bn"
        }

    def inputs(self, step):
        return [self.value[source] for source in self.layers[step].node.sources]

    def size(self, step):
        return self.layers[step].output.values * self.layers[step].times * self.bits

    def needs_back(self, step):
        """The values that the backward pass of a layer reads."""
        if not self.trains[step]:
            return set()
        saved = self.layers[step].operation.saved_for_backward
        return {"input": set(self.inputs(step)), "output": {step}}.get(saved, set())

    def changes(self, step):
        """The value that a layer could be written over."""
        if self.layers[step].operation.stores or not self.in_place or len(self.inputs(step)) != 1:
            return None
        (value,) = self.inputs(step)
        return value if self.size(value) == self.size(step) else None

    def share(self):
        """Let concatenations hold their inputs, and what those were made from in place."""
        kept = set().union(*self.saved.values())
        placed = set()
        for step in self.steps:
            if self.layers[step].op != "concat":
                continue
            for source in self.layers[step].node.sources:
                value = self.value[source]
                part = self.layers[source].output.values * self.layers[source].times * self.bits != self.size(value)
                while not part and value not in placed and self.layers[value].inputs:
                    placed.add(value)
                    self.join(value, step)
                    before = self.changes(value)
                    if before is None or before in kept or self.readers[before] != {value}:
                        break
                    value = before

    def join(self, part, whole):
        for member in self.members.pop(part):
            self.members[whole].add(member)
            self.whole[member] = whole

    def hold(self, bits):
        self.held += bits
        self.most = max(self.most, self.held)

    def run(self, order=None):
        """Run the network and return the most that was held."""
        self.forward(order or self.steps)
        return self.most

    def forward(self, order):
        self.waiting = {step: {("read", reader) for reader in self.readers[step]} for step in self.steps}
        for step in self.steps:
            for value in self.saved[step]:
                self.waiting[value].add(("back", step))
            if step in self.outputs:
                self.waiting[step].add(("back", step) if self.saving and self.trains[step] else "the end")
        self.made, self.alive = set(), set()
        for step in order:
            self.step(step)

    def pending(self, whole):
        return set().union(*(self.waiting[member] for member in self.members[whole] & self.made))

    def step(self, step):
        whole, sources = self.whole[step], {self.whole[value] for value in self.inputs(step)}
        assert sources <= self.alive, "a layer reads what is not there"
        over = self.changes(step)
        spared = (
            over is not None
            and whole == step
            and self.whole[over] == over
            and whole not in self.alive
            and self.pending(over) == {("read", step)}
        )
        new = whole not in self.alive
        self.hold(self.size(whole) if new and not spared else 0)
        self.alive.add(whole)
        self.made.add(step)
        for value in self.inputs(step):
            self.waiting[value].discard(("read", step))
        if spared:
            self.alive.discard(over)
        self.free({*sources, whole})

    def free(self, wholes):
        for whole in wholes & self.alive:
            if not self.pending(whole):
                self.alive.discard(whole)
                self.held -= self.size(whole)


class Trainer(Machine):
    """Runs forward and back; ``gradients`` is the most that gradients of outputs took at once."""

    def __init__(self, layers, bits=32, *, share=False):
        super().__init__(layers, bits, share=share, saving=True)
        self.gradients = self.gradients_held = 0

    def extra(self, step):
        kind = self.layers[step].operation.saved_for_backward
        width = {"mask": MASK, "indices": INDEX}.get(kind, 0) if self.trains[step] else 0
        return self.size(step) // self.bits * width

    def step(self, step):
        self.hold(self.extra(step))
        super().step(step)

    def run(self, order=None):
        self.forward(self.steps)
        self.kept = self.held
        self.has, self.undone = set(), set()
        for step in reversed([step for step in self.steps if self.trains[step]]):
            self.back(step)
        return self.most

    def hold_gradient(self, bits):
        self.gradients_held += bits
        self.gradients = max(self.gradients, self.gradients_held)
        self.hold(bits)

    def back(self, step):
        own = self.whole[step]
        for value in self.saved[step]:
            assert self.whole[value] in self.alive, "a layer needs what is gone"
        if own not in self.has:
            self.has.add(own)
            self.hold_gradient(self.size(own))
        over = self.changes(step)
        wanted = {self.whole[value] for value in self.inputs(step) if self.trains[value]} - self.has
        spared = over is not None and wanted == {over} and own == step
        if not spared:
            self.hold_gradient(sum(self.size(whole) for whole in wanted))
        self.has |= wanted
        self.undone.add(step)
        if all(member in self.undone for member in self.members[own] if self.trains[member]):
            self.has.discard(own)
            if not spared:
                self.held -= self.size(own)
                self.gradients_held -= self.size(own)
        needed = {step, *self.saved[step]}
        for value in needed:
            self.waiting[value].discard(("back", step))
        self.held -= self.extra(step)
        self.free({self.whole[value] for value in needed})
