"""Gradient flow and central flow from the initial weights, in float64, with steps a fifth as long as those of edgesweep."""

import copy

import torch

from hessian import Curvature, flat, unflat
from sharpening import sharpness_gradient, top

# of a step in 1 / sharpness, and how many steps gradient flow takes between two measurements of that
SHARE = 0.2
STEPS = 10


class Flow:
    """Weights that follow a flow."""

    def __init__(self, model, x, y, criterion):
        self.model, self.x, self.y, self.criterion = copy.deepcopy(model), x, y, criterion
        self.time, self.variance = 0.0, 0.0

    @property
    def w(self):
        return flat([p.detach() for p in self.model.parameters()]).clone()

    def put(self, w):
        with torch.no_grad():
            for p, part in zip(self.model.parameters(), unflat(w.numpy(), list(self.model.parameters()))):
                p.copy_(part)

    def gradient(self, w):
        self.put(w)
        loss = self.criterion(self.model(self.x), self.y)
        return flat(torch.autograd.grad(loss, list(self.model.parameters())))

    def top(self):
        curvature = Curvature(self.model, self.x, self.y, self.criterion)
        value, vector, _ = top(curvature)
        return curvature, value, vector

    def loss(self):
        return self.criterion(self.model(self.x), self.y).item()

    def follow(self, until, edge=None):
        """Gradient flow; with an edge, 2 / step size, the central flow."""
        steps = 0
        while self.time < until - 1e-12:
            if edge is not None or steps % STEPS == 0:
                curvature, sharpness, vector = self.top()
            steps += 1
            h = min(SHARE / sharpness, until - self.time)
            push = self.push(curvature, sharpness, vector, edge, h) if edge is not None else 0.0
            w = self.w
            k1 = -self.gradient(w) - push
            k2 = -self.gradient(w + h / 2 * k1) - push
            k3 = -self.gradient(w + h / 2 * k2) - push
            k4 = -self.gradient(w + h * k3) - push
            self.put(w + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
            self.time += h

    def push(self, curvature, sharpness, vector, edge, h):
        rise = torch.from_numpy(sharpness_gradient(curvature, vector))
        alpha = -float(flat(curvature.block("all")[1]).detach() @ rise)
        self.variance = max(0.0, 2 * (alpha + (sharpness - edge) / h) / float(rise @ rise))
        return self.variance / 2 * rise


# relative: errors of the steps, ours and theirs
FLOW_TOLERANCE = 5e-3
CENTRAL_TOLERANCE = 3e-2


def recorded_flows(model, x, y, criterion, iterations):
    """
    Per iteration (name, ours, PyTorch's, tolerance) of what was recorded of flows.
    iterations: (columns, weights of gradient descent, step size) by number; the model stands at the first iteration.
    """
    flow, central = (Flow(model, x, y, criterion) for _ in range(2))
    kinds = {"flow": (flow, FLOW_TOLERANCE), "central_flow": (central, CENTRAL_TOLERANCE)}
    for iteration, (columns, descended, step_size) in sorted(iterations.items()):
        time = (iteration - 1) * step_size
        for name, (state, tolerance) in kinds.items():
            if f"{name}_loss" not in columns:
                continue
            state.follow(time, 2 / step_size if name == "central_flow" else None)
            sharpness = float(state.top()[1])
            distance = float((state.w - descended).norm())
            size = float(state.w.norm())
            yield iteration, f"loss of {name}", columns[f"{name}_loss"], state.loss(), tolerance * state.loss()
            yield iteration, f"sharpness of {name}", columns[f"{name}_sharpness"], sharpness, tolerance * sharpness
            yield iteration, f"distance of {name}", columns[f"{name}_distance"], distance, tolerance * (distance + 0.01 * size)
