"""Import this before any library that computes: it is then held to one thread."""

import os
import sys

# read when the libraries are loaded
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"
# These make a library take slower instructions than the processor has, or write logs while it computes.
SLOWING = (
    "ATEN_CPU_CAPABILITY",
    "BLIS_ARCH_TYPE",
    "DNNL_MAX_CPU_ISA",
    "DNNL_VERBOSE",
    "MKL_CBWR",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_VERBOSE",
    "NPY_DISABLE_CPU_FEATURES",
    "NVPL_BLAS_DEBUG_CPU_TYPE",
    "ONEDNN_MAX_CPU_ISA",
    "ONEDNN_VERBOSE",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_VERBOSE",
    "TORCH_COMPILE_DISABLE",
    "TORCHDYNAMO_DISABLE",
)
removed = [variable for variable in SLOWING if os.environ.pop(variable, None) is not None]
# beside an installed package there may be no place for them
sys.dont_write_bytecode = True


def hold_to_one_core():
    """Libraries that make a thread for each core then make one."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
