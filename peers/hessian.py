"""The Hessian of a loss by double backward, and its eigenvalues, whole and for the block of each layer."""

import numpy
import torch
from torch import nn

from network import linear_layers

# eigenvalues from more parameters than these come from products, not from the matrix
LARGEST_DENSE = 2000
# relative residual at which a value from products counts as exact
EXACT = 1e-9
MOST_PRODUCTS = 600


class Curvature:
    """Loss, gradient and products with the Hessian where the model stands. A block is "all", or a layer from 0."""

    def __init__(self, model, x, y, criterion=nn.MSELoss()):
        self.layers = [[layer.weight, layer.bias] for layer in linear_layers(model)]
        self.loss = criterion(model(x), y)
        gradient = torch.autograd.grad(self.loss, sum(self.layers, []), create_graph=True)
        self.gradients = [list(gradient[2 * i : 2 * i + 2]) for i in range(len(self.layers))]

    def block(self, block):
        """Its parameters, and their gradient."""
        if block == "all":
            return sum(self.layers, []), sum(self.gradients, [])
        return self.layers[block], self.gradients[block]

    def multiply(self, block, vectors):
        """Lists of tensors in the shapes of the block's parameters."""
        parameters, gradient = self.block(block)
        return torch.autograd.grad(gradient, parameters, grad_outputs=vectors, retain_graph=True)

    def dense(self):
        """The whole Hessian, parameters in their order, each row by row."""
        parameters, gradient = self.block("all")
        rows = []
        for value in flat(gradient):
            row = torch.autograd.grad(value, parameters, retain_graph=True, allow_unused=True)
            rows.append(flat([torch.zeros_like(p) if r is None else r for r, p in zip(row, parameters)]))
        return torch.stack(rows).detach().numpy()

    def lengths(self):
        return [sum(p.numel() for p in layer) for layer in self.layers]


class GaussNewton(Curvature):
    """
    Products with J' (d2L/dz2) J, z the model's outputs and J their derivatives by the parameters: J v as the derivative of J' u by u, which
    is linear in u; then the second derivatives of the loss alone, by double backward; then J'.
    """

    def __init__(self, model, x, y, criterion=nn.MSELoss()):
        super().__init__(model, x, y, criterion)
        self.z = model(x)
        self.u = torch.zeros_like(self.z, requires_grad=True)
        pulled = torch.autograd.grad(self.z, sum(self.layers, []), grad_outputs=self.u, create_graph=True)
        self.pulled = [list(pulled[2 * i : 2 * i + 2]) for i in range(len(self.layers))]
        self.apart = self.z.detach().requires_grad_()
        [self.slope] = torch.autograd.grad(criterion(self.apart, y), self.apart, create_graph=True)

    def multiply(self, block, vectors):
        parameters, _ = self.block(block)
        pulled = sum(self.pulled, []) if block == "all" else self.pulled[block]
        [pushed] = torch.autograd.grad(pulled, self.u, grad_outputs=vectors, retain_graph=True)
        [bent] = torch.autograd.grad(self.slope, self.apart, grad_outputs=pushed, retain_graph=True)
        return torch.autograd.grad(self.z, parameters, grad_outputs=bent, retain_graph=True)

    def dense(self):
        parameters, _ = self.block("all")
        size = sum(p.numel() for p in parameters)
        units = numpy.eye(size)
        return numpy.stack([flat(self.multiply("all", unflat(unit, parameters))).numpy() for unit in units])


def flat(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def unflat(vector, like):
    parts = torch.from_numpy(vector).split([tensor.numel() for tensor in like])
    return [part.reshape(tensor.shape).to(tensor.dtype) for part, tensor in zip(parts, like)]


def spectra(curvature, both_ends):
    """
    Of each block, "all", 0, 1, ..., its eigenvalues ascending; and the matrix. Of a large network only the largest eigenvalues, or those of
    both ends, that its products have come to, and no matrix.
    """
    lengths = curvature.lengths()
    if sum(lengths) > LARGEST_DENSE:
        return {block: lanczos(curvature, block, both_ends) for block in ["all", *range(len(lengths))]}, None
    matrix = curvature.dense()
    return block_eigenvalues(matrix, lengths), matrix


def block_eigenvalues(matrix, lengths):
    """Of the matrix, "all", and of the diagonal blocks of the layers, 0, 1, ..."""
    values, start = {"all": eigenvalues(matrix)}, 0
    for layer, length in enumerate(lengths):
        values[layer] = eigenvalues(matrix[start : start + length, start : start + length])
        start += length
    return values


def eigenvalues(matrix):
    return numpy.linalg.eigvalsh((matrix + matrix.T) / 2)


def lanczos(curvature, block, both_ends):
    """Ritz values from products in the precision of the model, orthogonalised fully, twice, until the ends asked for are exact."""
    parameters, _ = curvature.block(block)
    size = sum(p.numel() for p in parameters)
    q = numpy.random.default_rng(0).standard_normal(size)
    basis, diagonal, beside = [], [], []
    while True:
        q /= numpy.linalg.norm(q)
        basis.append(q)
        product = flat(curvature.multiply(block, unflat(q, parameters))).numpy().astype(float)
        diagonal.append(q @ product)
        vectors = numpy.array(basis)
        for _ in range(2):
            product -= vectors.T @ (vectors @ product)
        beta = numpy.linalg.norm(product)
        values, s = numpy.linalg.eigh(numpy.diag(diagonal) + numpy.diag(beside, 1) + numpy.diag(beside, -1))
        residuals = beta * abs(s[-1, [0, -1] if both_ends else [-1]])
        scale = max(abs(values))
        if len(basis) == size or beta <= EXACT * scale or (residuals <= EXACT * scale).all():
            return values
        if len(basis) == MOST_PRODUCTS:
            raise RuntimeError(f"the eigenvalues did not converge in {MOST_PRODUCTS} products")
        beside.append(beta)
        q = product


def power(curvature, block, generator=None, tolerance=1e-3, most=100):
    """
    PyHessian's rule to the letter, for one eigenvalue: the value from before the last change, the vector from after it, and how many
    products it took.
    """
    parameters, _ = curvature.block(block)
    v = normalize([torch.randn(p.shape, dtype=p.dtype, generator=generator) for p in parameters])
    value = None
    for products in range(1, most + 1):
        # against earlier eigenvectors, of which there are none
        v = normalize(v)
        product = curvature.multiply(block, v)
        estimate = sum((a * b).sum() for a, b in zip(product, v)).item()
        v = normalize(product)
        if value is None:
            value = estimate
        elif abs(value - estimate) / (abs(value) + 1e-6) < tolerance:
            break
        else:
            value = estimate
    return value, v, products


def normalize(vectors):
    length = sum((v * v).sum() for v in vectors).item() ** 0.5
    return [v / (length + 1e-6) for v in vectors]
