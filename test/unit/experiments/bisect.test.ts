import { expect, it } from 'vitest';
import { tableOf } from '../../../orchestrator/experiments/mod.ts';
import { render } from '../../../orchestrator/report/mod.ts';
import {
  type BisectResult,
  crossingsOf,
  middleOf,
  type OutcomeOf,
  resultProblem,
  scanStepSizes,
  type TaskOf,
  taskSchema,
} from '../../../shared/mod.ts';
import { expand, loadSweepOf } from '../../../shared/sweep/mod.ts';
import type { Engine, Trial } from '../../../worker/engines/mod.ts';
import { computeOn, runTask } from '../../../worker/experiments/mod.ts';
import { refusalOfText, withFile } from '../sweep/support.ts';

const HEAD = 'name: probe\ntitle: Probe\nexperiment: bisect\nruns: 3\n';
const GRID = 'grid: {activation: [linear, tanh], width: 5, dataset: {kind: synthetic, examples: 16, dimensions: 4}}\n';
const sweepOf = (settings: string) =>
  withFile(`${HEAD}${GRID}bisect: ${settings}\n`, (file) => loadSweepOf('bisect', file));

/** An engine whose trainings diverge as the rule says; it counts them. */
function engineOf(lanes: number, diverges: (stepSize: number) => boolean) {
  let trained = 0;
  const trainAll = (trials: readonly Trial[]) =>
    trials.map(({ stepSize }) => {
      trained += 1;
      return {
        losses: new Float32Array(),
        divergence: diverges(stepSize) ? { iteration: 1, kind: 'nan' as const } : null,
      };
    });
  const engine = { prepare: () => ({ lanes, train: trainAll, trainAll }) } as unknown as Engine;
  return { engine, trained: () => trained };
}

it('halves the distance as often as it is asked to, in any number of lanes', async () => {
  const task = expand(sweepOf('{low: 0.1, high: 10, halvings: 14}')).task(0, 0);
  const rules = [
    (s: number) => s > 1.2345,
    // several changes: which of them is found is that of one halving after the other
    (s: number) => Math.sin(9 * Math.log(s)) > 0 || s > 9,
  ].map((rule) => (s: number) => s > 0.11 && rule(s));
  for (const diverges of rules) {
    let [low, high] = [0.1, 10];
    for (let i = 0; i < 14; i++) {
      const middle = middleOf(low, high);
      if (diverges(middle)) high = middle;
      else low = middle;
    }
    for (const lanes of [1, 4, 8, 16]) {
      const { engine } = engineOf(lanes, diverges);
      const { result } = await computeOn(engine, task);
      expect(result).toEqual({ end: 'found', low, high, scan: [] });
      expect(resultProblem(task, result)).toBeUndefined();
      expect(high / low).toBeCloseTo(100 ** (2 ** -14), 12);
    }
  }
});

it('says where the ends are on the same side, without halving', async () => {
  const task = expand(sweepOf('{low: 0.1, high: 10, scan: 2}')).task(0, 0);
  const compute = (diverges: (stepSize: number) => boolean) => {
    const { engine, trained } = engineOf(4, diverges);
    return Promise.resolve(computeOn(engine, task)).then(({ result }) => ({ result, trained: trained() }));
  };
  expect(await compute(() => false)).toEqual({
    result: { end: 'never', low: 0.1, high: 10, scan: [0, 0, 0] },
    trained: 3,
  });
  expect(await compute(() => true)).toMatchObject({ result: { end: 'always', scan: [1, 1, 1] }, trained: 3 });
});

it('a scan is geometric, has both ends, and counts the changes of the verdict', () => {
  const stepSizes = scanStepSizes({ low: 0.5, high: 8, scan: 4 });
  expect(stepSizes).toEqual([0.5, 1, 2, 4, 8].map((s) => expect.closeTo(s, 12)));
  expect(scanStepSizes({ low: 1, high: 2, scan: 0 })).toEqual([1, 2]);
  expect(crossingsOf([0, 0, 5, 1])).toBe(1);
  expect(crossingsOf([0, 3, 0, 1])).toBe(3);
});

it('the same bits on every engine, and the table of a run of it', async () => {
  const sweep = sweepOf('{low: 0.05, high: 80, halvings: 10, scan: 8, steps: 20}');
  const { cells, task } = expand(sweep);
  const outcomes = await Promise.all(
    cells.flatMap((_, cell) =>
      [0, 1, 2].map(async (run): Promise<OutcomeOf<'bisect'>> => {
        const one: TaskOf<'bisect'> = task(cell, run);
        expect(taskSchema().parse(one)).toEqual(one);
        const [simd, reference] = [await runTask(one, 'simd'), await runTask(one, 'reference')];
        expect(simd.result).toEqual(reference.result);
        const provenance = { engine: 'simd', host: 'here', seconds: 0, version: '0', node: 'v20', attempts: 1 };
        return { task: one, result: simd.result, provenance };
      }),
    ),
  );
  const never: BisectResult = { end: 'never', low: 0.05, high: 80, scan: Array.from({ length: 9 }, () => 0) };
  outcomes[5] = { ...outcomes[5], result: never };
  const report = await tableOf(sweep, outcomes as never);
  const { entries } = JSON.parse(render(report, 'json'));
  expect(entries.map(({ thresholds }: { thresholds: number[] }) => thresholds.length)).toEqual([3, 2]);
  expect(entries[1]).toMatchObject({ never: 1, always: 0, n: 3 });
  expect(render(report, 'md')).toContain('1 never');
});

it('results that no halving has, and bad settings, are refused', () => {
  const task = expand(sweepOf('{low: 0.1, high: 10, halvings: 2, scan: 2, steps: 5}')).task(0, 0);
  const result = { end: 'found', low: 0.1, high: middleOf(0.1, 1), scan: [0, 3, 1] } as const;
  expect(resultProblem(task, { ...result, scan: [...result.scan] })).toBeUndefined();
  expect(resultProblem(task, { ...result, high: 2, scan: [0, 3, 1] })).toContain('no halving');
  expect(resultProblem(task, { ...result, scan: [0, 9, 1] })).toContain('iteration 9 of 5');
  expect(resultProblem(task, { ...result, scan: [] })).toContain('0 step sizes');
  const refusal = (settings: string) => refusalOfText(`${HEAD}${GRID}bisect: ${settings}\n`).text;
  expect(refusal('{low: 2, high: 2}')).toContain('one point');
  expect(refusal('{scan: 100}')).toContain('a power of two');
  expect(refusal('{halvings: 0}')).toContain('bisect.halvings');
});
