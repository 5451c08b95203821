"""Full-batch gradient descent on the mean squared error, until it diverges."""
import math

import torch


def diverges(model, x, y, lr, steps, bound):
    """Does the loss pass `bound`, or stop being a number, within so many steps? Also returns the loss before the first step."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    first = None
    for _ in range(steps):
        loss = torch.nn.functional.mse_loss(model(x), y)
        value = loss.item()
        first = value if first is None else first
        if not math.isfinite(value) or value > bound:
            return True, first
        with torch.no_grad():
            for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
                parameter -= lr * gradient
    return False, first
