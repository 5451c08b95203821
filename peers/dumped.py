"""What `edgesweep dump` wrote of a training."""

import json

import numpy
import torch

from network import build, linear_layers


def load(folder):
    return {path.stem: numpy.load(path) for path in sorted(folder.glob("*.npy"))}


def layers_of(arrays, prefix, depth):
    return [[arrays[f"{prefix}{kind}-{i + 1}"] for kind in ("weight", "bias")] for i in range(depth)]


def network_of(activation, layers):
    model = build(activation, [layers[0][0].shape[1], *(weight.shape[0] for weight, _ in layers)]).double()
    with torch.no_grad():
        for linear, (weight, bias) in zip(linear_layers(model), layers):
            linear.weight.copy_(torch.from_numpy(weight))
            linear.bias.copy_(torch.from_numpy(bias))
    return model


def problem_at(folder, iteration, dtype):
    """Network, X and Y of a dumped iteration."""
    description = json.loads((folder / "trajectory.json").read_text())
    arrays = load(folder / f"iteration-{iteration}")
    model = network_of(description["activation"], layers_of(arrays, "", description["depth"]))
    x, y = (torch.from_numpy(numpy.load(folder / f"{name}.npy")) for name in ("X", "Y"))
    return model.to(dtype), x.to(dtype), y.to(dtype)
