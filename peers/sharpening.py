"""Which layer sharpens: the top eigenvector by layer, and the gradient of the sharpness by triple backward, in float64."""

import numpy
import torch

from hessian import flat, unflat


def top(curvature):
    """The largest eigenvalue, its eigenvector and the distance to the next, from the dense Hessian."""
    matrix = curvature.dense()
    values, vectors = numpy.linalg.eigh((matrix + matrix.T) / 2)
    return values[-1], vectors[:, -1], values[-1] - values[-2]


def sharpness_gradient(curvature, vector):
    """D3L[u, u]: the gradient of u'Hu for a fixed u."""
    parameters, gradient = curvature.block("all")
    u = unflat(vector, parameters)
    product = torch.autograd.grad(gradient, parameters, grad_outputs=u, create_graph=True)
    squared = sum((a * b).sum() for a, b in zip(product, u))
    rise = torch.autograd.grad(squared, parameters, retain_graph=True, allow_unused=True)
    return flat([torch.zeros_like(p) if r is None else r for r, p in zip(rise, parameters)]).numpy()


def by_layer(curvature):
    """Of each layer the mass of the eigenvector, the rate of change of the sharpness, and |gradient of L| |gradient of sharpness|."""
    _, vector, gap = top(curvature)
    rise = sharpness_gradient(curvature, vector)
    descent = flat(curvature.block("all")[1]).detach().numpy()
    rows, start = [], 0
    for length in curvature.lengths():
        part = slice(start, start + length)
        scale = numpy.linalg.norm(descent[part]) * numpy.linalg.norm(rise[part])
        rows.append((float((vector[part] ** 2).sum()), float(-descent[part] @ rise[part]), float(scale)))
        start += length
    return rows, float(numpy.linalg.norm(rise)), float(gap)
