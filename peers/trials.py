"""Replays trials of a search: PyTorch trains them again, and the losses are compared."""

import json
import math

import numpy
import torch
from torch import nn

from network import build, linear_layers, relative, show_difference, show_table

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


# cross-entropy of targets that are probabilities, a row for each example
LOSSES = {"mse": nn.MSELoss, "cross-entropy": nn.CrossEntropyLoss}


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
    linears = linear_layers(model)
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


def replay_trial(folder):
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
        "dump": str(folder),
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


def show_divergence(divergence):
    return "none" if divergence is None else f"{divergence['iteration']} ({divergence['kind']})"


def show_trials(results):
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
    show_table(header, rows)
