"""PyTorch's ways of training: the plain loop, and many rungs at once; see `groups.py`."""

import math

import torch
from torch import nn

from network import build, linear_layers

PLAIN = {
    "linear": lambda z: z,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
}


class Eager:
    """The loop that people write: a model, `MSELoss`, `backward`, `SGD.step`; one trial after another."""

    sizes = (1,)

    def __init__(self, shape, x, y, rungs, steps):
        self.shape, self.steps = shape, steps
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)

    def draw(self):
        epochs = 0 if self.shape.is_full_batch else self.shape.epochs(self.steps)
        orders = [torch.randperm(self.shape.examples) for _ in range(epochs)]
        return [(build(self.shape.activation, self.shape.widths), orders)]

    def given(self, weights, biases, orders):
        drawn = []
        for rung in range(len(weights[0])):
            model = build(self.shape.activation, self.shape.widths)
            with torch.no_grad():
                for layer, w, b in zip(linear_layers(model), weights, biases):
                    layer.weight.copy_(torch.from_numpy(w[rung]))
                    layer.bias.copy_(torch.from_numpy(b[rung]))
            drawn.append((model, None if orders is None else [torch.from_numpy(o).long() for o in orders[rung]]))
        return drawn

    def train(self, drawn, step_sizes):
        return torch.tensor([self.train_one(*one, lr) for one, lr in zip(drawn, step_sizes.tolist())]).numpy()

    def train_one(self, model, orders, step_size):
        optimizer = torch.optim.SGD(model.parameters(), lr=step_size)
        criterion = nn.MSELoss()
        losses = []
        for t in range(self.steps):
            x, y = self.x, self.y
            if not self.shape.is_full_batch:
                epoch, places = self.shape.batch(t)
                batch = orders[epoch][places]
                x, y = x[batch], y[batch]
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            losses.append(loss.item())
            loss.backward()
            optimizer.step()
        return losses


class Batched:
    """
    All rungs in one tensor, the first axis that of the rungs: products by `baddbmm`, gradients by autograd of the sum of their losses.
    A subclass says how the parameters lie and what a step is.
    """

    def __init__(self, shape, x, y, rungs, steps):
        self.shape, self.rungs, self.steps = shape, rungs, steps
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)

    def arrange(self, weights, biases):
        """From rungs x outputs x inputs and rungs x outputs."""
        return [w.transpose(1, 2).contiguous() for w in weights], [b[:, None].contiguous() for b in biases]

    def arrange_batch(self, ordered):
        return ordered

    def full_batch(self, data):
        return data.expand(self.rungs, *data.shape)

    def arrange_step_sizes(self, step_sizes):
        return step_sizes[:, None, None]

    def draw(self):
        weights, biases = [], []
        for inputs, outputs in self.shape.layers:
            bound = 1 / math.sqrt(inputs)
            weights.append(torch.empty(self.rungs, outputs, inputs).uniform_(-bound, bound))
            biases.append(torch.empty(self.rungs, outputs).uniform_(-bound, bound))
        orders = None
        if not self.shape.is_full_batch:
            orders = torch.rand(self.rungs, self.shape.epochs(self.steps), self.shape.examples).argsort(-1)
        return *self.arrange(weights, biases), orders

    def given(self, weights, biases, orders):
        tensors = ([torch.from_numpy(a) for a in arrays] for arrays in (weights, biases))
        return *self.arrange(*tensors), None if orders is None else torch.from_numpy(orders).long()

    def train(self, drawn, step_sizes):
        weights, biases, orders = drawn
        etas = self.arrange_step_sizes(torch.from_numpy(step_sizes))
        parameters = [*weights, *biases]
        losses = []
        x = y = None
        for t in range(self.steps):
            if self.shape.is_full_batch:
                if t == 0:
                    x, y = self.full_batch(self.x), self.full_batch(self.y)
            else:
                epoch, places = self.shape.batch(t)
                if places.start == 0:
                    xs, ys = (self.arrange_batch(data[orders[:, epoch]]) for data in (self.x, self.y))
                x, y = self.batch_of(xs, places), self.batch_of(ys, places)
            parameters, loss = self.step(parameters, x, y, etas)
            losses.append(loss)
        return torch.stack(losses, 1).numpy()

    def batch_of(self, ordered, places):
        return ordered[:, places]

    def losses(self, parameters, x, y):
        """Of each rung."""
        depth = self.shape.depth
        h = x
        for layer in range(depth):
            h = torch.baddbmm(parameters[depth + layer], h, parameters[layer])
            if layer < depth - 1:
                h = PLAIN[self.shape.activation](h)
        return ((h - y) ** 2).mean((1, 2))

    def step(self, parameters, x, y, etas):
        for p in parameters:
            p.requires_grad_()
        losses = self.losses(parameters, x, y)
        gradients = torch.autograd.grad(losses.sum(), parameters)
        with torch.no_grad():
            return [p.addcmul_(eta_g, etas, value=-1) for p, eta_g in zip(map(torch.Tensor.detach, parameters), gradients)], losses.detach()


class Vmapped(Batched):
    """One rung's loss, by `torch.func.vmap` and `grad_and_value` that of all."""

    def __init__(self, shape, x, y, rungs, steps):
        super().__init__(shape, x, y, rungs, steps)
        shared = 0 if not shape.is_full_batch else None
        self.gradients = torch.func.vmap(torch.func.grad_and_value(self.loss), in_dims=(0, shared, shared))

    def arrange(self, weights, biases):
        return list(weights), list(biases)

    def full_batch(self, data):
        return data

    def arrange_step_sizes(self, step_sizes):
        return step_sizes

    def loss(self, parameters, x, y):
        depth = self.shape.depth
        h = x
        for layer in range(depth):
            h = nn.functional.linear(h, parameters[layer], parameters[depth + layer])
            if layer < depth - 1:
                h = PLAIN[self.shape.activation](h)
        return nn.functional.mse_loss(h, y)

    def step(self, parameters, x, y, etas):
        gradients, losses = self.gradients(parameters, x, y)
        updated = [p - etas.reshape(-1, *[1] * (p.dim() - 1)) * g for p, g in zip(parameters, gradients)]
        return updated, losses


class Elementwise(Batched):
    """The rungs along the last axis, products as sums of elementwise products: for batches so small that a matrix product is all overhead."""

    def only_for(shape):
        return shape.batch_size <= 4 and shape.width <= 32 and shape.inputs <= 32

    def arrange(self, weights, biases):
        return [w.permute(2, 1, 0).contiguous() for w in weights], [b.t().contiguous() for b in biases]

    def arrange_batch(self, ordered):
        return ordered.permute(1, 2, 0).contiguous()

    def full_batch(self, data):
        return data[:, :, None].expand(*data.shape, self.rungs)

    def arrange_step_sizes(self, step_sizes):
        return step_sizes

    def batch_of(self, ordered, places):
        return ordered[places]

    def losses(self, parameters, x, y):
        depth = self.shape.depth
        h = x
        for layer in range(depth):
            h = (h[:, :, None] * parameters[layer]).sum(1) + parameters[depth + layer]
            if layer < depth - 1:
                h = PLAIN[self.shape.activation](h)
        return ((h - y) ** 2).mean((0, 1))


def compiled(kind):
    """The same, the whole step (losses, gradients, update) compiled by `torch.compile`."""

    class Compiled(kind):
        # each is some ten seconds of compilation
        sizes = (64, 1024)
        only_for = getattr(kind, "only_for", staticmethod(lambda _: True))

        def __init__(self, shape, x, y, rungs, steps):
            super().__init__(shape, x, y, rungs, steps)
            torch._dynamo.reset()
            self.step = torch.compile(self.whole_step, dynamic=False, fullgraph=True)

        def whole_step(self, parameters, x, y, etas):
            def total(parameters):
                losses = self.losses(parameters, x, y)
                return losses.sum(), losses

            gradients, losses = torch.func.grad(total, has_aux=True)(parameters)
            return [p - etas * g for p, g in zip(parameters, gradients)], losses

    return Compiled


PEERS = {
    "eager": {"loop": Eager},
    "batched": {"baddbmm": Batched, "vmap": Vmapped, "elementwise": Elementwise},
    "compiled": {"baddbmm": compiled(Batched), "elementwise": compiled(Elementwise)},
}
