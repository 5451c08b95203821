"""
Times a gradient and a product with the Hessian of the network in a dump, float32, one thread, in processor time.

    graph_timing.py pytorch|jax DIR SECONDS     a JSON of milliseconds

PyTorch: autograd; the product is a backward pass through the gradient's graph, which is kept. JAX: `jit` of the gradient, and of its
linearisation along a direction, with the point computed again in each product, as ours does it.
"""

import one_thread  # noqa: F401  before any library that computes

import json
import math
import pathlib
import sys
import time


from arrays import arrays_at

RUNS = 5


def best(action, seconds):
    """Milliseconds of processor time of a call: the least of several means."""
    action()
    means = []
    for _ in range(RUNS):
        started, times = time.process_time(), 0
        while times == 0 or time.process_time() - started < seconds / RUNS:
            action()
            times += 1
        means.append((time.process_time() - started) / times)
    return 1000 * min(means)


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

    return best(gradient, seconds), best(product, seconds)


def jax(folder, seconds):
    import jax
    import jax.numpy as jnp

    description, layers, x, y = arrays_at(folder, 1)
    cell = description["task"]["cell"]
    activation = {"tanh": jnp.tanh, "gelu": lambda z: jax.nn.gelu(z, approximate=False)}[description["activation"]]
    x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32)
    layers = [tuple(jnp.asarray(a, jnp.float32) for a in layer) for layer in layers]

    def cnn(layers, x):
        (first, b1), (second, b2), (last, b3) = layers
        width, channels = first.shape[0], first.shape[1] // 9
        side = math.isqrt(x.shape[1] // channels)
        h = x.reshape(-1, channels, side, side)
        for weight, bias in ((first, b1), (second, b2)):
            kernel = weight.reshape(width, -1, 3, 3)
            h = activation(jax.lax.conv_general_dilated(h, kernel, (1, 1), "SAME") + bias[:, None, None])
            h = jax.lax.reduce_window(h, 0.0, jax.lax.add, (1, 1, 2, 2), (1, 1, 2, 2), "VALID") / 4
        return h.reshape(h.shape[0], -1) @ last.T + b3

    def transformer(layers, x):
        (embedding, positions), *maps = layers
        width, vocabulary = embedding.shape
        predicted = cell["dataset"]["outputs"] // vocabulary
        mixed, out, up, down, logits = [lambda h, w=w, b=b: h @ w.T + b for w, b in maps]

        def norm(h):
            if description["model"] != "transformer":
                return h
            centred = h - h.mean(-1, keepdims=True)
            return centred / jnp.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)

        def attend(h):
            count, tokens, _ = h.shape
            queries, keys, values = h.reshape(count, tokens, 3, 2, width // 2).transpose(2, 0, 3, 1, 4)
            scores = queries @ keys.swapaxes(-1, -2) / math.sqrt(width // 2)
            scores = jnp.where(jnp.tril(jnp.ones((tokens, tokens), bool)), scores, -jnp.inf)
            mean = jax.nn.softmax(scores, -1) @ values
            return mean.transpose(0, 2, 1, 3).reshape(count, tokens, width)

        tokens = x.reshape(x.shape[0], -1, vocabulary)
        h = tokens @ embedding.T + positions.reshape(tokens.shape[1], width)
        h = h + out(attend(mixed(norm(h))))
        h = h + down(activation(up(norm(h))))
        return logits(norm(h)[:, -predicted:])

    network = cnn if description["model"] == "cnn" else transformer

    def loss(layers):
        z = network(layers, x)
        if cell.get("loss", "mse") == "mse":
            return jnp.mean((z - y.reshape(z.shape)) ** 2)
        return -jnp.mean((y.reshape(z.shape) * jax.nn.log_softmax(z, -1)).sum(-1))

    gradient = jax.jit(jax.grad(loss))
    product = jax.jit(lambda layers, v: jax.jvp(jax.grad(loss), (layers,), (v,))[1])
    ones = jax.tree.map(jnp.ones_like, layers)
    return (
        best(lambda: jax.block_until_ready(gradient(layers)), seconds),
        best(lambda: jax.block_until_ready(product(layers, ones)), seconds),
    )


if __name__ == "__main__":
    library, folder, seconds = sys.argv[1:]
    gradient, product = {"pytorch": pytorch, "jax": jax}[library](pathlib.Path(folder), float(seconds))
    print(json.dumps({"gradient": gradient, "product": product}))
