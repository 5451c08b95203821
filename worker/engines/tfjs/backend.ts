import type * as Tfjs from '@tensorflow/tfjs-core';

export type Tf = typeof Tfjs;

/** TensorFlow.js, with what computes its operations. */
export type Backend = {
  tf: Tf;
  /** node: the native library of @tensorflow/tfjs-node; wasm: WebAssembly with its 128-bit vectors, one thread */
  name: 'node' | 'wasm';
  /** why this one, in a line */
  why: string;
};

/** Not among the dependencies, so the compiler is not to look for it: it brings a native library of hundreds of megabytes. */
const NATIVE: string = '@tensorflow/tfjs-node';

let loading: Promise<Backend> | undefined;

/** Loads TensorFlow.js, once a thread; it takes a second. */
export function loadBackend(): Promise<Backend> {
  loading ??= chooseBackend(() => import(NATIVE));
  return loading;
}

/** @param importNative registers the native backend, or throws */
export async function chooseBackend(importNative: () => Promise<unknown>): Promise<Backend> {
  const tf = await import('@tensorflow/tfjs-core');
  // under Node the gradients of the operations are only in this bundle; it registers them with the core
  await import('@tensorflow/tfjs-layers');
  // without checks of its own, nor advice on standard error
  tf.enableProdMode();
  try {
    await importNative();
    await use(tf, 'tensorflow');
    return { tf, name: 'node', why: `${NATIVE} loads its native library` };
  } catch (error) {
    await import('@tensorflow/tfjs-backend-wasm');
    await use(tf, 'wasm');
    return { tf, name: 'wasm', why: reason(error) };
  }
}

/** Some versions of the native library load where they cannot compute, so a gradient is tried too. */
async function use(tf: Tf, backend: string): Promise<void> {
  const there = await tf.setBackend(backend);
  if (!there) throw new Error(`the backend ${backend} does not start`);
  const slope = tf.tidy(
    () =>
      tf
        .grad((x) => tf.sum(tf.square(x)))(tf.scalar(3))
        .dataSync()[0],
  );
  if (slope !== 6) throw new Error(`the backend ${backend} says ${slope} is the slope of x * x at 3`);
}

function reason(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_MODULE_NOT_FOUND') return `${NATIVE} is not installed`;
  const [line] = String(error instanceof Error ? error.message : error).split('\n');
  return `${NATIVE} does not work here: ${line}`;
}
