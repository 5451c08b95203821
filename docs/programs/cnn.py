"""Trains a small convolutional network on Fashion-MNIST with PyTorch, and reports accuracy on the test images."""
import gzip
import os
import struct

import torch
from torch import nn

from edgesweep_task import serve

FOLDER = os.environ.get("EDGESWEEP_DATA", "/usr/share/datasets/fashion-mnist")


def read(name):
    with gzip.open(os.path.join(FOLDER, name + ".gz")) as file:
        dimensions = struct.unpack(">HBB", file.read(4))[2]
        shape = struct.unpack(f">{dimensions}I", file.read(4 * dimensions))
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(shape)


# read once: the process answers many tasks
images, labels = read("train-images-idx3-ubyte")[:, None] / 255, read("train-labels-idx1-ubyte").long()
test_images, test_labels = read("t10k-images-idx3-ubyte")[:, None] / 255, read("t10k-labels-idx1-ubyte").long()
device = "cuda" if torch.cuda.is_available() else "cpu"


def train(task):
    torch.manual_seed(task.random)  # differs from run to run
    width, lr, examples, epochs = (task.params[name] for name in ("width", "lr", "examples", "epochs"))
    model = nn.Sequential(
        nn.Conv2d(1, width, 3, stride=2), nn.ReLU(),
        nn.Conv2d(width, 2 * width, 3, stride=2), nn.ReLU(),
        nn.Flatten(), nn.LazyLinear(10),
    ).to(device)
    model(images[:1].to(device))  # sets the sizes of the last layer
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    for epoch in range(epochs):
        total = 0.0
        order = torch.randperm(examples)
        for batch in order.split(64):
            loss = nn.functional.cross_entropy(model(images[batch].to(device)), labels[batch].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        task.step(epoch, loss=total / examples)
    with torch.no_grad():
        right = model(test_images.to(device)).argmax(1).cpu() == test_labels
    return {"accuracy": right.float().mean()}


serve(train)
