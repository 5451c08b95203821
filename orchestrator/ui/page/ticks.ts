/** Powers of ten between the ends, at most about seven; where there are fewer than two, also twice and five times these. */
export function decades(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const step = Math.max(1, Math.ceil((to - from) / 7));
  const factors = to - from <= 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = from; power <= to; power += step) for (const factor of factors) ticks.push(factor * 10 ** power);
  return ticks.filter((tick) => tick >= low && tick <= high);
}

export const tickText = (value: number): string => {
  const size = Math.abs(value);
  return size >= 1e5 || (size < 1e-3 && size > 0) ? value.toExponential(0) : String(Number(value.toPrecision(4)));
};

/** Round numbers between the ends, about five. */
export function roundTicks(low: number, high: number): number[] {
  if (!(high > low)) return [low];
  const size = 10 ** Math.floor(Math.log10((high - low) / 5));
  const step = [1, 2, 5, 10].map((factor) => factor * size).find((one) => (high - low) / one <= 6) ?? size;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
