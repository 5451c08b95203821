"""Replays trainings of sweeps of trajectories: PyTorch computes loss, gradient and sharpness from the dumped weights, in float64."""

import json
import math

import numpy
import torch

from arrays import layers_of, load
from batches import batch_means
from dumped import network_of
from flows import recorded_flows
from hessian import Curvature, block_eigenvalues, spectra
from losses import criterion_of, recorded_gauss_newton, recorded_losses
from network import relative, show_difference, show_table
from optimizers import UPDATE_TOLERANCE, compare_updates, preconditioned
from sharpening import recorded_sharpening

# relative to PyTorch's value; of gradients the norm of the difference, relative to the norm
LOSS_TOLERANCE = 1e-4
GRADIENT_TOLERANCE = 1e-4
HESSIAN_TOLERANCE = 1e-4
# a sharpness has to be within its own residual, or this where that is smaller
SHARPNESS_TOLERANCE = 1e-3
BATCH_TOLERANCE = 1e-3
# A gradient is a sum over examples of either sign: where it cancels, as near a minimum, what rounding leaves is measured by the norm
# that it would have if nothing cancelled.
ROUNDING = 1e-6
# Within so many rounding errors of 0 float32 may see the other side of the kink of relu or leaky-relu, and the gradient and Hessian
# that hold there.
KINK_ERRORS = 4
KINKED = ("relu", "leaky-relu")


def uncancelled(model, x, y, criterion):
    """For each layer the norm of its gradient if all examples had the same sign; and how many units of examples are at a kink. Only of perceptrons."""
    if not isinstance(model, torch.nn.Sequential):
        return [0.0] * len(model.layers), 0
    h, inputs, outputs, kinks = x, [], [], 0
    for module in model:
        if isinstance(module, torch.nn.Linear):
            inputs.append(h)
            size = h.abs() @ module.weight.abs().T + module.bias.abs()
            h = module(h)
            outputs.append(h)
        else:
            kinks += int((h.abs() <= KINK_ERRORS * 2**-24 * size).sum())
            h = module(h)
    deltas = torch.autograd.grad(criterion(h, y), outputs)
    norms = []
    for delta, entered in zip(deltas, inputs):
        weight, bias = delta.abs().T @ entered.abs(), delta.abs().sum(0)
        norms.append(math.sqrt((weight**2).sum().item() + (bias**2).sum().item()))
    return norms, kinks


def compared(name, ours, theirs, tolerance):
    """The tolerance is absolute."""
    ours = math.nan if ours is None else ours
    difference = relative(ours, theirs)
    return {
        "quantity": name,
        "ours": ours if math.isfinite(ours) else None,
        "pytorch": theirs,
        "relativeDifference": difference if math.isfinite(difference) else None,
        "tolerance": tolerance,
        "agrees": abs(ours - theirs) <= tolerance,
    }


def compare_gradients(described, dumped, curvature, scales):
    """The norms that were recorded, and the gradient itself, element by element."""
    norm = numpy.linalg.norm
    theirs = [numpy.concatenate([g.detach().numpy().ravel() for g in layer]) for layer in curvature.gradients]
    ours = [numpy.concatenate([g.ravel() for g in layer]).astype(float) for layer in dumped]
    parts = [("gradient", described["gradientNorm"], numpy.concatenate(ours), numpy.concatenate(theirs), norm(scales))]
    for i, recorded in enumerate(described["layerGradientNorms"]):
        parts.append((f"gradient of layer {i + 1}", recorded, ours[i], theirs[i], scales[i]))
    for name, recorded, a, b, scale in parts:
        length = float(norm(b))
        tolerance = max(GRADIENT_TOLERANCE * length, ROUNDING * float(scale))
        yield compared(f"norm of {name}", recorded, length, tolerance)
        yield {
            **compared(name, float(norm(a)), length, tolerance),
            "relativeDifference": float(norm(a - b)) / length if length > 0 and numpy.isfinite(a).all() else None,
            "agrees": bool(norm(a - b) <= tolerance),
        }


def compare_sharpness(described, values, by_magnitude, prefix=""):
    recorded = described["recorded"]
    rows = [("sharpness", "all", described["sharpness"]["value"], described["sharpness"]["residual"])]
    rows += [
        (f"sharpness of layer {i + 1}", i, one["value"], one["residual"])
        for i, one in enumerate(described["layerSharpness"])
    ]
    if recorded.get("sharpness") is not None:
        rows.append(("recorded sharpness", "all", recorded["sharpness"], recorded["residual"]))
    pairs = zip(recorded["layerSharpness"], recorded["layerResiduals"])
    rows += [
        (f"recorded sharpness of layer {i + 1}", i, value, residual)
        for i, (value, residual) in enumerate(pairs)
        if value is not None
    ]
    for name, block, ours, residual in rows:
        smallest, largest = values[block][[0, -1]].tolist()
        theirs = smallest if by_magnitude and -smallest > largest else largest
        yield {
            **compared(f"{prefix}{name}", ours, theirs, max(residual or 0.0, SHARPNESS_TOLERANCE * abs(theirs))),
            # a small residual is that of an eigenvalue, but not always of the largest
            "nearest": None if ours is None else len(values[block]) - int(abs(values[block] - ours).argmin()),
        }


def compare_hessian(ours, theirs):
    norm = numpy.linalg.norm
    difference = float(norm(ours - theirs) / norm(theirs))
    return {
        "quantity": "hessian",
        "relativeDifference": difference if math.isfinite(difference) else None,
        "tolerance": HESSIAN_TOLERANCE,
        "agrees": difference <= HESSIAN_TOLERANCE,
    }


NAMES = {
    "ofRatios": "batch sharpness",
    "ofMeans": "batch sharpness, ratio of means",
    "largest": "mean sharpness of batches",
}


def compare_batches(described, model, x, y, criterion):
    """Means over the batches of a measurement, and their standard errors."""
    batches = described["batches"]
    ours = {one["block"]: one for one in batches["means"]}
    for block, found in batch_means(model, x, y, criterion, batches, list(ours)):
        where = "" if block == "all" else f" of layer {block + 1}"
        for kind, (value, error) in found.items():
            tolerance = BATCH_TOLERANCE * abs(value)
            yield compared(f"{NAMES[kind]}{where}", ours[block][kind]["value"], value, tolerance)
            yield compared(f"error of {NAMES[kind]}{where}", ours[block][kind]["error"], error, tolerance)


def replay_iteration(description, described, arrays, data):
    depth = description["depth"]
    model = network_of(description, layers_of(arrays, "", depth))
    x, y = (torch.from_numpy(data[name]).double() for name in ("X", "Y"))
    criterion = criterion_of(description)
    whole = Curvature(model, x, y, criterion)
    # the examples of the step
    rows = described.get("batch", slice(None))
    curvature = Curvature(model, x[rows], y[rows], criterion)
    scales, kinks = uncancelled(model, x[rows], y[rows], criterion)
    by_magnitude = description["solver"] == "power"
    values, matrix = spectra(whole, both_ends=by_magnitude)
    loss = curvature.loss.item()
    quantities = [
        compared("loss", described["loss"], loss, LOSS_TOLERANCE * abs(loss)),
        *compare_gradients(described, layers_of(arrays, "gradient-", depth), curvature, scales),
        *compare_sharpness(described, values, by_magnitude),
        *(compared(*row) for row in recorded_sharpening(described["columns"], curvature)),
        *(compared(*row) for row in recorded_gauss_newton(described["columns"], model, x, y, criterion)),
        *(compared(*row) for row in recorded_losses(described["columns"], model, data, criterion)),
    ]
    divided = preconditioned(matrix, arrays, depth)
    if divided is not None:
        divided_values = block_eigenvalues(divided, curvature.lengths())
        quantities += compare_sharpness(described["preconditioned"], divided_values, by_magnitude, "preconditioned ")
    if "hessian" in arrays and matrix is not None:
        quantities.append(compare_hessian(arrays["hessian"], matrix))
    if "batches" in described:
        quantities.extend(compare_batches(described, model, x, y, criterion))
    return {
        "iteration": described["iteration"],
        "quantities": quantities,
        "atKink": kinks if description["activation"] in KINKED else 0,
        "agrees": all(quantity["agrees"] for quantity in quantities),
    }


def step_agrees(described, arrays, after):
    """Where the next iteration was dumped too: its weights are w - eta d, each operation rounded to float32; d = g for plain descent."""
    etas = described["stepSize"]
    for i in range(len(described["layerGradientNorms"])):
        eta = numpy.float32(etas[i] if isinstance(etas, list) else etas)
        for kind in ("weight", "bias"):
            name = f"{kind}-{i + 1}"
            direction = arrays.get(f"direction-{name}", arrays[f"gradient-{name}"])
            if not numpy.array_equal(arrays[name] - eta * direction, after[name]):
                return False
    return True


def flows_of(description, iterations, data):
    """What was recorded of flows, where the first iteration, from which they start, was dumped."""
    if 1 not in iterations or not any("flow" in name for name in iterations[1][0].get("columns", {})):
        return []
    layers = {t: layers_of(arrays, "", description["depth"]) for t, (_, arrays) in iterations.items()}
    recorded = {}
    for t, (described, _) in iterations.items():
        weights = numpy.concatenate([part.ravel() for layer in layers[t] for part in layer]).astype(float)
        recorded[t] = (described["columns"], torch.from_numpy(weights), float(numpy.float32(described["stepSize"])))
    x, y = (torch.from_numpy(data[name]).double() for name in ("X", "Y"))
    model = network_of(description, layers[1])
    return recorded_flows(model, x, y, criterion_of(description), recorded)


def replay_training(folder):
    description = json.loads((folder / "trajectory.json").read_text())
    data = load(folder)
    iterations = {
        described["iteration"]: (described, load(folder / f"iteration-{described['iteration']}"))
        for described in description["iterations"]
    }
    results = [replay_iteration(description, described, arrays, data) for described, arrays in iterations.values()]
    by_iteration = {result["iteration"]: result for result in results}
    for iteration, quantity, difference in compare_updates(description, iterations):
        agrees = difference <= UPDATE_TOLERANCE
        row = {"quantity": quantity, "relativeDifference": difference, "tolerance": UPDATE_TOLERANCE, "agrees": agrees}
        by_iteration[iteration]["quantities"].append(row)
        by_iteration[iteration]["agrees"] = by_iteration[iteration]["agrees"] and agrees
    for iteration, *row in flows_of(description, iterations, data):
        result = next(result for result in results if result["iteration"] == iteration)
        result["quantities"].append(compared(*row))
        result["agrees"] = result["agrees"] and result["quantities"][-1]["agrees"]
    for result in results:
        following = iterations.get(result["iteration"] + 1)
        if following is not None:
            result["sameStep"] = step_agrees(*iterations[result["iteration"]], following[1])
            result["agrees"] = result["agrees"] and result["sameStep"]
    return {
        "dump": str(folder),
        "activation": description["activation"],
        "scheme": description["scheme"],
        "iterations": results,
        "agrees": all(result["agrees"] for result in results),
    }


def show_trainings(results):
    """Of each iteration the largest relative differences; ! where one is beyond its tolerance."""

    def largest(result, word):
        chosen = [q for q in result["quantities"] if word in q["quantity"]]
        if not chosen:
            return ""
        differences = [q["relativeDifference"] for q in chosen]
        shown = show_difference(None if None in differences else max(differences))
        return shown if all(q["agrees"] for q in chosen) else f"{shown}!"

    header = ["dump", "iteration", "loss", "gradient", "sharpness", "hessian", "next step", "at a kink", "agrees"]
    rows = [
        [
            training["dump"],
            str(result["iteration"]),
            *(largest(result, word) for word in ("loss", "gradient", "sharpness", "hessian")),
            {None: "", True: "same", False: "other!"}[result.get("sameStep")],
            str(result["atKink"]),
            "yes" if result["agrees"] else "NO",
        ]
        for training in results
        for result in training["iterations"]
    ]
    show_table(header, rows)
