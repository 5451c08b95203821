"""Import this before any library that computes: it is then held to one thread."""

import os
import sys

# read when the libraries are loaded
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"
# beside an installed package there may be no place for them
sys.dont_write_bytecode = True


def hold_to_one_core():
    """Libraries that make a thread for each core then make one."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
