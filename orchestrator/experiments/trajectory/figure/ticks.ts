import type { Domain } from './axes.ts';

/** Values with a label along a logarithmic axis. */
export type Ticks = { values: number[]; labels: string[] };

/** More labels than these stand too close. */
const MOST = 7;

/** A label nearer to the top, as a share of the axis, would reach into the title. */
const TOP = 0.04;

export function linearTicks({ low, high }: Pick<Domain, 'low' | 'high'>): number[] {
  return even(low, high - TOP * (high - low), 5);
}

/** Powers of ten; within two of them other round values too. */
export function logarithmicTicks({ low, high: end }: Pick<Domain, 'low' | 'high'>): Ticks {
  const high = end * (low / end) ** TOP;
  const powers = integers(Math.ceil(Math.log10(low)), Math.floor(Math.log10(high)));
  if (powers.length > 2) {
    const step = Math.ceil(powers.length / MOST);
    const shown = powers.filter((power) => power % step === 0);
    return { values: shown.map((power) => Number(`1e${power}`)), labels: shown.map(powerOfTen) };
  }
  for (const digits of [
    [1, 2, 5],
    [1, 1.5, 2, 3, 4, 5, 6, 8],
  ]) {
    const values = integers(Math.floor(Math.log10(low)), Math.floor(Math.log10(high)))
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((value) => value >= low && value <= high);
    if (values.length >= 3) return { values, labels: values.map(plain) };
  }
  const values = even(low, high, 4);
  return { values, labels: values.map(plain) };
}

/** About `count` round values at equal distances. */
function even(low: number, high: number, count: number): number[] {
  const wanted = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(wanted));
  // the nearest on a logarithmic scale
  const digit = [1, 2, 5, 10].find((candidate, i, all) => wanted / power <= Math.sqrt(candidate * (all[i + 1] ?? 100)));
  const step = power * (digit ?? 10);
  return integers(Math.ceil(low / step), Math.floor(high / step)).map((i) => Number((i * step).toPrecision(6)));
}

const integers = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);

function plain(value: number): string {
  if (value >= 1e-3 && value < 1e5) return String(value);
  const power = Math.floor(Math.log10(value));
  const digits = Number((value / 10 ** power).toPrecision(4));
  return digits === 1 ? powerOfTen(power) : `${digits}·${powerOfTen(power)}`;
}

const powerOfTen = (power: number): string =>
  `10${String(power).replace(/./g, (letter) => (letter === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(letter)]))}`;
