"""The convolutional network and the transformer in PyTorch, of the parameters that `edgesweep dump` wrote."""

import math

import torch
from torch import nn

from network import ACTIVATIONS

HEADS = 2


class Graph(nn.Module):
    """`layers` are the blocks of the Hessian, each with a weight and a bias."""

    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)


class Cnn(Graph):
    """Cohen et al. 2021 with averages: images are channels x side x side."""

    def __init__(self, description, layers):
        (first, _), (second, _), (last, _) = layers
        width = first.shape[0]
        convolutions = [nn.Conv2d(first.shape[1] // 9, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)]
        super().__init__([*convolutions, nn.Linear(last.shape[1], last.shape[0])])
        self.channels = first.shape[1] // 9
        self.activation = ACTIVATIONS[description["activation"]]()

    def forward(self, x):
        side = math.isqrt(x.shape[1] // self.channels)
        h = x.reshape(-1, self.channels, side, side)
        for convolution in self.layers[:2]:
            h = nn.functional.avg_pool2d(self.activation(convolution(h)), 2)
        return self.layers[2](h.flatten(1))


class Embedding(nn.Module):
    """Of one-hot tokens, with a bias for each position."""

    def __init__(self, weight, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(weight.shape))
        self.bias = nn.Parameter(torch.empty(bias.shape))

    def forward(self, x):
        return x @ self.weight.T + self.bias.reshape(x.shape[1], -1)


class Transformer(Graph):
    """One causal block; the last tokens are predicted."""

    def __init__(self, description, layers):
        embedding, *maps = layers
        super().__init__(
            [Embedding(*embedding), *(nn.Linear(weight.shape[1], weight.shape[0]) for weight, _ in maps)]
        )
        dataset = description["task"]["cell"]["dataset"]
        self.vocabulary = dataset["vocabulary"]
        self.predicted = dataset["outputs"] // self.vocabulary
        self.width = embedding[0].shape[0]
        self.normed = description["model"] == "transformer"
        self.activation = ACTIVATIONS[description["activation"]]()

    def norm(self, x):
        return nn.functional.layer_norm(x, (self.width,)) if self.normed else x

    def attend(self, x):
        count, tokens, _ = x.shape
        heads = x.reshape(count, tokens, 3, HEADS, self.width // HEADS).permute(2, 0, 3, 1, 4)
        queries, keys, values = heads
        scores = queries @ keys.transpose(-1, -2) / math.sqrt(self.width // HEADS)
        future = torch.ones(tokens, tokens, dtype=torch.bool).triu(1)
        attention = scores.masked_fill(future, -math.inf).softmax(-1)
        return (attention @ values).transpose(1, 2).reshape(count, tokens, self.width)

    def forward(self, x):
        embedding, mixed, out, up, down, logits = self.layers
        h = embedding(x.reshape(x.shape[0], -1, self.vocabulary))
        h = h + out(self.attend(mixed(self.norm(h))))
        h = h + down(self.activation(up(self.norm(h))))
        return logits(self.norm(h)[:, -self.predicted :]).flatten(1)


GRAPHS = {"cnn": Cnn, "transformer": Transformer, "transformer-plain": Transformer}


def graph_of(description, layers):
    model = GRAPHS[description["model"]](description, layers).double()
    with torch.no_grad():
        for layer, (weight, bias) in zip(model.layers, layers):
            layer.weight.copy_(torch.from_numpy(weight).reshape(layer.weight.shape))
            layer.bias.copy_(torch.from_numpy(bias))
    return model
