import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Variables that programs get; anything else, secrets above all, stays here. */
const PASSED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|TZ|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH|VIRTUAL_ENV|XDG_[A-Z_]+|LC_[A-Z]+|CONDA_[A-Z_0-9]+|PYTHON[A-Z]*|PYENV_[A-Z_]+|CUDA_[A-Z_]+|NVIDIA_[A-Z_]+|NCCL_[A-Z_]+|HIP_[A-Z_]+|ROCR?_[A-Z_]+|OMP_[A-Z_]+|MKL_[A-Z_]+|OPENBLAS_[A-Z_]+|TORCH[A-Z_]*|PYTORCH_[A-Z_]+|JAX_[A-Z_]+|XLA_[A-Z_]+|TF_[A-Z_]+|HF_(HOME|HUB_OFFLINE|DATASETS_CACHE|DATASETS_OFFLINE)|JULIA_[A-Z_]+|R_[A-Z_]+|SSL_CERT_(FILE|DIR)|EDGESWEEP_DATA)$/;

/** Its value identifies the processes of a pool, also those that left their process group. */
export const COOKIE = 'EDGESWEEP_COOKIE';

/** The NVIDIA GPUs that CUDA_VISIBLE_DEVICES names; without it, all that this machine has. */
export function visibleGpus(env: NodeJS.ProcessEnv): string[] {
  const named = env.CUDA_VISIBLE_DEVICES;
  if (named !== undefined)
    return named
      .split(',')
      .map((device) => device.trim())
      .filter((device) => device !== '' && device !== '-1');
  try {
    const numbers = readdirSync('/dev').flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? []);
    return numbers.sort((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}

/** The variables of a program in a slot. Slots share the GPUs evenly, and the cores too unless OMP_NUM_THREADS is set. */
export function environmentOf(
  env: NodeJS.ProcessEnv,
  slot: number,
  slots: number,
  passed: readonly string[],
): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => PASSED.test(name) || passed.includes(name)));
  const gpus = visibleGpus(env);
  const cores = String(Math.max(1, Math.floor(availableParallelism() / slots)));
  return {
    OMP_NUM_THREADS: cores,
    PYTHONUNBUFFERED: '1',
    ...own,
    ...(gpus.length > 0 && { CUDA_VISIBLE_DEVICES: gpus[slot % gpus.length] }),
    EDGESWEEP_SLOT: String(slot),
  };
}
