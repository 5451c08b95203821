import { chunk, depth, examples, order, units, window, windowX, windowY, x, y } from './memory';

let start: i32 = 0;
let end: i32 = 0;

/** Forgets the window, because the data or their order has changed. */
export function forget(): void {
  start = 0;
  end = 0;
}

/** Makes positions `first` to `first + count` of the pass available in the window; `count` <= `window`. */
export function gather(first: i32, count: i32, shuffled: bool): void {
  if (first >= start && first + count <= end) return;
  start = first;
  end = min(examples, first + window);
  const inputs = units(0);
  for (let i = 0; i < inputs; i += chunk) copy(x, inputs, i, chunkInputs(i), chunkOf(i), shuffled);
  copy(y, units(depth), 0, units(depth), windowY, shuffled);
}

// @ts-ignore: decorator
@inline function chunkOf(input: i32): usize {
  return windowX + ((<usize>input * <usize>window) << 4);
}

/** How many inputs the chunk has that begins with this one. */
export function chunkInputs(input: i32): i32 {
  return min(chunk, units(0) - input);
}

/** Inputs of the chunk that begins with `input`, from a position of the pass on: [example][input], one after the other. */
export function inputsAt(position: i32, input: i32): usize {
  return chunkOf(input) + ((<usize>(position - start) * <usize>chunkInputs(input)) << 4);
}

export function targetsAt(position: i32): usize {
  return windowY + ((<usize>(position - start) * <usize>units(depth)) << 4);
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
      for (const last = p + bytes; p < last; p += 4, target += 16) v128.store(target, v128.load32_splat(p));
    }
    return;
  }
  for (let position = start; position < end; position++) {
    const o = order + (<usize>position << 4);
    let p0 = source + <usize>load<i32>(o) * rowBytes;
    let p1 = source + <usize>load<i32>(o, 4) * rowBytes;
    let p2 = source + <usize>load<i32>(o, 8) * rowBytes;
    let p3 = source + <usize>load<i32>(o, 12) * rowBytes;
    for (const last = p0 + bytes; p0 < last; target += 16) {
      let v = v128.load32_zero(p0);
      v = v128.load_lane<f32>(p1, v, 1);
      v = v128.load_lane<f32>(p2, v, 2);
      v = v128.load_lane<f32>(p3, v, 3);
      v128.store(target, v);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
    }
  }
}
