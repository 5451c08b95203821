"""Does full-batch gradient descent on a small residual network diverge at this step size? Fashion-MNIST, PyTorch."""
import torch
from torch import nn
from torch.nn import functional

from edgesweep_task import serve
from fashion_mnist import read
from gradient_descent import diverges

# read once: the process answers many tasks
images, labels = read()
images = functional.avg_pool2d(images, 2)  # 14 x 14
images = (images - images.mean()) / images.std()


class Block(nn.Module):
    """Two convolutions, each after normalisation and ReLU, beside an identity (He et al. 2016, "Identity mappings")."""

    def __init__(self, width, skip, norm):
        super().__init__()
        layers = []
        for _ in range(2):
            layers += [nn.BatchNorm2d(width)] if norm == "batch" else []
            layers += [nn.ReLU(), nn.Conv2d(width, width, 3, padding=1)]
        self.branch, self.skip = nn.Sequential(*layers), skip

    def forward(self, x):
        return x + self.branch(x) if self.skip else self.branch(x)


def trial(task):
    torch.manual_seed(task.random)  # the same network at every rung of a run
    p = task.params
    chosen = torch.randperm(len(images))[: p["examples"]]
    x, y = images[chosen], functional.one_hot(labels[chosen], 10).float()
    model = nn.Sequential(
        nn.Conv2d(1, p["width"], 3, padding=1),
        *(Block(p["width"], p["skip"], p["norm"]) for _ in range(p["blocks"])),
        nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(p["width"], 10),
    )
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    diverged, loss = diverges(model, x, y, p["lr"], p["steps"], p["bound"])
    return {"diverged": diverged, "loss": loss}


serve(trial)
