"""Times what PyTorch takes, on one thread, for requests on standard input."""

import json
import math
import sys
import time

import torch
from torch import nn

from network import build


class TimedTraining:
    """The plain training loop of one request, on random data; it goes on from one call to the next."""

    def __init__(self, activation, depth, width, inputs, outputs, examples, batch_size):
        torch.manual_seed(0)
        self.x = torch.randn(examples, inputs)
        self.y = self.x @ torch.randn(outputs, inputs).T - torch.randn(examples, outputs)
        self.batch_size = batch_size
        self.model = build(activation, [inputs, *[width] * (depth - 1), outputs])
        # small enough that nothing diverges, however many steps
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=1e-3)
        self.criterion = nn.MSELoss()

    def batches(self):
        if self.batch_size >= len(self.x):
            yield self.x, self.y
            return
        order = torch.randperm(len(self.x))
        for start in range(0, len(self.x), self.batch_size):
            batch = order[start : start + self.batch_size]
            yield self.x[batch], self.y[batch]

    def seconds_per_step(self, steps):
        done = 0
        started = time.perf_counter()
        while done < steps:
            for x, y in self.batches():
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), y)
                if not math.isfinite(loss.item()):
                    raise RuntimeError("the timed training diverged")
                loss.backward()
                self.optimizer.step()
                done += 1
                if done == steps:
                    break
        return (time.perf_counter() - started) / steps


def serve_timings():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    trainings = {}
    for line in sys.stdin:
        request = json.loads(line)
        steps = request.pop("steps")
        request["batch_size"] = request.pop("batchSize")
        key = json.dumps(request, sort_keys=True)
        if key not in trainings:
            trainings[key] = TimedTraining(**request)
            trainings[key].seconds_per_step(max(10, steps // 10))
        print(json.dumps({"secondsPerStep": trainings[key].seconds_per_step(steps)}), flush=True)
    return 0
