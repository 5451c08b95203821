"""
Times a gradient and a product with the Hessian of the network in a dump, float32, one thread, in processor time.

    graph_timing.py pytorch|jax DIR SECONDS     a JSON of milliseconds

PyTorch: autograd; the product is a backward pass through the gradient's graph, which is kept. JAX: `jit` of the gradient, and of its
linearisation along a direction, with the point computed again in each product, as ours does it.
"""

import one_thread  # noqa: F401  before any library that computes

import json
import pathlib
import sys

from arrays import arrays_at
from processor_time import best

RUNS = 5


def pytorch(folder, seconds):
    import torch

    from graphs import graph_of
    from losses import criterion_of

    torch.set_num_threads(1)
    description, layers, x, y = arrays_at(folder, 1)
    model = graph_of(description, layers).float()
    x, y = torch.from_numpy(x).float(), torch.from_numpy(y).float()
    criterion = criterion_of(description)
    parameters = [p for layer in model.layers for p in (layer.weight, layer.bias)]
    vectors = [torch.ones_like(p) for p in parameters]

    def gradient():
        return torch.autograd.grad(criterion(model(x), y), parameters)

    kept = torch.autograd.grad(criterion(model(x), y), parameters, create_graph=True)

    def product():
        return torch.autograd.grad(kept, parameters, grad_outputs=vectors, retain_graph=True)

    return 1000 * best(gradient, seconds, RUNS), 1000 * best(product, seconds, RUNS)


def jax(folder, seconds):
    import jax
    import jax.numpy as jnp

    from jax_graphs import loss_of

    description, layers, x, y = arrays_at(folder, 1)
    x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32)
    layers = [tuple(jnp.asarray(a, jnp.float32) for a in layer) for layer in layers]
    mean = loss_of(description)

    def loss(layers):
        return mean(layers, x, y)

    gradient = jax.jit(jax.grad(loss))
    product = jax.jit(lambda layers, v: jax.jvp(jax.grad(loss), (layers,), (v,))[1])
    ones = jax.tree.map(jnp.ones_like, layers)
    return (
        1000 * best(lambda: jax.block_until_ready(gradient(layers)), seconds, RUNS),
        1000 * best(lambda: jax.block_until_ready(product(layers, ones)), seconds, RUNS),
    )


if __name__ == "__main__":
    library, folder, seconds = sys.argv[1:]
    gradient, product = {"pytorch": pytorch, "jax": jax}[library](pathlib.Path(folder), float(seconds))
    print(json.dumps({"gradient": gradient, "product": product}))
