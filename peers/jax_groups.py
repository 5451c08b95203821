"""JAX's way of training: `jit` over everything that a group of trials costs, `lax.scan` over the steps; see `groups.py`."""

import functools
import math

import jax
import jax.numpy as jnp

# the quickest of JAX's generators on a processor
GENERATOR = "rbg"
ACTIVATIONS = {"linear": lambda z: z, "tanh": jnp.tanh, "relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}


class Vmapped:
    """One rung's loss, by `vmap` of its gradient that of all; the first axis is that of the rungs."""

    def __init__(self, shape, x, y, rungs, steps):
        self.shape, self.rungs, self.steps = shape, rungs, steps
        self.x, self.y = jnp.asarray(x), jnp.asarray(y)
        self.key = jax.random.key(0, impl=GENERATOR)
        self.drawn = jax.jit(self.draw_all)
        self.trained = jax.jit(self.train_all)

    def draw(self):
        self.key, parameters, orders = self.drawn(self.key)
        return parameters, orders

    def draw_all(self, key):
        key, *keys = jax.random.split(key, 2 * self.shape.depth + 2)
        weights, biases = [], []
        for layer, (inputs, outputs) in enumerate(self.shape.layers):
            draw = functools.partial(jax.random.uniform, minval=-1 / math.sqrt(inputs), maxval=1 / math.sqrt(inputs))
            weights.append(draw(keys[2 * layer], (self.rungs, outputs, inputs)))
            biases.append(draw(keys[2 * layer + 1], (self.rungs, outputs)))
        orders = None
        if not self.shape.is_full_batch:
            numbers = jax.random.uniform(keys[-1], (self.rungs, self.shape.epochs(self.steps), self.shape.examples))
            orders = jnp.argsort(numbers, -1)
        return key, self.arrange(weights, biases), orders

    def given(self, weights, biases, orders):
        arrays = ([jnp.asarray(a) for a in arrays] for arrays in (weights, biases))
        return self.arrange(*arrays), None if orders is None else jnp.asarray(orders)

    def train(self, drawn, step_sizes):
        return jax.device_get(self.trained(*drawn, step_sizes)).T

    def train_all(self, parameters, orders, etas):
        """Losses, steps x rungs."""
        if self.shape.is_full_batch:
            x, y = self.full_batch(self.x), self.full_batch(self.y)
            return jax.lax.scan(lambda p, _: self.step(p, x, y, etas), parameters, None, self.steps)[1]
        size = self.shape.batch_size
        whole = self.shape.examples // size
        losses = []
        for epoch in range(self.shape.epochs(self.steps)):
            steps = min(self.shape.batches, self.steps - epoch * self.shape.batches)
            # batches of one size in the scan; what is left of an epoch after them
            xs, ys = (self.batches(data[orders[:, epoch]]) for data in (self.x, self.y))
            parameters, some = jax.lax.scan(
                lambda p, batch: self.step(p, *batch, etas), parameters, tuple(a[: min(steps, whole)] for a in (xs, ys))
            )
            losses.append(some)
            if steps > whole:
                raise NotImplementedError("a last batch that is smaller")
        return jnp.concatenate(losses)

    def arrange(self, weights, biases):
        return weights, biases

    def full_batch(self, data):
        return data

    def batches(self, ordered):
        """Batches first, from rungs x examples x values."""
        size = self.shape.batch_size
        whole = ordered.shape[1] // size
        return jnp.moveaxis(ordered[:, : whole * size].reshape(self.rungs, whole, size, -1), 1, 0)

    def loss(self, parameters, x, y):
        weights, biases = parameters
        h = x
        for layer, (w, b) in enumerate(zip(weights, biases)):
            h = h @ w.T + b
            if layer < self.shape.depth - 1:
                h = ACTIVATIONS[self.shape.activation](h)
        return jnp.mean((h - y) ** 2)

    def step(self, parameters, x, y, etas):
        batch = None if self.shape.is_full_batch else 0
        losses, gradients = jax.vmap(jax.value_and_grad(self.loss), in_axes=(0, batch, batch))(parameters, x, y)
        update = lambda p, g: p - etas.reshape(-1, *[1] * (p.ndim - 1)) * g
        return jax.tree.map(update, parameters, gradients), losses


class Elementwise(Vmapped):
    """The rungs along the last axis, products as sums of elementwise products, which the compiler turns into loops over the rungs."""

    def only_for(shape):
        return shape.batch_size <= 4 and shape.width <= 32 and shape.inputs <= 32

    def arrange(self, weights, biases):
        return [w.transpose(2, 1, 0) for w in weights], [b.T for b in biases]

    def full_batch(self, data):
        return data[:, :, None]

    def batches(self, ordered):
        return jnp.transpose(super().batches(ordered), (0, 2, 3, 1))

    def losses(self, parameters, x, y):
        weights, biases = parameters
        h = x
        for layer, (w, b) in enumerate(zip(weights, biases)):
            h = (h[:, :, None] * w).sum(1) + b
            if layer < self.shape.depth - 1:
                h = ACTIVATIONS[self.shape.activation](h)
        return jnp.mean((h - y) ** 2, (0, 1))

    def step(self, parameters, x, y, etas):
        def total(parameters):
            losses = self.losses(parameters, x, y)
            return losses.sum(), losses

        gradients, losses = jax.grad(total, has_aux=True)(parameters)
        return jax.tree.map(lambda p, g: p - etas * g, parameters, gradients), losses


PEERS = {"jax": {"vmap": Vmapped, "elementwise": Elementwise}}
