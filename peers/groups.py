"""
What a peer trains: a group of trials (rungs of a search) of one shape at once, each from weights of its own with a step size of its own.

A peer's kind of group is a class with

    draw()                                what `train` takes: initial parameters and, with mini-batches, the orders of the examples
    given(weights, biases, orders)        the same from NumPy arrays, a list item for each layer, the first axis that of the rungs
    train(drawn, step_sizes)              losses, NumPy, rungs x steps

made from a `Shape`, data x (examples x inputs) and y (examples x outputs), `rungs` and `steps`.
"""

import json
import math
import pathlib
import time
from dataclasses import dataclass

import numpy

from arrays import load

# Groups of these sizes are tried, each as long as none of its limits is passed.
SIZES = (1, 4, 16, 64, 256, 1024, 4096)
MOST_BYTES = 1 << 30
MOST_SECONDS = 0.8
# Larger groups are given up when this many sizes in turn have not been better.
PATIENCE = 2
# so small that nothing diverges, however many steps
STEP_SIZE = 1e-3


@dataclass(frozen=True)
class Shape:
    activation: str
    depth: int
    width: int
    inputs: int
    outputs: int
    examples: int
    batch_size: int

    @property
    def widths(self):
        return [self.inputs, *[self.width] * (self.depth - 1), self.outputs]

    @property
    def layers(self):
        """(inputs, outputs) of each layer."""
        return list(zip(self.widths, self.widths[1:]))

    @property
    def is_full_batch(self):
        return self.batch_size >= self.examples

    @property
    def batches(self):
        return math.ceil(self.examples / self.batch_size)

    def epochs(self, steps):
        return math.ceil(steps / self.batches)

    def batch(self, t):
        """Which place in the order of its epoch the examples of step t (from 0) have: epoch and slice."""
        start = t % self.batches * self.batch_size
        return t // self.batches, slice(start, start + self.batch_size)

    def bytes(self, rungs):
        """Of a group, very roughly: activations and what the backward pass keeps, parameters, and ordered examples."""
        activations = 6 * min(self.batch_size, self.examples) * sum(self.widths)
        parameters = 4 * sum(i * o for i, o in self.layers)
        ordered = 0 if self.is_full_batch else self.examples * (self.inputs + self.outputs)
        return 4 * rungs * (activations + parameters + ordered)


def data_of(shape):
    """Random data of the shape, float32: a linear function with noise."""
    random = numpy.random.default_rng(0)
    x = random.standard_normal((shape.examples, shape.inputs), dtype=numpy.float32)
    teacher = random.standard_normal((shape.inputs, shape.outputs), dtype=numpy.float32)
    noise = random.standard_normal((shape.examples, shape.outputs), dtype=numpy.float32)
    return x, x @ teacher - noise


class Timed:
    """A group that is trained again and again, each time from new weights; everything that a trial costs is in the time."""

    def __init__(self, kind, shape, rungs, steps):
        self.group = kind(shape, *data_of(shape), rungs, steps)
        self.step_sizes = numpy.full(rungs, STEP_SIZE, numpy.float32)
        self.work = rungs * steps

    def once(self):
        started = time.perf_counter()
        losses = self.group.train(self.group.draw(), self.step_sizes)
        if not numpy.isfinite(losses).all():
            raise RuntimeError("a timed training diverged")
        return time.perf_counter() - started

    def seconds_per_step(self, seconds):
        """Of one trial; measured for about `seconds`, at least once."""
        spent, times = 0.0, 0
        while times == 0 or spent + spent / times / 2 < seconds:
            spent += self.once()
            times += 1
        return spent / times / self.work


def is_for(kind, shape):
    return getattr(kind, "only_for", lambda _: True)(shape)


def best_group(kinds, shape, steps, most, sample, whole):
    """
    The fastest kind of group (name, class) and its number of rungs, ready to be timed.

    A kind may have `sizes` of its own, and `only_for(shape)`. Each candidate is warmed up, compiled where that is its way, and timed for
    about `sample` seconds. No candidate is begun `whole` seconds after the first, shared among the kinds; groups have at most `most` rungs.
    """
    kinds = {name: kind for name, kind in kinds.items() if is_for(kind, shape)}
    best, began = None, time.perf_counter()
    for place, (name, kind) in enumerate(kinds.items()):
        own_best, worse = math.inf, 0
        for rungs in getattr(kind, "sizes", SIZES):
            late = time.perf_counter() - began > whole * (place + 1) / len(kinds) and own_best < math.inf
            slow = own_best < math.inf and own_best * rungs * steps > MOST_SECONDS
            heavy = shape.bytes(rungs) > MOST_BYTES or slow
            if rungs > most or worse == PATIENCE or late or (rungs > 1 and heavy):
                break
            timed = Timed(kind, shape, rungs, steps)
            timed.once()
            taken = timed.seconds_per_step(sample)
            worse = 0 if taken < 0.97 * own_best else worse + 1
            own_best = min(own_best, taken)
            if best is None or taken < best[0]:
                best = taken, name, rungs, timed
    if best is None:
        return None
    _, name, rungs, timed = best
    return {"way": name, "rungs": rungs}, timed


def dumped(folders):
    """Trials of one shape: descriptions, arrays, and the shape."""
    folders = [pathlib.Path(folder) for folder in folders]
    trials = [json.loads((folder / "trial.json").read_text()) for folder in folders]
    arrays = [load(folder) for folder in folders]
    depth = trials[0]["depth"]
    x, y, last = (arrays[0][name] for name in ("X", "Y", f"weight-{depth}"))
    sizes = depth, last.shape[1], x.shape[1], y.shape[1], len(x)
    return trials, arrays, Shape(trials[0]["activation"], *sizes, trials[0]["batchSize"])


def fits(kind, folders):
    return is_for(kind, dumped(folders)[2])


def check(kind, folders):
    """Trains dumped trials of one shape as a group; the largest relative difference to the losses that were dumped with them."""
    trials, arrays, shape = dumped(folders)
    first, depth = arrays[0], shape.depth
    steps = len(first["losses"])
    stacked = lambda name: numpy.stack([one[name] for one in arrays])
    weights = [stacked(f"weight-{i + 1}") for i in range(depth)]
    biases = [stacked(f"bias-{i + 1}") for i in range(depth)]
    orders = None if shape.is_full_batch else stacked("order")[:, : shape.epochs(steps)]
    group = kind(shape, first["X"], first["Y"], len(folders), steps)
    step_sizes = numpy.array([trial["stepSizeFloat32"] for trial in trials], numpy.float32)
    losses = group.train(group.given(weights, biases, orders), step_sizes)
    expected = stacked("losses")
    return float((abs(losses - expected) / abs(expected)).max())
