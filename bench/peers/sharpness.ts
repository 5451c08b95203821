import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../../dist/shared/mod.js';
import { engineOf, startTraining } from '../../dist/worker/mod.js';
import { ratiosOf, repetitionsFor, type Spread, spreadOf, time } from '../speed/interleave.ts';
import { type Point, pointsOf, taskOf } from '../trajectory/points.ts';
import { LANCZOS, measurer } from '../trajectory/sharpness.ts';
import type { Peer } from './process.ts';
import { type Effort, inTurn } from './trainings.ts';

export type SharpnessRow = {
  activation: string;
  iteration: number;
  rounds: number;
  /** of the largest eigenvalue in float64, of the worst block and start; undefined where nobody judged */
  ways: { name: string; seconds: Spread; error?: number; times?: Spread }[];
};

const STARTS = 5;
export const PEERS = { pytorch: 'PyHessian', jax: 'JAX, Lanczos' } as const;

/** What a peer needs to measure there: blocks are the whole network, then each layer. */
export const placeOf = ({ folder, iteration, vectors }: Point) => ({
  folder,
  iteration,
  warm: vectors.size === 0 ? null : [...vectors.values()].map((vector) => [...vector]),
});

/** @returns the library of each peer that measures sharpness */
export const measuring = (peers: readonly Peer[]) =>
  peers.flatMap((peer) => (peer.library === 'numpy' ? [] : [{ name: PEERS[peer.library], peer }]));

/** One measurement of network and layers, as in the course of a run: ours and JAX's start from the last eigenvectors. */
export async function timeSharpness(
  activations: readonly ('tanh' | 'relu')[],
  iterations: readonly number[],
  engines: readonly EngineName[],
  peers: readonly Peer[],
  dumps: string,
  effort: Effort,
): Promise<SharpnessRow[]> {
  const judge = peers.find(({ library }) => library === 'pytorch');
  const rows: SharpnessRow[] = [];
  for (const activation of activations) {
    for (const point of pointsOf(activation, iterations, join(dumps, 'sharpness'))) {
      const place = placeOf(point);
      const ours = engines.map((name) => {
        const { objective } = startTraining(taskOf(activation), engineOf(name), []);
        const measure = measurer({ ...point, objective }, LANCZOS, true);
        const repetitions = repetitionsFor(effort.secondsPerSample, measure);
        const sample = () =>
          time(() => {
            for (let i = 0; i < repetitions; i++) measure();
          }) / repetitions;
        const found = async () =>
          Array.from({ length: STARTS }, () =>
            measure().map((one): [number, number[]] => [one.largest[0].value, [...one.vector]]),
          );
        return { name: name as string, sample, found };
      });
      const theirs = measuring(peers).map(({ name, peer: { ask } }) => ({
        name: name as string,
        sample: async () =>
          (
            await ask<{ secondsPerMeasurement: number }>({
              kind: 'measure',
              ...place,
              seconds: effort.secondsPerSample,
            })
          ).secondsPerMeasurement,
        found: async () =>
          (await ask<{ found: [number, number[]][][] }>({ kind: 'found', ...place, starts: STARTS })).found,
      }));
      for (const { sample } of theirs) await sample();
      const { rounds, seconds } = await inTurn([...ours, ...theirs], effort);
      const of = (name: string) => seconds.get(name) ?? [];
      const fastest = ours.map(({ name }) => of(name)).toSorted((a, b) => spreadOf(a).median - spreadOf(b).median)[0];
      const ways: SharpnessRow['ways'] = [];
      for (const { name, found } of [...ours, ...theirs]) {
        const request = { kind: 'judge', folder: point.folder, iteration: point.iteration, found: await found() };
        const judged = await judge?.ask<{ verdicts: { error: number }[][] }>(request);
        const error = judged && Math.max(...judged.verdicts.flat().map((verdict) => verdict.error));
        const isOurs = ours.some((one) => one.name === name);
        ways.push({
          name,
          seconds: spreadOf(of(name)),
          ...(error !== undefined && { error }),
          ...(!isOurs && { times: ratiosOf(of(name), fastest) }),
        });
      }
      rows.push({ activation, iteration: point.iteration, rounds, ways });
    }
    await Promise.all(peers.map(({ ask }) => ask({ kind: 'forget' })));
    rmSync(join(dumps, 'sharpness'), { recursive: true, force: true });
  }
  return rows;
}
