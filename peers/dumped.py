"""What `edgesweep dump` wrote of a training, as a network of PyTorch."""

import torch

from arrays import arrays_at
from graphs import graph_of
from network import build, linear_layers


def network_of(description, layers):
    if "model" in description:
        return graph_of(description, layers)
    model = build(description["activation"], [layers[0][0].shape[1], *(weight.shape[0] for weight, _ in layers)]).double()
    with torch.no_grad():
        for linear, (weight, bias) in zip(linear_layers(model), layers):
            linear.weight.copy_(torch.from_numpy(weight))
            linear.bias.copy_(torch.from_numpy(bias))
    return model


def problem_at(folder, iteration, dtype):
    """Network, X and Y of a dumped iteration."""
    description, layers, x, y = arrays_at(folder, iteration)
    model = network_of(description, layers)
    return model.to(dtype), torch.from_numpy(x).to(dtype), torch.from_numpy(y).to(dtype)
