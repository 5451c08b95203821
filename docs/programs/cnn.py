"""Trains a small convolutional network on Fashion-MNIST with PyTorch, and reports accuracy on the test images."""
import torch
from torch import nn

from edgesweep_task import serve
from fashion_mnist import read

# read once: the process answers many tasks
images, labels = read()
test_images, test_labels = read("t10k")
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
