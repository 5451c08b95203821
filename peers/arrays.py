"""The arrays that `edgesweep dump` wrote of a training, for peers with and without PyTorch."""

import json

import numpy


def load(folder):
    return {path.stem: numpy.load(path) for path in sorted(folder.glob("*.npy"))}


def layers_of(arrays, prefix, depth):
    return [[arrays[f"{prefix}{kind}-{i + 1}"] for kind in ("weight", "bias")] for i in range(depth)]


def arrays_at(folder, iteration):
    """Description of the training, (weight, bias) of each layer, X and Y."""
    description = json.loads((folder / "trajectory.json").read_text())
    layers = layers_of(load(folder / f"iteration-{iteration}"), "", description["depth"])
    return description, layers, *(numpy.load(folder / f"{name}.npy") for name in "XY")
