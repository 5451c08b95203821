import { examples, order, units, depth, window, windowX, windowY, x, y } from './memory';

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
  copy(x, units(0), windowX, shuffled);
  copy(y, units(depth), windowY, shuffled);
}

export function inputsAt(position: i32): usize {
  return windowX + ((<usize>(position - start) * <usize>units(0)) << 4);
}

export function targetsAt(position: i32): usize {
  return windowY + ((<usize>(position - start) * <usize>units(depth)) << 4);
}

/** Rows `start` to `end` of the pass, a lane each: the same row for all lanes, or each lane's own. */
function copy(source: usize, width: i32, target: usize, shuffled: bool): void {
  const rowBytes = <usize>width << 2;
  if (!shuffled) {
    let p = source + <usize>start * rowBytes;
    for (const last = source + <usize>end * rowBytes; p < last; p += 4, target += 16) v128.store(target, v128.load32_splat(p));
    return;
  }
  for (let position = start; position < end; position++) {
    const o = order + (<usize>position << 4);
    let p0 = source + <usize>load<i32>(o) * rowBytes;
    let p1 = source + <usize>load<i32>(o, 4) * rowBytes;
    let p2 = source + <usize>load<i32>(o, 8) * rowBytes;
    let p3 = source + <usize>load<i32>(o, 12) * rowBytes;
    for (const last = p0 + rowBytes; p0 < last; target += 16) {
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
