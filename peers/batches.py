"""Curvature along the gradients of batches, by double backward: mean of ratios, ratio of means, mean largest eigenvalue."""

import math

import numpy

from hessian import LARGEST_DENSE, Curvature, eigenvalues, flat, lanczos


def mean_and_error(values):
    """The standard error is that of independent values."""
    values = numpy.asarray(values)
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def ratio_and_error(above, below):
    """Ratio of two means, and its standard error to first order, from variances and covariance."""
    above, below = numpy.asarray(above), numpy.asarray(below)
    ratio = above.mean() / below.mean()
    (variance, both), (_, variance_below) = numpy.cov(above, below)
    spread = variance - 2 * ratio * both + ratio**2 * variance_below
    return float(ratio), math.sqrt(max(spread, 0) / len(above)) / float(below.mean())


def largest_eigenvalue(curvature, block):
    if sum(curvature.lengths()) > LARGEST_DENSE:
        return lanczos(curvature, block, False)[-1]
    matrix, start = curvature.dense(), 0
    if block != "all":
        start = sum(curvature.lengths()[:block])
        matrix = matrix[start:, start:][: curvature.lengths()[block], : curvature.lengths()[block]]
    return eigenvalues(matrix)[-1]


def batch_means(model, x, y, criterion, batches, blocks):
    """
    Of each block the values under the names of the dump.
    `batches`: {"rows": the examples of each batch, "eigenvalues": of how many of them the largest eigenvalue is taken}
    """
    pairs = {block: [] for block in blocks}
    largest = {block: [] for block in blocks}
    for k, rows in enumerate(batches["rows"]):
        curvature = Curvature(model, x[rows], y[rows], criterion)
        for block in blocks:
            _, gradient = curvature.block(block)
            gradient = [part.detach() for part in gradient]
            g, product = flat(gradient), flat(curvature.multiply(block, gradient))
            pairs[block].append(((g @ product).item(), (g @ g).item()))
            if k < batches["eigenvalues"]:
                largest[block].append(largest_eigenvalue(curvature, block))
    for block in blocks:
        above, below = zip(*pairs[block])
        found = {
            "ofRatios": mean_and_error([a / b for a, b in pairs[block] if b > 0]),
            "ofMeans": ratio_and_error(above, below),
        }
        if largest[block]:
            found["largest"] = mean_and_error(largest[block])
        yield block, found
