import { encodeSeries, type Series, seriesDigest } from '../../shared/mod.ts';

/** Steps of one task, at most. */
const MOST_STEPS = 1_000_000;

export const STEP = 'step';

/** Collects what a program says step by step. */
export class StepRecorder {
  readonly #columns = new Map<string, number[]>([[STEP, []]]);

  get rows(): number {
    return this.#columns.get(STEP)!.length;
  }

  /** @returns why the line cannot be a row, if so */
  add(step: number, values: Readonly<Record<string, number | null>>): string | undefined {
    const steps = this.#columns.get(STEP)!;
    const { length } = steps;
    if (length > 0 && step <= steps[length - 1]) return `step ${step} after step ${steps[length - 1]}`;
    if (length === MOST_STEPS) return `more than ${MOST_STEPS} steps`;
    for (const name of Object.keys(values)) {
      if (!this.#columns.has(name)) this.#columns.set(name, new Array<number>(length).fill(Number.NaN));
    }
    for (const [name, column] of this.#columns) column.push(name === STEP ? step : (values[name] ?? Number.NaN));
    return undefined;
  }

  /** Begins anew after this step: a program that goes on from its own checkpoint may repeat steps. */
  clear(): void {
    this.#columns.clear();
    this.#columns.set(STEP, []);
  }

  series(): Series {
    const columns = [...this.#columns].map(([name, values]) => [name, Float64Array.from(values)] as const);
    // the order in which names first came says nothing
    const [step, ...rest] = columns;
    return { rows: this.rows, columns: new Map([step, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]) };
  }
}

/** The series as a file, with its digest. */
export async function finishSeries(
  recorder: StepRecorder,
): Promise<{ digest: string; rows: number; file: Uint8Array }> {
  const series = recorder.series();
  return { digest: seriesDigest(series), rows: series.rows, file: await encodeSeries(series, 'program') };
}
