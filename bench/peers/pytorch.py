#!/usr/bin/env python3
"""PyTorch's side: replays trials that `edgesweep dump` wrote, and times the same training step.

    pytorch.py replay [--json] DIR...   exit code 1 when a trial is beyond the tolerances below
    pytorch.py time                     requests on standard input, answers on standard output, a JSON a line

Needs PyTorch and NumPy; exit code 3 where they are missing.
"""

import argparse
import json
import math
import os
import pathlib
import sys
import time

# one thread, in whatever library the matrix products come from; it is read when that is loaded
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

try:
    import numpy
    import torch
    from torch import nn
except ImportError as missing:
    print(f"{sys.executable} has no module {missing.name}: PyTorch and NumPy are needed.", file=sys.stderr)
    print("  Debian, Ubuntu: apt install python3-torch python3-numpy; else: pip install torch numpy", file=sys.stderr)
    sys.exit(3)

ACTIVATIONS = {
    "linear": nn.Identity,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "leaky-relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "softplus": nn.Softplus,
    "gelu": nn.GELU,
}

# cross-entropy of targets that are probabilities, a row for each example
LOSSES = {"mse": nn.MSELoss, "cross-entropy": nn.CrossEntropyLoss}

# Near the largest stable step size training is chaotic: a rounding error grows to the size of the loss itself within tens of
# iterations, for PyTorch as for anyone. What can be predicted at all is found by PyTorch alone, which trains once more in float64 and
# NUDGES times from initial weights that differ in the last bit. Losses are compared until these trainings part by more than
# PREDICTABLE_LOSS or the loss passes EXPLODED; the divergence, when they never part by more than PREDICTABLE_DIVERGENCE and the nudged
# ones all end alike. Then it has to come at the same iteration, and be of the same kind.
NUDGES = 4
PREDICTABLE_LOSS = 1e-5
PREDICTABLE_DIVERGENCE = 0.1
EXPLODED = 1e6
RELATIVE_TOLERANCE = 1e-3


def build(activation, widths):
    """nn.Sequential of Linear layers between `widths`, the activation after all but the last."""
    layers = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        if i > 0:
            layers.append(ACTIVATIONS[activation]())
        layers.append(nn.Linear(inputs, outputs))
    return nn.Sequential(*layers)


def optimizer_of(trial, parameters):
    chosen = trial.get("optimizer", {"kind": "sgd"})
    nesterov = chosen["kind"] == "nesterov"
    return torch.optim.SGD(
        parameters, lr=trial["stepSizeFloat32"], momentum=chosen.get("momentum", 0), nesterov=nesterov
    )


def divergence_kind(loss, loss_above):
    if math.isnan(loss):
        return "nan"
    if math.isinf(loss):
        return "infinity"
    return "loss-above" if loss > loss_above else None


def nudged(tensor, seed):
    """Each value one unit in the last place up or down; seed 0 leaves it as it is."""
    if seed == 0:
        return tensor
    up = torch.rand(tensor.shape, generator=torch.Generator().manual_seed(seed)) < 0.5
    return torch.nextafter(tensor, torch.where(up, math.inf, -math.inf))


def train(trial, arrays, nudge=0, dtype=torch.float32):
    """Losses of each iteration up to the divergence, and the divergence as in trial.json."""
    x, y = (torch.from_numpy(arrays[name]).to(dtype) for name in ("X", "Y"))
    weights = [torch.from_numpy(arrays[f"weight-{i + 1}"]) for i in range(trial["depth"])]
    model = build(trial["activation"], [weights[0].shape[1], *(w.shape[0] for w in weights)]).to(dtype)
    linears = [layer for layer in model if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for i, linear in enumerate(linears):
            linear.weight.copy_(nudged(weights[i], nudge))
            linear.bias.copy_(torch.from_numpy(arrays[f"bias-{i + 1}"]))
    optimizer = optimizer_of(trial, model.parameters())
    criterion = LOSSES[trial.get("loss", "mse")]()
    loss_above = math.inf if trial["lossAbove"] is None else trial["lossAbove"]
    batch_size = trial["batchSize"]
    batches = math.ceil(len(x) / batch_size)
    losses = []
    for t in range(trial["iterations"]):
        xb, yb = x, y
        if batch_size < len(x):
            start = t % batches * batch_size
            batch = torch.from_numpy(arrays["order"][t // batches, start : start + batch_size]).long()
            xb, yb = x[batch], y[batch]
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        losses.append(loss.item())
        kind = divergence_kind(losses[-1], loss_above)
        if kind is not None:
            return losses, {"iteration": t + 1, "kind": kind}
        loss.backward()
        optimizer.step()
    return losses, None


def relative(a, b):
    if a == b:
        return 0.0
    return abs(a - b) / abs(b) if math.isfinite(a) and b != 0 else math.inf


def spread(losses, others):
    """At each iteration, how far the other trainings have been from this one, up to then; relative."""
    largest = 0.0
    for b, *alternatives in zip(losses, *others):
        largest = max(largest, *(relative(c, b) for c in alternatives))
        yield largest


def largest_difference(ours, theirs, spreads):
    """The largest relative difference of two lists of losses as far as they can be predicted, and for how many iterations that is."""
    largest, compared = 0.0, 0
    for a, b, parted in zip(ours, theirs, spreads):
        if not (b < EXPLODED and parted <= PREDICTABLE_LOSS):
            break
        largest = max(largest, relative(a, b))
        compared += 1
    return largest, compared


def replay_one(directory):
    folder = pathlib.Path(directory)
    trial = json.loads((folder / "trial.json").read_text())
    arrays = {path.stem: numpy.load(path) for path in sorted(folder.glob("*.npy"))}
    losses, divergence = train(trial, arrays)
    replicas, ends = zip(*(train(trial, arrays, nudge) for nudge in range(1, NUDGES + 1)))
    exact, _ = train(trial, arrays, dtype=torch.float64)
    spreads = list(spread(losses if divergence is None else losses[:-1], [exact, *replicas]))
    difference, compared = largest_difference(arrays["losses"].tolist(), losses, spreads)
    predictable = all(end == divergence for end in ends) and max(spreads, default=0) <= PREDICTABLE_DIVERGENCE
    same = trial["divergence"] == divergence
    return {
        "dump": str(directory),
        "activation": trial["activation"],
        "batchSize": trial["batchSize"],
        "stepSize": trial["stepSize"],
        "iterationsCompared": compared,
        "largestRelativeDifference": difference if math.isfinite(difference) else None,
        "divergencePredictable": predictable,
        "divergence": trial["divergence"],
        "divergencePyTorch": divergence,
        "sameDivergence": same,
        "agrees": difference <= RELATIVE_TOLERANCE and (same or not predictable),
    }


def show_difference(difference):
    return "infinite" if difference is None else f"{difference:.1e}"


def show_divergence(divergence):
    return "none" if divergence is None else f"{divergence['iteration']} ({divergence['kind']})"


def replay(directories, as_json):
    results = [replay_one(directory) for directory in directories]
    if as_json:
        print(json.dumps({"torch": torch.__version__, "trials": results}, indent=2))
    else:
        header = ["dump", "compared", "largest relative difference", "divergence", "PyTorch's", "predictable", "agrees"]
        rows = [
            [
                r["dump"],
                str(r["iterationsCompared"]),
                show_difference(r["largestRelativeDifference"]),
                show_divergence(r["divergence"]),
                show_divergence(r["divergencePyTorch"]),
                "yes" if r["divergencePredictable"] else "no",
                "yes" if r["agrees"] else "NO",
            ]
            for r in results
        ]
        widths = [max(map(len, column)) for column in zip(header, *rows)]
        for row in [header, *rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return 0 if all(r["agrees"] for r in results) else 1


class TimedTraining:
    """The plain training loop of one request, on random data; it goes on from one call to the next."""

    def __init__(self, activation, depth, width, inputs, outputs, examples, batch_size):
        torch.manual_seed(0)
        self.x = torch.randn(examples, inputs)
        self.y = self.x @ torch.randn(outputs, inputs).T - torch.randn(examples, outputs)
        self.batch_size = batch_size
        self.model = build(activation, [inputs, *[width] * (depth - 1), outputs])
        # small enough that nothing diverges, however many steps
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=1e-3)
        self.criterion = nn.MSELoss()

    def batches(self):
        if self.batch_size >= len(self.x):
            yield self.x, self.y
            return
        order = torch.randperm(len(self.x))
        for start in range(0, len(self.x), self.batch_size):
            batch = order[start : start + self.batch_size]
            yield self.x[batch], self.y[batch]

    def seconds_per_step(self, steps):
        done = 0
        started = time.perf_counter()
        while done < steps:
            for x, y in self.batches():
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), y)
                if not math.isfinite(loss.item()):
                    raise RuntimeError("the timed training diverged")
                loss.backward()
                self.optimizer.step()
                done += 1
                if done == steps:
                    break
        return (time.perf_counter() - started) / steps


def serve_timings():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    trainings = {}
    for line in sys.stdin:
        request = json.loads(line)
        steps = request.pop("steps")
        request["batch_size"] = request.pop("batchSize")
        key = json.dumps(request, sort_keys=True)
        if key not in trainings:
            trainings[key] = TimedTraining(**request)
            trainings[key].seconds_per_step(max(10, steps // 10))
        print(json.dumps({"secondsPerStep": trainings[key].seconds_per_step(steps)}), flush=True)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    replaying = commands.add_parser("replay", help="replay dumped trials and compare their losses")
    replaying.add_argument("--json", action="store_true")
    replaying.add_argument("directories", nargs="+", metavar="DIR")
    commands.add_parser("time", help="time training steps on one thread, for requests on standard input")
    options = parser.parse_args()
    return replay(options.directories, options.json) if options.command == "replay" else serve_timings()


if __name__ == "__main__":
    sys.exit(main())
