"""Optimisers of dumped trainings: their directions and preconditioners by torch.optim, and the preconditioned Hessian, in float64."""

import numpy
import torch

# relative: of a direction the norm of the difference, of a preconditioner the largest element's; float32 adds up to 1e-6 over the steps
UPDATE_TOLERANCE = 1e-5


def optimizer_of(description, parameters, step_size):
    """PyTorch's, with the parameters of the description; None for plain gradient descent."""
    chosen = description.get("optimizer")
    if chosen is None:
        return None
    kind, optim = chosen["kind"], torch.optim
    if kind in ("momentum", "nesterov"):
        return optim.SGD(parameters, step_size, momentum=chosen["momentum"], nesterov=kind == "nesterov")
    if kind == "adam":
        return optim.Adam(parameters, step_size, (chosen["beta1"], chosen["beta2"]), chosen["epsilon"])
    return optim.RMSprop(parameters, step_size, chosen["alpha"], chosen["epsilon"])


def preconditioner_of(optimizer, parameter):
    """P after the gradient of the last step; None where there is none."""
    state, group = optimizer.state[parameter], optimizer.param_groups[0]
    if isinstance(optimizer, torch.optim.Adam):
        beta1, beta2 = group["betas"]
        t = float(state["step"])
        return (1 - beta1**t) * ((state["exp_avg_sq"] / (1 - beta2**t)).sqrt() + group["eps"])
    if isinstance(optimizer, torch.optim.RMSprop):
        return state["square_avg"].sqrt() + group["eps"]
    return None


def compare_updates(description, iterations):
    """
    Rows of (iteration, quantity, relative difference) for the iterations 1, 2, ... as far as they were dumped without a gap: PyTorch takes our
    weights and gradient of each, and keeps its own state.
    """
    names = [f"{kind}-{i + 1}" for i in range(description["depth"]) for kind in ("weight", "bias")]
    parameters, optimizer, iteration = [], None, 1
    while iteration in iterations:
        _, arrays = iterations[iteration]
        if iteration == 1:
            parameters = [torch.nn.Parameter(torch.from_numpy(arrays[name]).double()) for name in names]
            optimizer = optimizer_of(description, parameters, 1.0)
        if optimizer is None:
            return
        moved, wanted, worst = 0.0, 0.0, 0.0
        with torch.no_grad():
            for name, parameter in zip(names, parameters):
                parameter.copy_(torch.from_numpy(arrays[name]))
                parameter.grad = torch.from_numpy(arrays[f"gradient-{name}"]).double()
        optimizer.step()
        for name, parameter in zip(names, parameters):
            direction = torch.from_numpy(arrays[name]).double() - parameter.detach()
            moved += float(((torch.from_numpy(arrays[f"direction-{name}"]).double() - direction) ** 2).sum())
            wanted += float((direction**2).sum())
            divided = preconditioner_of(optimizer, parameter)
            if divided is not None:
                ours = torch.from_numpy(arrays[f"preconditioner-{name}"]).double()
                worst = max(worst, float(((ours - divided) / divided).abs().max()))
        yield iteration, "direction", (moved / wanted) ** 0.5 if wanted > 0 else 0.0
        if f"preconditioner-{names[0]}" in arrays:
            yield iteration, "preconditioner", worst
        iteration += 1


def preconditioned(matrix, arrays, depth):
    """P^-1/2 H P^-1/2 with the dumped P; None where it has none."""
    if "preconditioner-weight-1" not in arrays or matrix is None:
        return None
    names = [f"preconditioner-{kind}-{i + 1}" for i in range(depth) for kind in ("weight", "bias")]
    roots = numpy.sqrt(numpy.concatenate([arrays[name].ravel() for name in names]).astype(float))
    return matrix / roots[:, None] / roots[None, :]
