import { expectedCost, type Outcome } from '../../../shared/mod.ts';
import { askRun, isListening } from '../../control/mod.ts';
import { isWrittenTo, manifestPath, readManifest } from '../../directory/mod.ts';
import { type Pace, PaceMeter } from '../../status/mod.ts';
import type { RunNow } from '../wire.ts';
import type { SweepModel } from './model.ts';
import { type Signature, signatureOf } from './signature.ts';

/** A run is asked for its state this often, and not waited for longer, in milliseconds. */
const ASK_MS = 1000;
const PATIENCE = 2000;

/** The run under way in a directory, if there is one: how fast it is, and how it describes itself. */
export class RunWatch {
  readonly #directory: string;
  #isRunning = false;
  #began: { started: number; before: number; signature: Signature; meter: PaceMeter } | undefined;
  #costs: { of: SweepModel; costs: Float64Array } | undefined;
  #now: RunNow | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** null where no run can be asked */
  get now(): RunNow | null {
    return this.#now;
  }

  async look(): Promise<void> {
    this.#isRunning = isWrittenTo(this.#directory);
    if (!this.#isRunning) {
      this.#began = undefined;
      this.#now = null;
      return;
    }
    // not waited for: a run that was stopped does not answer
    void this.#ask();
    await this.#readManifest();
  }

  /** Asks now, such as after an action. */
  async askAgain(): Promise<void> {
    this.#askedAt = Number.NEGATIVE_INFINITY;
    await this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || performance.now() - this.#askedAt < ASK_MS) return;
    this.#isAsking = true;
    try {
      const request = { action: 'status', by: 'edgesweep ui' } as const;
      this.#now = isListening(this.#directory) ? (await askRun(this.#directory, request, PATIENCE)).after : null;
    } catch {
      this.#now = null;
    }
    this.#askedAt = performance.now();
    this.#isAsking = false;
  }

  /** A run says in the manifest when it began, and how much was recorded before. */
  async #readManifest(): Promise<void> {
    const signature = await signatureOf(manifestPath(this.#directory));
    if (signature === this.#began?.signature) return;
    const manifest = await readManifest(this.#directory).catch(() => undefined);
    if (manifest?.recorded === undefined) return;
    const started = Date.parse(manifest.started);
    this.#began = { started, before: manifest.recorded, signature, meter: new PaceMeter() };
  }

  /** @param lines of the journal that were read, with this one */
  count(outcome: Outcome, lines: number): void {
    if (this.#began !== undefined && lines > this.#began.before) this.#began.meter.add(outcome);
  }

  /** As `status` measures it. */
  pace(model: SweepModel): Pace | undefined {
    if (this.#began === undefined) return undefined;
    const { cells } = model.expansion;
    if (this.#costs?.of !== model) this.#costs = { of: model, costs: Float64Array.from(cells, expectedCost) };
    const left = this.#costs.costs.reduce(
      (sum, cost, cell) => sum + cost * (model.wanted(cell) - model.doneOfCell(cell)),
      0,
    );
    return this.#began.meter.pace((Date.now() - this.#began.started) / 1000, left);
  }
}
