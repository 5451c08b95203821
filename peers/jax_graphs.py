"""The convolutional network and the transformer in JAX, of the parameters that `edgesweep dump` wrote."""

import math

import jax
import jax.numpy as jnp

HEADS = 2
ACTIVATIONS = {"tanh": jnp.tanh, "relu": jax.nn.relu, "gelu": lambda z: jax.nn.gelu(z, approximate=False)}


def loss_of(description):
    """The mean loss of parameters, [(weight, bias), ...] by layer, on x and y, both examples x values."""
    cell = description["task"]["cell"]
    network = {"cnn": cnn_of}.get(description["model"], transformer_of)(description)

    def loss(layers, x, y):
        z = network(layers, x)
        if cell.get("loss", "mse") == "mse":
            return jnp.mean((z - y.reshape(z.shape)) ** 2)
        return -jnp.mean((y.reshape(z.shape) * jax.nn.log_softmax(z, -1)).sum(-1))

    return loss


def cnn_of(description):
    activation = ACTIVATIONS[description["activation"]]

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

    return cnn


def transformer_of(description):
    activation = ACTIVATIONS[description["activation"]]
    dataset = description["task"]["cell"]["dataset"]

    def norm(h):
        if description["model"] != "transformer":
            return h
        centred = h - h.mean(-1, keepdims=True)
        return centred / jnp.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)

    def attend(h, width):
        count, tokens, _ = h.shape
        queries, keys, values = h.reshape(count, tokens, 3, HEADS, width // HEADS).transpose(2, 0, 3, 1, 4)
        scores = queries @ keys.swapaxes(-1, -2) / math.sqrt(width // HEADS)
        scores = jnp.where(jnp.tril(jnp.ones((tokens, tokens), bool)), scores, -jnp.inf)
        mean = jax.nn.softmax(scores, -1) @ values
        return mean.transpose(0, 2, 1, 3).reshape(count, tokens, width)

    def transformer(layers, x):
        (embedding, positions), *maps = layers
        width, vocabulary = embedding.shape
        mixed, out, up, down, logits = [lambda h, w=w, b=b: h @ w.T + b for w, b in maps]
        tokens = x.reshape(x.shape[0], -1, vocabulary)
        h = tokens @ embedding.T + positions.reshape(tokens.shape[1], width)
        h = h + out(attend(mixed(norm(h)), width))
        h = h + down(activation(up(norm(h))))
        return logits(norm(h)[:, -(dataset["outputs"] // vocabulary) :])

    return transformer
