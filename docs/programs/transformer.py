"""Does full-batch gradient descent on a small transformer diverge at this step size? It learns to reverse sequences. PyTorch."""
import torch
from torch import nn
from torch.nn import functional

from edgesweep_task import serve
from gradient_descent import diverges


class Layer(nn.Module):
    """Attention and a two-layer network, each beside an identity. LayerNorm stands before them, after the sum, or nowhere."""

    def __init__(self, width, heads, norm):
        super().__init__()
        self.heads, self.norm = heads, norm
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.network = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.norms = nn.ModuleList(nn.Identity() if norm == "none" else nn.LayerNorm(width) for _ in range(2))

    def attention(self, x):
        n, length, width = x.shape
        q, k, v = (part.view(n, length, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, dim=-1))
        return self.out(functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, length, width))

    def forward(self, x):
        for norm, branch in zip(self.norms, (self.attention, self.network)):
            x = norm(x + branch(x)) if self.norm == "post" else x + branch(norm(x))
        return x


class Transformer(nn.Module):
    def __init__(self, tokens, length, width, heads, layers, norm):
        super().__init__()
        self.embedding, self.position = nn.Embedding(tokens, width), nn.Parameter(torch.randn(length, width))
        self.layers = nn.Sequential(*(Layer(width, heads, norm) for _ in range(layers)))
        self.last = nn.LayerNorm(width) if norm == "pre" else nn.Identity()
        self.head = nn.Linear(width, tokens)

    def forward(self, x):
        return self.head(self.last(self.layers(self.embedding(x) + self.position)))


def trial(task):
    torch.manual_seed(task.random)  # the same sequences and the same network at every rung of a run
    p = task.params
    x = torch.randint(p["tokens"], (p["examples"], p["length"]))
    y = functional.one_hot(x.flip(1), p["tokens"]).float()
    model = Transformer(p["tokens"], p["length"], p["width"], p["heads"], p["layers"], p["norm"])
    diverged, loss = diverges(model, x, y, p["lr"], p["steps"], p["bound"])
    return {"diverged": diverged, "loss": loss}


serve(trial)
