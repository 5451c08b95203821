"""edgesweep's own trial in PyTorch: trains the networks that `edgesweep dump` wrote, one for each rung of a search."""
import json
import math
import os

import numpy
import torch
from torch import nn

from edgesweep_task import serve
from gradient_descent import diverges

ACTIVATIONS = {"linear": nn.Identity, "tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}


def network(description, array):
    layers = []
    for number in range(1, description["depth"] + 1):
        weight, bias = array(f"weight-{number}"), array(f"bias-{number}")
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        with torch.no_grad():
            linear.weight.copy_(weight)
            linear.bias.copy_(bias)
        layers += [linear, ACTIVATIONS[description["activation"]]()]
    return nn.Sequential(*layers[:-1])  # no activation after the last layer


def trial(task):
    p = task.params
    name = f"{p['sweep']}-cell{p['cell']}-run{task.run}-rung{task.rung}"
    folder = os.path.join(os.environ["EDGESWEEP_ROOT"], "dump", name)
    with open(os.path.join(folder, "trial.json"), encoding="utf-8") as file:
        description = json.load(file)
    if description["stepSize"] != p["lr"] or description["batchSize"] != len(numpy.load(os.path.join(folder, "X.npy"))):
        raise ValueError(f"{name} is of another ladder, or of small batches")
    array = lambda file: torch.from_numpy(numpy.load(os.path.join(folder, file + ".npy")))
    bound = math.inf if description["lossAbove"] is None else description["lossAbove"]
    lr, steps = description["stepSizeFloat32"], description["iterations"]
    diverged, loss = diverges(network(description, array), array("X"), array("Y"), lr, steps, bound)
    return {"diverged": diverged, "loss": loss}


serve(trial)
