import { statSync } from 'node:fs';
import { isExact, numericsOf, type Outcome, seriesOf } from '../../shared/mod.ts';
import type { Expansion, Sweep } from '../../shared/sweep/mod.ts';
import {
  findOutcome,
  journalPath,
  type Line,
  OutcomeDecoder,
  outcomesDiffer,
  readableLines,
  resultText,
  type SetAside,
  sealText,
} from '../directory/mod.ts';
import { takeSeries } from './files.ts';
import type { Input } from './inputs.ts';
import { KnownResults } from './known-results.ts';
import type { NewJournal } from './write-journal.ts';

/** What became of the outcomes of an input. */
export type InputCounts = {
  directory: string;
  shard?: string;
  /** those that no earlier directory had */
  outcomes: number;
  /** those that an earlier directory had, or an earlier line of this one, with the same result */
  repeated: number;
  /** those of nodes that were found to give wrong results, which are left out */
  setAside: number;
  /** Does the journal end in a line that was never finished? It is left out: nothing was ever told to be recorded there. */
  unfinished: boolean;
};

type Options = {
  inputs: readonly Input[];
  sweep: Sweep;
  expansion: Expansion;
  /** where the lines go; undefined: nowhere */
  journal: NewJournal | undefined;
  /** the directory that gets the series */
  target: string | undefined;
  /** told of each outcome that is new, and whether all is there that belongs to it */
  hear(outcome: Outcome, isComplete: boolean): void;
  /** told of each input at its end */
  onInput(counts: InputCounts): void;
  /** ends the reading */
  signal: AbortSignal;
};

export class Interrupted extends Error {}

/**
 * Merges journals line by line: each task once, its first line as it stands, so that digests and signatures still hold. Memory: the cells of
 * one input, and about a byte and eight more for each task.
 */
export class Merging {
  readonly #options: Options;
  readonly #known: KnownResults;
  readonly #setAside: ReadonlyMap<string, SetAside>;
  /** ids of tasks whose series no directory has had so far */
  readonly #incomplete = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
    this.#known = new KnownResults(options.expansion);
    this.#setAside = new Map(nodesSetAside(options.inputs).map((node) => [node.key, node]));
  }

  /** Outcomes that the sweep no longer has, so far. */
  get others(): number {
    return this.#known.others;
  }

  /** Recorded tasks whose series is nowhere, so far. */
  get incomplete(): ReadonlySet<string> {
    return this.#incomplete;
  }

  /**
   * The outcomes that are new, one by one; the line of each is written before.
   * @throws EdgesweepError OUTCOMES_DIFFER, JOURNAL_DAMAGED, JOURNAL_OTHER_NUMERICS, SERIES_DAMAGED, DISK; Interrupted
   */
  async *outcomes(): AsyncGenerator<Outcome> {
    const { sweep, expansion, journal, hear, onInput, signal } = this.#options;
    for (const input of this.#options.inputs) {
      const path = journalPath(input.directory);
      const counts = countsOf(input);
      // missing where its only run was stopped between the two files
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      const decoder = new OutcomeDecoder(path, numericsOf(sweep), expansion.cells);
      let read = 0;
      for await (const lines of size === 0 ? [] : readableLines(path)) {
        if (signal.aborted) throw new Interrupted();
        // nothing is awaited that need not be: there may be very many lines
        for (const line of lines) {
          read += line.bytes.length + 1;
          const outcome = decoder.decode(line);
          if (this.#setAside.has(outcome.provenance.signed?.key ?? '')) {
            counts.setAside += 1;
            continue;
          }
          const known = this.#known.add(outcome);
          if (known === 'different') throw await this.#difference(outcome, path, line.number);
          if (known === 'same') {
            counts.repeated += 1;
            if (this.#incomplete.size > 0) await this.#completeSeries(input, outcome);
            continue;
          }
          if (journal?.add(textOf(line, decoder)) === 'full') await journal.flush();
          counts.outcomes += 1;
          hear(outcome, seriesOf(outcome) === undefined || (await this.#takeSeries(input, outcome)));
          yield outcome;
        }
      }
      onInput({ ...counts, unfinished: read < size });
    }
  }

  async #takeSeries({ directory }: Input, outcome: Outcome): Promise<boolean> {
    const isThere = await takeSeries(directory, this.#options.target, outcome);
    if (!isThere) this.#incomplete.add(outcome.task.id);
    return isThere;
  }

  /** The first line of a task is the one that stays, and the series of a later one may be the one that is there. */
  async #completeSeries({ directory }: Input, outcome: Outcome): Promise<void> {
    if (!this.#incomplete.has(outcome.task.id) || !isExact(outcome.task.numerics)) return;
    if (!(await takeSeries(directory, this.#options.target, outcome))) return;
    this.#incomplete.delete(outcome.task.id);
    this.#options.hear(outcome, true);
  }

  async #difference(outcome: Outcome, path: string, line: number) {
    const { id } = outcome.task;
    for (const { directory } of this.#options.inputs) {
      const first = journalPath(directory);
      const found = await findOutcome(first, id);
      if (found === undefined) continue;
      return outcomesDiffer(
        id,
        { where: `${first}:${found.line}`, result: resultText(found.outcome) },
        { where: `${path}:${line}`, result: resultText(outcome) },
      );
    }
    throw new Error(`task ${id} is in no journal any more`);
  }
}

const countsOf = ({ directory, sweep: { shard } }: Input): InputCounts => ({
  ...{ directory, ...(shard !== undefined && { shard }) },
  ...{ outcomes: 0, repeated: 0, setAside: 0, unfinished: false },
});

/** The line as it stands; one of an earlier version gets its digest. */
const textOf = ({ bytes }: Line, decoder: OutcomeDecoder): Uint8Array =>
  decoder.isUnsealed ? Buffer.from(sealText(bytes.toString('utf8'))) : bytes;

/** Nodes that were set aside in any of the directories, each once. */
export function nodesSetAside(inputs: readonly Pick<Input, 'audit'>[]): SetAside[] {
  const all = inputs.flatMap(({ audit }) => audit?.setAside ?? []);
  return [...new Map(all.reverse().map((node) => [node.key, node])).values()].reverse();
}
