"""Times what PyTorch takes, on one thread, for requests on standard input; and judges eigenvalues in float64."""

import json
import math
import pathlib
import sys
import time

import numpy
import torch
from torch import nn

from dumped import problem_at
from hessian import Curvature, flat, power
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


class TimedSharpness:
    """Sharpness of the whole network and of each layer at a dumped iteration, by PyHessian's rule in float32."""

    def __init__(self, folder, iteration):
        self.problem = problem_at(pathlib.Path(folder), iteration, torch.float32)
        self.generator = torch.Generator().manual_seed(0)

    def measure(self):
        """One forward and backward pass serves all blocks."""
        curvature = Curvature(*self.problem)
        return [power(curvature, block, self.generator) for block in ["all", *range(len(curvature.layers))]]

    def seconds(self, measurements):
        started = time.perf_counter()
        products = sum(products for _ in range(measurements) for *_, products in self.measure())
        seconds = (time.perf_counter() - started) / measurements
        return {"secondsPerMeasurement": seconds, "products": products / measurements}


class Judge:
    """What is found of a dumped iteration, against its Hessian in float64."""

    def __init__(self, folder, iteration):
        curvature = Curvature(*problem_at(pathlib.Path(folder), iteration, torch.float64))
        whole = curvature.dense()
        ends = numpy.cumsum([0, *curvature.lengths()])
        self.matrices = [whole, *(whole[a:b, a:b] for a, b in zip(ends, ends[1:]))]
        self.largest = [float(numpy.linalg.eigvalsh((matrix + matrix.T) / 2)[-1]) for matrix in self.matrices]

    def judge(self, found):
        """Of a value and vector for each block: the error relative to the largest eigenvalue, and |Hv - value v| of |v| relative to it."""
        verdicts = []
        for matrix, largest, (value, vector) in zip(self.matrices, self.largest, found):
            vector = numpy.asarray(vector, dtype=float)
            vector /= numpy.linalg.norm(vector)
            residual = numpy.linalg.norm(matrix @ vector - value * vector)
            verdicts.append({"error": abs(value - largest) / abs(largest), "residual": residual / abs(largest)})
        return verdicts


class Server:
    def __init__(self):
        self.kept = {}

    def keep(self, kind, **arguments):
        """Made by its first request, for all later ones: what is timed does not contain it."""
        key = kind.__name__ + json.dumps(arguments, sort_keys=True)
        if key not in self.kept:
            self.kept[key] = kind(**arguments)
            return self.kept[key], True
        return self.kept[key], False

    def train(self, steps, batchSize, **shape):
        training, new = self.keep(TimedTraining, batch_size=batchSize, **shape)
        if new:
            training.seconds_per_step(max(10, steps // 10))
        return {"secondsPerStep": training.seconds_per_step(steps)}

    def measure(self, measurements, **place):
        return self.keep(TimedSharpness, **place)[0].seconds(measurements)

    def judge(self, found, **place):
        judge, _ = self.keep(Judge, **place)
        return {"largest": judge.largest, "verdicts": [judge.judge(one) for one in found]}

    def judge_own(self, starts, **place):
        sharpness, _ = self.keep(TimedSharpness, **place)
        found = [[(value, flat(v)) for value, v, _ in sharpness.measure()] for _ in range(starts)]
        return self.judge(found, **place)


def serve_timings():
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    server = Server()
    kinds = {"measure": server.measure, "judge": server.judge, "judge-own": server.judge_own}
    for line in sys.stdin:
        request = json.loads(line)
        kind = kinds.get(request.pop("kind", None), server.train)
        print(json.dumps(kind(**request)), flush=True)
    return 0
