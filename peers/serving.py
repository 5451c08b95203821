"""Requests on standard input, answers on standard output, a JSON a line. Whatever is made by a first request is kept for later ones."""

import json
import sys
import time

from groups import Shape, best_group, check, fits


class Server:
    """
    Times groups of trials, and whatever else `kinds` has.

    `peers` has for each peer its kinds of groups, by name; `product(m, k, n)` returns a function that multiplies two float32 matrices.
    """

    def __init__(self, greeting, peers, product, kinds=None):
        self.greeting = {**greeting, "peers": list(peers)}
        self.peers = peers
        self.product = product
        self.kinds = {"train": self.train, "check": self.check, "product": self.gigaflops, **(kinds or {})}
        self.kept = {}

    def keep(self, make, **arguments):
        """Made by its first request, for all later ones."""
        key = str(make) + json.dumps(arguments, sort_keys=True)
        if key not in self.kept:
            self.kept[key] = make(**arguments)
        return self.kept[key]

    def prepare(self, peer, steps, tuning, most, batchSize, **shape):
        return best_group(self.peers[peer], Shape(batch_size=batchSize, **shape), steps, most, **tuning)

    def train(self, seconds, **request):
        """Seconds of one step of one trial, in the best way and group, which the first request for the shape finds out."""
        prepared = self.keep(self.prepare, **request)
        if prepared is None:
            return {"way": None}
        way, timed = prepared
        return {**way, "secondsPerStep": timed.seconds_per_step(seconds)}

    def check(self, peer, folders):
        kinds = self.peers[peer].items()
        differences = {name: check(kind, folders) for name, kind in kinds if fits(kind, folders)}
        return {"largestRelativeDifference": max(differences.values()), "ways": differences}

    def gigaflops(self, m, k, n, seconds):
        multiply = self.product(m, k, n)
        multiply()
        started, times = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            multiply()
            times += 1
        return {"gigaflops": 2e-9 * m * k * n * times / (time.perf_counter() - started)}

    def forget(self):
        """What is kept of earlier requests takes memory."""
        self.kept.clear()
        return {}

    def serve(self):
        print(json.dumps(self.greeting), flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            kind = request.pop("kind")
            try:
                answer = self.forget() if kind == "forget" else self.kinds[kind](**request)
            except Exception as error:  # noqa: BLE001: one request that fails leaves the others
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), flush=True)
        return 0


def blas():
    """Name, version, kernel and threads of each BLAS that is loaded, as threadpoolctl sees them."""
    try:
        import threadpoolctl
    except ImportError:
        return []
    found = [library for library in threadpoolctl.threadpool_info() if library["user_api"] == "blas"]
    return [
        {
            "name": library["internal_api"],
            "version": library["version"],
            "kernel": library.get("architecture"),
            "threads": library["num_threads"],
        }
        for library in found
    ]
