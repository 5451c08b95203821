"""The losses of trainings, and what else was recorded of a loss: on test examples, accuracies, and the Gauss-Newton matrix."""

import numpy
import torch
from torch import nn

from hessian import GaussNewton, spectra

TOLERANCE = 1e-4


def criterion_of(description):
    """Means as ours: of squares over examples and outputs, of the cross-entropy with probabilities over examples."""
    cell = description["task"]["cell"]
    vocabulary = cell["dataset"].get("vocabulary")
    criterion = {"mse": nn.MSELoss(), "cross-entropy": nn.CrossEntropyLoss()}[cell.get("loss", "mse")]
    if vocabulary is None:
        return criterion
    # a softmax for each token that is predicted
    return lambda z, y: criterion(z.reshape(-1, vocabulary), y.reshape(-1, vocabulary))


def recorded_losses(columns, model, data, criterion):
    """Quantity, ours, theirs and the absolute tolerance of test loss and accuracies, where they were recorded."""
    if "test_loss" not in columns:
        return
    with torch.no_grad():
        x, y = (torch.from_numpy(data[name]).double() for name in ("testX", "testY"))
        loss = criterion(model(x), y).item()
        yield "test loss", columns["test_loss"], loss, TOLERANCE * abs(loss)
        if "test_accuracy" in columns:
            yield ("test accuracy", columns["test_accuracy"], *accuracy(model, x, y))
            trained = (torch.from_numpy(data[name]).double() for name in ("X", "Y"))
            yield ("accuracy", columns["accuracy"], *accuracy(model, *trained))


def accuracy(model, x, y):
    """And how far it may be off: by the examples whose two largest outputs are within rounding of one another."""
    z = model(x)
    first, second = z.topk(2).values.T
    close = ((first - second) <= 1e-5 * z.abs().max()).double().mean().item()
    return (z.argmax(1) == y.argmax(1)).double().mean().item(), close + 1e-9


def recorded_gauss_newton(columns, model, x, y, criterion):
    """Largest eigenvalues of the Gauss-Newton matrix, where they were recorded, with what their residuals allow."""
    name = "gauss_newton_sharpness"
    if name not in columns:
        return
    values, _ = spectra(GaussNewton(model, x, y, criterion), both_ends=False)
    for block, eigenvalues in values.items():
        suffix = "" if block == "all" else f"_layer_{block + 1}"
        if name + suffix not in columns:
            continue
        theirs = float(numpy.max(eigenvalues))
        where = "" if block == "all" else f" of layer {block + 1}"
        residual = columns[f"{name}_residual{suffix}"]
        yield f"Gauss-Newton sharpness{where}", columns[name + suffix], theirs, max(residual, 1e-3 * theirs)
