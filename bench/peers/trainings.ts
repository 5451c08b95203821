import type { EngineName } from '../../dist/shared/mod.js';
import { timed } from '../speed/engines.ts';
import { type Contender, ratiosOf, type Spread, spreadOf } from '../speed/interleave.ts';
import type { Shape } from '../speed/shapes.ts';
import { type Peer, type TrainAnswer, type Tuning, trainRequest } from './process.ts';

/** @property rounds at most, and 3 at least, within @property seconds */
export type Effort = { rounds: number; seconds: number; secondsPerSample: number; tuning: Tuning };

export type PeerTiming = { peer: string; way: string; rungs: number; seconds: Spread };

export type RowTiming = {
  label: string;
  rounds: number;
  engines: Partial<Record<EngineName, Spread>>;
  peers: PeerTiming[];
  /** the peer with the smallest median, against the fastest engine, round by round */
  best?: { peer: string; ratio: Spread };
  /** the loop that people write */
  eager?: Spread;
};

export type Timings = { rounds: number; seconds: Map<string, number[]> };

/** In turn, A B C A B C ..., as many rounds as fit. */
export async function inTurn(
  contenders: readonly Contender[],
  { rounds, seconds }: Pick<Effort, 'rounds' | 'seconds'>,
): Promise<Timings> {
  const taken = new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  const started = performance.now();
  let done = 0;
  while (done < rounds && (done < Math.min(3, rounds) || performance.now() - started < 1000 * seconds)) {
    for (const { name, sample } of contenders) taken.get(name)?.push(await sample());
    done++;
  }
  return { rounds: done, seconds: taken };
}

/** Every way of training of every peer that has one for the shape, at its fastest group, which is found here. */
export async function contendersOf(
  shape: Shape,
  peers: readonly Peer[],
  { tuning, secondsPerSample }: Pick<Effort, 'tuning' | 'secondsPerSample'>,
  leave: readonly string[] = [],
  most?: number,
): Promise<(Contender & { way: string; rungs: number })[]> {
  const contenders = [];
  for (const { ask, peers: names } of peers) {
    for (const name of names.filter((one) => !leave.includes(one))) {
      const request = trainRequest(name, shape, tuning, secondsPerSample, most);
      let first: TrainAnswer;
      try {
        first = await ask<TrainAnswer>(request);
      } catch (error) {
        process.stderr.write(`${shape.label}: ${name} left out: ${error}\n`);
        continue;
      }
      if (first.way === null) continue;
      const sample = async () => (await ask<{ secondsPerStep: number }>(request)).secondsPerStep;
      contenders.push({ name, way: first.way, rungs: first.rungs, sample });
    }
  }
  return contenders;
}

export async function timeRow(
  shape: Shape,
  engines: readonly EngineName[],
  peers: readonly Peer[],
  effort: Effort,
): Promise<RowTiming> {
  const theirs = await contendersOf(shape, peers, effort);
  const ours = engines.map((name) => ({ name, ...timed(name, shape, shape.steps, effort.secondsPerSample) }));
  const { rounds, seconds } = await inTurn([...ours, ...theirs], effort);
  await Promise.all(peers.map(({ ask }) => ask({ kind: 'forget' })));
  const of = (name: string) => seconds.get(name) ?? [];
  const median = (name: string) => spreadOf(of(name)).median;
  const fastest = (names: readonly { name: string }[]) =>
    names.map(({ name }) => name).toSorted((a, b) => median(a) - median(b))[0];
  const [engine, best] = [fastest(ours), fastest(theirs)];
  return {
    label: shape.label,
    rounds,
    engines: Object.fromEntries(engines.map((name) => [name, spreadOf(of(name))])),
    peers: theirs.map(({ name, way, rungs }) => ({ peer: name, way, rungs, seconds: spreadOf(of(name)) })),
    ...(best !== undefined && { best: { peer: best, ratio: ratiosOf(of(best), of(engine)) } }),
    ...(of('eager').length > 0 && { eager: ratiosOf(of('eager'), of(engine)) }),
  };
}
