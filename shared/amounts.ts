/** `1 run`, `2 runs`: a count with its noun. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

/** A time for people: three digits below a minute, then whole units. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${Number(seconds.toPrecision(3))} s`;
  const s = Math.round(seconds);
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** An estimate of a time for people: two digits, in the unit that suits it. */
export function roughly(seconds: number): string {
  const [size, unit] =
    seconds < 59.5
      ? [1, 's']
      : seconds < 59.5 * 60
        ? [60, 'min']
        : seconds < 48 * 3600
          ? [3600, 'h']
          : [86_400, 'days'];
  return `${Number((seconds / size).toPrecision(2))} ${unit}`;
}
