"""Trains the points of a dumped map again with NumPy in float64, and counts those that end alike.

    python3 peers/maps.py DIR...

Near the boundary training is chaotic: a point may end otherwise because of a rounding error alone. So every point is trained again from
initial weights that are moved by a few units in the last place of a float32, NUDGES times: float32 rounds at every step, not once. A point
whose float64 trainings do not all end alike cannot be told. The exit code is 1 if more than 1 % of the points end otherwise than in edgesweep
and can be told.
"""

import json
import sys
from pathlib import Path

import numpy

NUDGES = 16
MOVED = 2.0**-21
LAST_LOSSES = 20

ACTIVATIONS = {
    "linear": (lambda z: z, lambda h: numpy.ones_like(h)),
    "tanh": (numpy.tanh, lambda h: 1 - h * h),
    "relu": (lambda z: numpy.maximum(z, 0), lambda h: (h > 0).astype(h.dtype)),
}


def train(about, arrays, nudge=None):
    """Class of each point: 2 diverged, 1 converged, 0 neither."""
    value, slope = ACTIVATIONS[about["activation"]]
    x, y = (arrays[name].astype(numpy.float64) for name in ("X", "Y"))
    step_sizes = arrays["step-sizes"].astype(numpy.float64)
    points, depth, _ = step_sizes.shape
    # in float32 the sum of the squares is infinite before their mean is
    largest = numpy.finfo(numpy.float32).max / y.size
    limit = largest if about["lossAbove"] is None else min(largest, about["lossAbove"])

    def start(name):
        w = arrays[name].astype(numpy.float64)
        if nudge is not None:
            w = w * (1 + MOVED * numpy.sign(nudge.random(w.shape) - 0.5))
        return numpy.repeat(w[None], points, axis=0)

    weights = [start(f"weight-{l + 1}") for l in range(depth)]
    biases = [numpy.repeat(arrays[f"bias-{l + 1}"].astype(numpy.float64)[None], points, axis=0) for l in range(depth)]
    diverged = numpy.zeros(points, bool)
    first, last = None, []
    for t in range(about["iterations"]):
        h = [numpy.broadcast_to(x, (points, *x.shape))]
        for l in range(depth):
            z = h[l] @ weights[l].transpose(0, 2, 1) + biases[l][:, None, :]
            h.append(value(z) if l < depth - 1 else z)
        residuals = h[depth] - y
        losses = (residuals**2).mean(axis=(1, 2))
        # a loss that is not at most the limit, NaN among them
        diverged |= ~(losses <= limit)
        first = losses if t == 0 else first
        if t >= about["iterations"] - LAST_LOSSES:
            last.append(losses)
        deltas = 2 * residuals / y.size
        for l in reversed(range(depth)):
            gradient = deltas.transpose(0, 2, 1) @ h[l]
            bias_gradient = deltas.sum(axis=1)
            if l > 0:
                deltas = (deltas @ weights[l]) * slope(h[l])
            weights[l] = weights[l] - step_sizes[:, l, 0, None, None] * gradient
            biases[l] = biases[l] - step_sizes[:, l, 1, None] * bias_gradient
    converged = ~diverged & ((numpy.array(last) / first).mean(axis=0) < 1)
    return numpy.where(diverged, 2, converged.astype(int))


def ours(arrays):
    losses = arrays["losses"].astype(numpy.float64)
    diverged = arrays["divergence"] > 0
    ratio = (losses[:, -LAST_LOSSES:] / losses[:, :1]).mean(axis=1)
    return numpy.where(diverged, 2, (~diverged & (ratio < 1)).astype(int))


def check(folder):
    about = json.loads((folder / "map.json").read_text())
    if about["batchSize"] != about["examples"] or about["activation"] not in ACTIVATIONS:
        sys.exit(f"{folder}: only full batches, and activations {', '.join(ACTIVATIONS)}")
    arrays = {path.stem: numpy.load(path) for path in sorted(folder.glob("*.npy"))}
    with numpy.errstate(all="ignore"):
        exact = train(about, arrays)
        nudged = [train(about, arrays, numpy.random.default_rng(k)) for k in range(NUDGES)]
    agrees = ours(arrays) == exact
    chaotic = numpy.any([other != exact for other in nudged], axis=0)
    wrong = int((~agrees & ~chaotic).sum())
    print(
        f"{folder}: {len(exact)} points, {agrees.mean():.1%} end alike; of the others {int((~agrees & chaotic).sum())} "
        f"end otherwise in float64 too when weights move by 2^-21, {wrong} do not"
    )
    return wrong <= 0.01 * len(exact)


if __name__ == "__main__":
    results = [check(Path(name)) for name in sys.argv[1:]]
    sys.exit(0 if results and all(results) else 1)
