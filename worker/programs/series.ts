import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { encodeSeries, type Series, seriesDigest } from '../../shared/mod.ts';

/** Steps of one task, at most. */
const MOST_STEPS = 1_000_000;

export const STEP = 'step';

type Row = { step: number; values: Readonly<Record<string, number | null>> };

/** Collects the steps that a program reports. */
export class StepRecorder {
  readonly #columns = new Map<string, number[]>([[STEP, []]]);
  readonly #path: string | undefined;

  /**
   * @param path a file that survives a kill: a program that resumes from its own checkpoint only reports the steps after it. A step that
   * it reports again replaces its earlier row and those of later steps
   */
  constructor(path?: string) {
    this.#path = path;
    if (path === undefined || !existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
      const { step, values } = JSON.parse(line) as Row;
      this.#rewind(step);
      this.#push(step, values);
    }
  }

  get rows(): number {
    return this.#columns.get(STEP)!.length;
  }

  /** @returns why the line cannot be a row, if so */
  add(step: number, values: Row['values']): string | undefined {
    if (this.#path !== undefined) this.#rewind(step);
    const last = this.#columns.get(STEP)!.at(-1);
    if (last !== undefined && step <= last) return `step ${step} after step ${last}`;
    if (this.rows === MOST_STEPS) return `more than ${MOST_STEPS} steps`;
    this.#push(step, values);
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify({ step, values })}\n`);
    return undefined;
  }

  #push(step: number, values: Row['values']): void {
    const { rows } = this;
    for (const name of Object.keys(values)) {
      if (!this.#columns.has(name)) this.#columns.set(name, new Array<number>(rows).fill(Number.NaN));
    }
    for (const [name, column] of this.#columns) column.push(name === STEP ? step : (values[name] ?? Number.NaN));
  }

  #rewind(step: number): void {
    const kept = this.#columns.get(STEP)!.findIndex((earlier) => earlier >= step);
    if (kept >= 0) for (const column of this.#columns.values()) column.length = kept;
  }

  series(): Series {
    const columns = [...this.#columns].map(([name, values]) => [name, Float64Array.from(values)] as const);
    // the order in which names first occur has no meaning
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
