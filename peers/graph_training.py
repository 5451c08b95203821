"""
Times whole trainings of the network in a dump, float32, one thread, in processor time: parameters drawn afresh, then steps of gradient descent on
batches of a shuffled pass, or on all examples; every loss is kept, as a search needs it.

    graph_training.py pytorch|jax DIR BATCH STEPS SECONDS     a JSON of [{way, group, microseconds}], for a step of a trial

JAX: `jit` of everything, `lax.scan` over the steps, `vmap` over a group of trials. PyTorch: the loop that people write, and steps of a
group of trials with `torch.func.vmap`; with EDGESWEEP_BENCH_COMPILE=1 also compiled.
"""

import one_thread  # noqa: F401  before any library that computes

import json
import math
import os
import pathlib
import sys

from arrays import arrays_at
from processor_time import best

RUNS = 3
STEP_SIZE = 1e-3
GROUPS = (1, 4, 16)


def pytorch(description, layers, x, y, batch, steps):
    """(way, group, function that trains a group)"""
    import torch

    from graphs import graph_of
    from losses import criterion_of

    torch.set_num_threads(1)
    x, y = torch.from_numpy(x).float(), torch.from_numpy(y).float()
    criterion = criterion_of(description)
    model = graph_of(description, layers).float()
    names = [name for name, _ in model.named_parameters()]
    shapes = [p.shape for p in model.parameters()]
    bounds = [1 / math.sqrt(weight.shape[1]) for weight, _ in layers for _ in range(2)]
    is_full = batch == len(x)

    def loop():
        with torch.no_grad():
            for p, bound in zip(model.parameters(), bounds):
                p.uniform_(-bound, bound)
        optimizer = torch.optim.SGD(model.parameters(), lr=STEP_SIZE)
        order = None if is_full else torch.randperm(len(x))
        losses = []
        for t in range(steps):
            xb, yb = x, y
            if order is not None:
                rows = order[t * batch : (t + 1) * batch]
                xb, yb = x[rows], y[rows]
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            losses.append(loss.item())
            loss.backward()
            optimizer.step()
        return losses

    yield "loop", 1, loop

    def loss_of(parameters, x, y):
        return criterion(torch.func.functional_call(model, dict(zip(names, parameters)), (x,)), y)

    shared = None if is_full else 0
    gradients = torch.func.vmap(torch.func.grad_and_value(loss_of), in_dims=(0, shared, shared))

    def step(parameters, x, y):
        slopes, losses = gradients(parameters, x, y)
        return [p - STEP_SIZE * g for p, g in zip(parameters, slopes)], losses

    def grouped(group, take):
        def train():
            parameters = [torch.empty(group, *shape).uniform_(-b, b) for shape, b in zip(shapes, bounds)]
            orders = None if is_full else torch.rand(group, len(x)).argsort(-1)
            losses = []
            for t in range(steps):
                xb, yb = x, y
                if orders is not None:
                    rows = orders[:, t * batch : (t + 1) * batch]
                    xb, yb = x[rows], y[rows]
                parameters, loss = take(parameters, xb, yb)
                losses.append(loss)
            return torch.stack(losses).numpy()

        return train

    for group in GROUPS[1:]:
        yield "vmap", group, grouped(group, step)
    # minutes of compilation
    if "EDGESWEEP_BENCH_COMPILE" in os.environ:
        yield "compiled vmap", GROUPS[-1], grouped(GROUPS[-1], torch.compile(step, dynamic=False))


def jax(description, layers, x, y, batch, steps):
    import jax
    import jax.numpy as jnp

    from jax_graphs import loss_of

    x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32)
    value_and_gradient = jax.value_and_grad(loss_of(description))
    is_full = batch == len(x)

    def train_one(key):
        keys = iter(jax.random.split(key, 2 * len(layers) + 1))
        parameters = []
        for weight, bias in layers:
            bound = 1 / math.sqrt(weight.shape[1])
            parameters.append(
                tuple(jax.random.uniform(next(keys), a.shape, minval=-bound, maxval=bound) for a in (weight, bias))
            )
        rows = None
        if not is_full:
            order = jnp.argsort(jax.random.uniform(next(keys), (len(x),)))
            rows = order[: steps * batch].reshape(steps, batch)

        def step(parameters, rows):
            xb, yb = (x, y) if rows is None else (x[rows], y[rows])
            loss, slopes = value_and_gradient(parameters, xb, yb)
            return jax.tree.map(lambda p, g: p - STEP_SIZE * g, parameters, slopes), loss

        return jax.lax.scan(step, parameters, rows, steps)[1]

    for group in GROUPS:
        trained = jax.jit(jax.vmap(train_one) if group > 1 else lambda keys: train_one(keys[0]))
        state = [jax.random.key(0, impl="rbg")]

        def train(trained=trained, group=group, state=state):
            state[0], *keys = jax.random.split(state[0], group + 1)
            return jax.device_get(trained(jnp.stack(keys)))

        yield "vmap" if group > 1 else "scan", group, train


def main(library, folder, batch, steps, seconds):
    arrays = arrays_at(pathlib.Path(folder), 1)
    rows = []
    for way, group, train in {"pytorch": pytorch, "jax": jax}[library](*arrays, int(batch), int(steps)):
        took = best(train, float(seconds), RUNS) / int(steps) / group
        rows.append({"way": way, "group": group, "microseconds": 1e6 * took})
        # the next group has four times as much to do, and gains little where one training takes so long
        if took * int(steps) * group > 1:
            break
    print(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
