"""NumPy's way of training: all rungs in one array, the backward pass by hand; see `groups.py`."""

import math

import numpy

# (f, its derivative from f's value)
ACTIVATIONS = {
    "linear": (lambda z: z, None),
    "tanh": (numpy.tanh, lambda a: 1 - a * a),
    "relu": (lambda z: numpy.maximum(z, 0), lambda a: a > 0),
    "sigmoid": (lambda z: 1 / (1 + numpy.exp(-z)), lambda a: a * (1 - a)),
}


class Batched:
    """The first axis that of the rungs: `matmul`, which calls the BLAS for each."""

    def __init__(self, shape, x, y, rungs, steps):
        self.shape, self.rungs, self.steps = shape, rungs, steps
        self.x, self.y = x, y
        self.random = numpy.random.default_rng(0)

    def arrange(self, weights, biases):
        return [numpy.ascontiguousarray(w.transpose(0, 2, 1)) for w in weights], [b[:, None].copy() for b in biases]

    def arrange_batch(self, ordered):
        return ordered

    def full_batch(self, data):
        return data[None]

    def batch_of(self, ordered, places):
        return ordered[:, places]

    def arrange_step_sizes(self, step_sizes):
        return step_sizes[:, None, None]

    def draw(self):
        weights, biases = [], []
        for inputs, outputs in self.shape.layers:
            bound = numpy.float32(1 / math.sqrt(inputs))
            for arrays, size in ((weights, (self.rungs, outputs, inputs)), (biases, (self.rungs, outputs))):
                arrays.append((2 * self.random.random(size, numpy.float32) - 1) * bound)
        orders = None
        if not self.shape.is_full_batch:
            numbers = self.random.random((self.rungs, self.shape.epochs(self.steps), self.shape.examples), numpy.float32)
            orders = numbers.argsort(-1)
        return *self.arrange(weights, biases), orders

    def given(self, weights, biases, orders):
        return *self.arrange(weights, biases), orders

    def train(self, drawn, step_sizes):
        weights, biases, orders = drawn
        etas = self.arrange_step_sizes(step_sizes)
        losses = []
        x, y = self.full_batch(self.x), self.full_batch(self.y)
        for t in range(self.steps):
            if not self.shape.is_full_batch:
                epoch, places = self.shape.batch(t)
                if places.start == 0:
                    xs, ys = (self.arrange_batch(data[orders[:, epoch]]) for data in (self.x, self.y))
                x, y = self.batch_of(xs, places), self.batch_of(ys, places)
            losses.append(self.step(weights, biases, x, y, etas))
        return numpy.stack(losses, 1)

    def step(self, weights, biases, x, y, etas):
        """Updates the parameters; the losses from before."""
        function, derivative = ACTIVATIONS[self.shape.activation]
        entered, h = [], x
        for layer, (w, b) in enumerate(zip(weights, biases)):
            entered.append(h)
            h = self.multiply(h, w)
            h += b
            if layer < self.shape.depth - 1:
                h = function(h)
        delta = h - y
        losses, count = self.squares(delta)
        delta *= numpy.float32(2 / count)
        for layer in reversed(range(self.shape.depth)):
            gradient = self.weight_gradient(entered[layer], delta), self.bias_gradient(delta)
            if layer > 0:
                delta = self.backward(delta, weights[layer])
                if derivative is not None:
                    delta *= derivative(entered[layer])
            weights[layer] -= etas * gradient[0]
            biases[layer] -= etas * gradient[1]
        return losses

    def multiply(self, h, w):
        return h @ w

    def squares(self, delta):
        """Mean of each rung, and of how many."""
        flat = delta.reshape(len(delta), -1)
        return numpy.einsum("rk,rk->r", flat, flat) / flat.shape[1], flat.shape[1]

    def weight_gradient(self, h, delta):
        return h.transpose(0, 2, 1) @ delta

    def bias_gradient(self, delta):
        return delta.sum(1, keepdims=True)

    def backward(self, delta, w):
        return delta @ w.transpose(0, 2, 1)


class Elementwise(Batched):
    """The rungs along the last axis, sums over the few other elements: for batches so small that a call of the BLAS is all overhead."""

    def only_for(shape):
        return shape.batch_size <= 4 and shape.width <= 32 and shape.inputs <= 32

    def arrange(self, weights, biases):
        return [numpy.ascontiguousarray(w.transpose(2, 1, 0)) for w in weights], [b.T.copy() for b in biases]

    def arrange_batch(self, ordered):
        return numpy.ascontiguousarray(ordered.transpose(1, 2, 0))

    def full_batch(self, data):
        return data[:, :, None]

    def batch_of(self, ordered, places):
        return ordered[places]

    def arrange_step_sizes(self, step_sizes):
        return step_sizes

    def multiply(self, h, w):
        return (h[:, :, None] * w).sum(1)

    def squares(self, delta):
        count = delta.shape[0] * delta.shape[1]
        return (delta * delta).sum((0, 1)) / count, count

    def weight_gradient(self, h, delta):
        return (h[:, :, None] * delta[:, None]).sum(0)

    def bias_gradient(self, delta):
        return delta.sum(0)

    def backward(self, delta, w):
        return (delta[:, None] * w).sum(2)


PEERS = {"numpy": {"matmul": Batched, "elementwise": Elementwise}}
