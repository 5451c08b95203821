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


# of masses absolute; of rates relative to the product of the norms, beside the recorded error
MASS_TOLERANCE = 2e-3
RATE_TOLERANCE = 2e-3


def recorded_sharpening(columns, curvature):
    """(name, ours, PyTorch's, tolerance) of what was recorded of an iteration; nothing where it was not."""
    if "sharpening" not in columns:
        return
    rows, norm, gap = by_layer(curvature)
    # what the residual of our eigenvector lets it turn by
    turn = columns["sharpness_residual"] / gap
    for layer, (mass, rate, scale) in enumerate(rows, 1):
        ours = columns[f"eigenvector_mass_layer_{layer}"]
        yield f"mass of layer {layer}", ours, mass, MASS_TOLERANCE + 2 * turn
        tolerance = columns[f"sharpening_error_layer_{layer}"] + (RATE_TOLERANCE + 2 * turn) * scale
        yield f"sharpening of layer {layer}", columns[f"sharpening_layer_{layer}"], rate, tolerance
    total = sum(rate for _, rate, _ in rows)
    tolerance = columns["sharpening_error"] + (RATE_TOLERANCE + 2 * turn) * sum(scale for _, _, scale in rows)
    yield "sharpening", columns["sharpening"], total, tolerance
    yield "norm of the gradient of sharpness", columns["sharpness_gradient_norm"], norm, (RATE_TOLERANCE + 2 * turn) * norm
