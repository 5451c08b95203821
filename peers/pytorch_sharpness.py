"""PyHessian's way to the sharpness of a network and its layers: power iteration with double backward, float32."""

import pathlib
import warnings

import torch
from pyhessian import hessian
from torch import nn

from dumped import problem_at

warnings.filterwarnings("ignore", message=".*create_graph")


class PyHessian:
    """As it is, with its defaults; one forward and backward pass serves the network and all layers, which is to its advantage."""

    def __init__(self, folder, iteration, warm):
        del warm  # it always starts at random
        torch.manual_seed(0)
        self.model, self.x, self.y = problem_at(pathlib.Path(folder), iteration, torch.float32)

    def measure(self):
        whole = hessian(self.model, nn.MSELoss(), data=(self.x, self.y), cuda=False)
        params, gradients = whole.params, whole.gradsH
        found = []
        for start, end in [(0, len(params)), *((i, i + 2) for i in range(0, len(params), 2))]:
            whole.params, whole.gradsH = params[start:end], gradients[start:end]
            (value,), (vector,) = whole.eigenvalues()
            found.append((value, torch.cat([part.reshape(-1) for part in vector]).tolist()))
        # the graph holds itself through the gradients of the parameters
        self.model.zero_grad(set_to_none=True)
        return found
