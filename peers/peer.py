#!/usr/bin/env python3
"""One of the strongest peers, on one thread: times groups of trials and measurements of sharpness for requests on standard input.

    peer.py pytorch|jax|numpy     requests and answers are a JSON a line, see serving.py; `make peers` installs what each needs

The first line is a greeting: versions, which BLAS, and the peers that there are.
"""

import argparse
import functools

import one_thread

one_thread.hold_to_one_core()

import numpy  # noqa: E402

from serving import Server, blas  # noqa: E402
from sharpness import Measurements  # noqa: E402


def square(m, k, n):
    random = numpy.random.default_rng(0)
    return random.standard_normal((m, k), numpy.float32), random.standard_normal((k, n), numpy.float32)


def pytorch():
    import torch

    from pytorch_groups import PEERS
    from pytorch_sharpness import PyHessian
    from timing import Judge

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)

    def product(m, k, n):
        a, b = map(torch.from_numpy, square(m, k, n))
        return lambda: torch.mm(a, b)

    def judge(server, found, **place):
        return {"verdicts": [server.keep(Judge, **place).judge(one) for one in found]}

    name = "MKL" if torch.backends.mkl.is_available() else "?"
    return f"PyTorch {torch.__version__}", [{"name": name, "threads": torch.get_num_threads()}], PEERS, product, PyHessian, judge


def jax():
    import jax

    from jax_groups import PEERS
    from jax_sharpness import Lanczos

    multiply = jax.jit(lambda a, b: a @ b)

    def product(m, k, n):
        a, b = map(jax.numpy.asarray, square(m, k, n))
        return lambda: multiply(a, b).block_until_ready()

    return f"JAX {jax.__version__}", [{"name": "XLA's own (Eigen, oneDNN)", "threads": 1}], PEERS, product, Lanczos, None


def numpy_alone():
    from numpy_groups import PEERS

    def product(m, k, n):
        a, b = square(m, k, n)
        return lambda: a @ b

    return f"NumPy {numpy.__version__}", blas(), PEERS, product, None, None


LIBRARIES = {"pytorch": pytorch, "jax": jax, "numpy": numpy_alone}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", choices=LIBRARIES)
    version, libraries, peers, product, sharpness, judge = LIBRARIES[parser.parse_args().library]()
    greeting = {"version": version, "blas": libraries, "removed": one_thread.removed}
    server = Server(greeting, peers, product)
    if sharpness is not None:
        make = functools.partial(Measurements, sharpness)
        kept = lambda place: server.keep(make, **place)
        server.kinds["measure"] = lambda seconds, **place: kept(place).seconds(seconds)
        server.kinds["found"] = lambda starts, **place: kept(place).found(starts)
    if judge is not None:
        server.kinds["judge"] = functools.partial(judge, server)
    return server.serve()


if __name__ == "__main__":
    main()
