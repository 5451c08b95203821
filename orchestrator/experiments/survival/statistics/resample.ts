import { Stream } from '../../../../shared/random/mod.ts';
import type { DataSet } from './counts.ts';

/** Standard deviations of a binomial distribution beyond which nothing is drawn: less than 2^-32 of it lies there. */
const REACH = 8;

/**
 * The bootstrap on two levels: as many data sets as there are, drawn with replacement, and for each, at each step size, as many
 * trainings as there are, drawn with replacement. Replicate b takes the words of the stream (seed, resampling, run b).
 */
export class Resampler {
  readonly #dataSets: readonly DataSet[];
  readonly #seed: number;
  readonly #tables = new Map<string, Table>();

  constructor(dataSets: readonly DataSet[], seed: number) {
    this.#dataSets = dataSets;
    this.#seed = seed;
  }

  /** @returns the data sets of the replicate, and the stream after them */
  replicate(b: number): { dataSets: DataSet[]; stream: Stream } {
    const stream = new Stream({ seed: this.#seed, purpose: 'resampling', run: b });
    const count = this.#dataSets.length;
    const dataSets = Array.from({ length: count }, () => this.#again(this.#dataSets[stream.below(count)], stream));
    return { dataSets, stream };
  }

  #again({ trained, diverged }: DataSet, stream: Stream): DataSet {
    return {
      trained,
      diverged: diverged.map((k, i) => {
        const n = trained[i];
        // where all did the same, so does every sample
        return k === 0 || k === n ? k : draw(this.#table(n, k), stream.uniform());
      }),
    };
  }

  #table(n: number, k: number): Table {
    const key = `${n} ${k}`;
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = binomial(n, k / n);
      this.#tables.set(key, table);
    }
    return table;
  }
}

/** The distribution function of a binomial distribution at first, first + 1, ... */
type Table = { first: number; cumulative: Float64Array };

/** By the ratios of neighbouring probabilities, outwards from the most likely. */
function binomial(n: number, p: number): Table {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const reach = Math.ceil(REACH * Math.sqrt(n * p * (1 - p))) + 1;
  const first = Math.max(0, mode - reach);
  const last = Math.min(n, mode + reach);
  const weights = new Float64Array(last - first + 1);
  weights[mode - first] = 1;
  const odds = p / (1 - p);
  for (let k = mode; k < last; k++) weights[k + 1 - first] = (weights[k - first] * odds * (n - k)) / (k + 1);
  for (let k = mode; k > first; k--) weights[k - 1 - first] = (weights[k - first] * k) / (odds * (n - k + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let passed = 0;
  return {
    first,
    cumulative: weights.map((weight) => {
      passed += weight / sum;
      return passed;
    }),
  };
}

function draw({ first, cumulative }: Table, uniform: number): number {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] < uniform) low = middle + 1;
    else high = middle;
  }
  return first + low;
}
