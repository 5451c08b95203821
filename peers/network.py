"""The networks of both experiments in PyTorch."""

import math

from torch import nn

ACTIVATIONS = {
    "linear": nn.Identity,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "leaky-relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "softplus": nn.Softplus,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}


def build(activation, widths):
    """nn.Sequential of Linear layers between `widths`, the activation after all but the last."""
    layers = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        if i > 0:
            layers.append(ACTIVATIONS[activation]())
        layers.append(nn.Linear(inputs, outputs))
    return nn.Sequential(*layers)


def linear_layers(model):
    """Of a model that is no sequence, the layers that it names."""
    return list(model.layers) if hasattr(model, "layers") else [layer for layer in model if isinstance(layer, nn.Linear)]


def relative(a, b):
    """How far a is from b."""
    if a == b:
        return 0.0
    return abs(a - b) / abs(b) if math.isfinite(a) and b != 0 else math.inf


def show_table(header, rows):
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    for row in [header, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def show_difference(difference):
    return "infinite" if difference is None else f"{difference:.1e}"
