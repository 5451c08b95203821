import type { Kernel } from '../simd/kernel.ts';
import { tooLarge } from '../simd/too-large.ts';
import type { Addon } from './addon.ts';

/** As much as WebAssembly has, so that both engines take the same networks; wider vectors need more, see `mod.ts`. */
const LARGEST_MEMORY = 2 ** 32 - 65536;
/** what a layout leaves before its first address, to begin with a cache line */
const ALIGNMENT = 64;

/** The native kernel, with an ArrayBuffer as its memory. */
export function instantiate(addon: Addon, lanes: number): Kernel {
  const instance = addon.instantiate(lanes);
  let memory = new ArrayBuffer(ALIGNMENT);
  let start = instance.adopt(memory);
  return {
    // the variables are getters of the instance, and not enumerable
    ...instance,
    lanes,
    get memory() {
      return memory;
    },
    at: (place) => (typeof place === 'string' ? instance[place] : place) - start,
    reserve(layOut, shape) {
      const bytes = layOut() - start + ALIGNMENT;
      if (bytes <= memory.byteLength) return;
      try {
        if (bytes > LARGEST_MEMORY) throw new RangeError('beyond 4 GiB');
        memory = new ArrayBuffer(bytes);
      } catch (cause) {
        throw tooLarge('native', bytes, LARGEST_MEMORY, shape, cause);
      }
      start = instance.adopt(memory);
      layOut();
    },
  };
}
