"""Gradient flow and central flow from the initial weights, in float64, with steps far shorter than those of edgesweep."""

import copy

import torch

from hessian import Curvature, flat, unflat
from sharpening import sharpness_gradient, top

# steps over the sharpness
SHARE = 0.2


class Flow:
    """Weights that follow a flow."""

    def __init__(self, model, x, y):
        self.model, self.x, self.y = copy.deepcopy(model), x, y
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
        loss = torch.nn.MSELoss()(self.model(self.x), self.y)
        return flat(torch.autograd.grad(loss, list(self.model.parameters())))

    def top(self):
        curvature = Curvature(self.model, self.x, self.y)
        value, vector, _ = top(curvature)
        return curvature, value, vector

    def loss(self):
        return torch.nn.MSELoss()(self.model(self.x), self.y).item()

    def follow(self, until, edge=None):
        """Gradient flow; with an edge, 2 / step size, the central flow."""
        while self.time < until - 1e-12:
            curvature, sharpness, vector = self.top()
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
