/** A value at a place along the horizontal axis. */
export type Point = { x: number; value: number };

/**
 * At most `count` of the points, in their order: the first, the last, and the lowest and the highest of each of as many stretches of equal
 * length as that leaves. A stretch is narrower than a pixel, so what is drawn is the same, peaks included.
 * @param points from left to right
 * @param count 4 or more
 */
export function thin(points: readonly Point[], count: number): Point[] {
  if (points.length <= count) return [...points];
  const first = points[0].x;
  const last = points.length - 1;
  const stretches = Math.floor((count - 2) / 2);
  const length = (points[last].x - first) / stretches;
  const kept = [points[0]];
  let start = 1;
  for (let stretch = 1; stretch <= stretches; stretch++) {
    let end = start;
    // in the last one whatever is left, as the product may be rounded down
    while (end < last && (stretch === stretches || points[end].x < first + stretch * length)) end++;
    if (start < end) kept.push(...extremes(points, start, end));
    start = end;
  }
  kept.push(points[last]);
  return kept;
}

/** Of equal values the first as the lowest and the last as the highest, so that a step stays one. */
function extremes(points: readonly Point[], start: number, end: number): Point[] {
  let [low, high] = [start, start];
  for (let i = start; i < end; i++) {
    if (points[i].value < points[low].value) low = i;
    if (points[i].value >= points[high].value) high = i;
  }
  if (low === high) return [points[low]];
  return [points[Math.min(low, high)], points[Math.max(low, high)]];
}
