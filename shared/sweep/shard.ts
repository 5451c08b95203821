import { z } from 'zod';
import { lazily } from '../lazily.ts';

/** One part of a sweep, for one of several machines: the `index`-th of `of` parts, counted from 1. */
export type Shard = { index: number; of: number };

const MOST_SHARDS = 100_000;
const FORM = /^(\d{1,6})\/(\d{1,6})$/;

/** `3/10` as a shard; undefined where it is none. */
export function parseShard(text: string): Shard | undefined {
  const [, index, of] = FORM.exec(text)?.map(Number) ?? [];
  return index >= 1 && index <= of && of <= MOST_SHARDS ? { index, of } : undefined;
}

/** The shard that a sweep is; undefined for a whole one. */
export const shardOf = ({ shard }: { shard?: string | undefined }): Shard | undefined =>
  shard === undefined ? undefined : parseShard(shard);

export const shardKey = lazily(() =>
  z
    .string()
    .superRefine((text, context) => {
      if (parseShard(text) !== undefined) return;
      const params = {
        expected: `K/N, the K-th of N shards, with K from 1 to N and N at most ${MOST_SHARDS}`,
        got: text,
        fix: 'for instance 3/10',
      };
      context.addIssue({ code: 'custom', message: 'not a shard of a sweep', params });
    })
    .optional()
    .describe('the K-th of N parts of the sweep, written K/N; default: all of it'),
);

/**
 * The first run of a cell that is of the shard; every `of`-th run after it is too. Run r of cell c is of shard
 * 1 + (r + c + floor(c / N)) mod N: of every cell all shards have equally many runs, to within one, and a sweep of one run per cell is dealt
 * out in rounds, each of which begins one shard later, so that no shard gets all cells of one value.
 */
export function firstRunOf({ index, of }: Shard, cellIndex: number): number {
  const shift = (cellIndex + Math.floor(cellIndex / of)) % of;
  return (index - 1 - shift + of) % of;
}

/** The runs of a cell, of so many, that are of the shard. */
export function countRuns(shard: Shard | undefined, cellIndex: number, runs: number): number {
  if (shard === undefined) return runs;
  return Math.max(0, Math.ceil((runs - firstRunOf(shard, cellIndex)) / shard.of));
}

export const isInShard = (shard: Shard | undefined, cellIndex: number, run: number): boolean =>
  shard === undefined || run % shard.of === firstRunOf(shard, cellIndex);

/** How many runs of its cell, of those of the shard, come before the run. */
export const placeInShard = (shard: Shard | undefined, run: number): number =>
  shard === undefined ? run : Math.floor(run / shard.of);

/** The first `count` runs of a cell that are of the shard. */
export function* runsInShard(shard: Shard | undefined, cellIndex: number, count: number): Generator<number> {
  const first = shard === undefined ? 0 : firstRunOf(shard, cellIndex);
  for (let place = 0; place < count; place++) yield first + place * (shard?.of ?? 1);
}

/** The title of the sweep, which says of a shard that it is one. */
export const withShardTitle = <S extends { title: string; shard?: string | undefined }>(sweep: S): S =>
  sweep.shard === undefined ? sweep : { ...sweep, title: `${sweep.title} (shard ${sweep.shard})` };

/** What its directory is called: shards of one sweep have directories of their own. */
export const directoryNameOf = ({ name, shard }: { name: string; shard?: string | undefined }): string =>
  shard === undefined ? name : `${name}-shard-${shard.replace('/', '-of-')}`;
