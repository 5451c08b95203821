"""JAX's way to the sharpness of a network and its layers: Hessian-vector products and Lanczos, compiled as one function, float32."""

import pathlib

import jax
import jax.numpy as jnp
import numpy
from jax.flatten_util import ravel_pytree

from arrays import arrays_at
from jax_groups import ACTIVATIONS

# of the residual relative to the eigenvalue, as with ours
TOLERANCE = 1e-3
# products between two looks at the residual, and at most
CHUNK = 4
MOST_PRODUCTS = 100


class Lanczos:
    """
    All blocks in one compiled function, each orthogonalised fully, twice, until the residual is within the tolerance. `warm`: what each
    block starts from, as a run does, instead of a random vector.
    """

    def __init__(self, folder, iteration, warm):
        description, layers, x, y = arrays_at(pathlib.Path(folder), iteration)
        activation = ACTIVATIONS[description["activation"]]

        def loss(layers):
            h = x
            for i, (w, b) in enumerate(layers):
                h = (activation(h) if i > 0 else h) @ w.T + b
            return jnp.mean((h - y) ** 2)

        def block_loss(block, part, layers):
            """As a function of the parameters of a block: all layers, or one."""
            return loss(part if block == "all" else [part if i == block else layer for i, layer in enumerate(layers)])

        def measure(layers, starts):
            found = []
            for block, start in zip(["all", *range(len(layers))], starts):
                part, unravel = ravel_pytree(layers if block == "all" else layers[block])
                gradient = jax.grad(lambda v, block=block, unravel=unravel: block_loss(block, unravel(v), layers))
                _, multiply = jax.linearize(gradient, part)
                found.append(largest(multiply, start))
            return found

        x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32)
        self.layers = [tuple(jnp.asarray(a, jnp.float32) for a in layer) for layer in layers]
        sizes = [sum(a.size for a in layer) for layer in self.layers]
        self.sizes = [sum(sizes), *sizes]
        self.random = numpy.random.default_rng(0)
        self.warm = None if warm is None else [numpy.asarray(v, numpy.float32) for v in warm]
        self.measured = jax.jit(measure)

    def starts(self):
        return self.warm or [self.random.standard_normal(size, numpy.float32) for size in self.sizes]

    def measure(self):
        found = jax.device_get(self.measured(self.layers, self.starts()))
        return [(float(value), vector.tolist()) for value, vector in found]


def largest(multiply, start):
    """The largest eigenvalue and its vector."""
    most = min(MOST_PRODUCTS, start.size) // CHUNK * CHUNK

    def product(k, state):
        basis, diagonal, beside, q = state
        basis = basis.at[k].set(q)
        v = multiply(q)
        diagonal = diagonal.at[k].set(q @ v)
        for _ in range(2):
            v = v - (basis @ v) @ basis
        beta = jnp.linalg.norm(v)
        return basis, diagonal, beside.at[k].set(beta), v / jnp.maximum(beta, 1e-30)

    def ritz(diagonal, beside, k):
        """Rows beyond the k-th stand apart, far below."""
        used = jnp.arange(most) < k
        off = jnp.where(jnp.arange(most - 1) < k - 1, beside[:-1], 0)
        matrix = jnp.diag(jnp.where(used, diagonal, -1e30)) + jnp.diag(off, 1) + jnp.diag(off, -1)
        values, vectors = jnp.linalg.eigh(matrix)
        return values[-1], vectors[:, -1]

    def chunk(carry):
        k, state, *_ = carry
        state = jax.lax.fori_loop(k, k + CHUNK, product, state)
        k = k + CHUNK
        value, s = ritz(state[1], state[2], k)
        return k, state, value, s, state[2][k - 1] * jnp.abs(s[k - 1])

    def unfinished(carry):
        k, _, value, _, residual = carry
        return (k < most) & (residual > TOLERANCE * jnp.abs(value))

    q = start / jnp.linalg.norm(start)
    zeros = jnp.zeros(most)
    state = jnp.zeros((most, start.size)), zeros, zeros, q
    _, (basis, *_), value, s, _ = jax.lax.while_loop(unfinished, chunk, (0, state, jnp.float32(1), zeros, jnp.inf))
    return value, s @ basis
