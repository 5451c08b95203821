import { BYTES, gatherRow } from './lanes';
import { across, chunk, depth, examples, order, units, window, windowX, windowY, x, y } from './memory';

let start: i32 = 0;
let end: i32 = 0;

/** Forgets the window, because the data or their order has changed. */
export function forget(): void {
  start = 0;
  end = 0;
}

/** Makes positions `first` to `first + count` of the pass available in the window; `count` <= `window`. */
export function gather(first: i32, count: i32, shuffled: bool): void {
  if (across) {
    if (shuffled) copyRows(first, count);
    return;
  }
  if (first >= start && first + count <= end) return;
  start = first;
  end = min(examples, first + window);
  const inputs = units(0);
  // without an order the lanes share the inputs, and need no copies
  for (let i = 0; shuffled && i < inputs; i += chunk) copy(x, inputs, i, chunkInputs(i), chunkOf(i), shuffled);
  copy(y, units(depth), 0, units(depth), windowY, shuffled);
}

/** Of one network: the rows of inputs, one after the other, at `windowX`. */
function copyRows(first: i32, count: i32): void {
  const bytes = <usize>units(0) << 2;
  let target = windowX;
  for (let position = first; position < first + count; position++) {
    let p = x + <usize>exampleAt(position, true) * bytes;
    for (const last = p + bytes; p < last; p += 4, target += 4) store<f32>(target, load<f32>(p));
  }
}

/** The example at a position of the pass, of lane 0. */
// @ts-ignore: decorator
@inline export function exampleAt(position: i32, shuffled: bool): i32 {
  return shuffled ? load<i32>(order + <usize>position * BYTES) : position;
}

// @ts-ignore: decorator
@inline function chunkOf(input: i32): usize {
  return windowX + <usize>input * <usize>window * BYTES;
}

/** How many inputs the chunk has that begins with this one. */
export function chunkInputs(input: i32): i32 {
  return min(chunk, units(0) - input);
}

/** Inputs of the chunk that begins with `input`, from a position of the pass on: [example][input], one after the other. */
export function inputsAt(position: i32, input: i32): usize {
  return chunkOf(input) + <usize>(position - start) * <usize>chunkInputs(input) * BYTES;
}

/** Without an order: as they are, rows of all inputs, float32. */
export function sharedInputsAt(position: i32, input: i32): usize {
  return x + ((<usize>position * <usize>units(0) + <usize>input) << 2);
}

export function targetsAt(position: i32): usize {
  return windowY + <usize>(position - start) * <usize>units(depth) * BYTES;
}

/**
 * Columns `first` to `first + count` of the rows `start` to `end` of the pass, a lane each: the same row for all lanes, or each lane's
 * own. A row has `width` columns at the source, and `count` at the target.
 */
function copy(source: usize, width: i32, first: i32, count: i32, target: usize, shuffled: bool): void {
  const rowBytes = <usize>width << 2, bytes = <usize>count << 2;
  source += <usize>first << 2;
  if (!shuffled) {
    for (let position = start; position < end; position++) {
      let p = source + <usize>position * rowBytes;
      for (const last = p + bytes; p < last; p += 4, target += BYTES) v128.store(target, v128.load32_splat(p));
    }
    return;
  }
  for (let position = start; position < end; position++) {
    gatherRow(source, rowBytes, order + <usize>position * BYTES, target, count);
    target += <usize>count * BYTES;
  }
}
