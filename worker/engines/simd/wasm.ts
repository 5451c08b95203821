import { readFileSync } from 'node:fs';
import type { Exports, Kernel, Variable } from './kernel.ts';
import { tooLarge } from './too-large.ts';

const PAGE = 65536;
const LARGEST_MEMORY = 2 ** 32 - PAGE;
/** of a vector of WebAssembly */
const LANES = 4;

type Instance = Exports & Record<Variable, WebAssembly.Global<'i32'>> & { memory: WebAssembly.Memory };

/** Compiled once in a thread: its instances share the machine code, and so what V8 has optimised by then. */
let compiled: WebAssembly.Module | undefined;

/** The kernel in WebAssembly. */
export function instantiate(): Kernel {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./kernel.wasm', import.meta.url)));
  const abort = (): never => {
    throw new Error('the simd kernel aborted');
  };
  const instance = new WebAssembly.Instance(compiled, { env: { abort } }).exports as Instance;
  const { memory } = instance;
  return {
    ...instance,
    lanes: LANES,
    get memory() {
      return memory.buffer;
    },
    // addresses above 2 GiB are negative integers
    at: (place) => (typeof place === 'string' ? instance[place].value : place) >>> 0,
    reserve(layOut, shape) {
      const bytes = layOut();
      const missing = Math.ceil(bytes / PAGE) - memory.buffer.byteLength / PAGE;
      try {
        if (bytes > LARGEST_MEMORY) throw new RangeError('beyond the 4 GiB of WebAssembly memory');
        if (missing > 0) memory.grow(missing);
      } catch (cause) {
        throw tooLarge('simd', bytes, LARGEST_MEMORY, shape, cause);
      }
    },
  };
}
