"""Gradient descent on least squares with NumPy: does it diverge at this learning rate? Theory says above 2 / (largest eigenvalue)."""
import numpy as np

from edgesweep_task import serve


def descend(task):
    random = np.random.default_rng(task.random)
    x = random.standard_normal((100, task.params["inputs"]))
    y = x @ random.standard_normal(task.params["inputs"])
    hessian = x.T @ x / len(x)
    w = np.zeros(task.params["inputs"])
    start = np.mean((x @ w - y) ** 2)
    for _ in range(200):
        w -= task.params["lr"] * (hessian @ w - x.T @ y / len(x))
    loss = np.mean((x @ w - y) ** 2)
    print(f"loss {start} -> {loss}")  # goes to the log of the task
    return {"diverged": bool(loss > start), "theory": 2 / np.linalg.eigvalsh(hessian).max()}


serve(descend)
