import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthOf, settle } from '../../../orchestrator/adaptive/mod.ts';
import { Progress } from '../../../orchestrator/directory/mod.ts';
import { tableOf } from '../../../orchestrator/experiments/mod.ts';
import { render } from '../../../orchestrator/report/mod.ts';
import { histogramOf, moments } from '../../../orchestrator/statistics.ts';
import type { SearchOutcome } from '../../../shared/mod.ts';
import { Stream } from '../../../shared/random/mod.ts';
import { expand, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { searchResult } from '../../support/mod.ts';
import { refusalOfText, withFile } from '../sweep/support.ts';

const HEAD = 'name: probe\ntitle: Probe\nexperiment: maximal-step-size\n';
const REST = 'grid: {activation: [linear, tanh, relu]}\nsearch: {initialStepSize: 1, growth: 1.1, ceiling: 1.0e+4}\n';
const sweep = withFile(`${HEAD}${REST}runs: {until: {ci95: 0.1}, block: 4, most: 22}\n`, (file) =>
  loadSweepOf('maximal-step-size', file),
);
const expansion = expand(sweep);
const PROVENANCE = { engine: 'simd', host: 'here', seconds: 0, version: '0', node: 'v20', attempts: 1 };

/** Of cell 0 the rungs hardly differ, of cell 1 very much, of cell 2 in between. */
function outcomeOf(cell: number, run: number): SearchOutcome {
  const spread = [3, 40, 7][cell];
  const rung = new Stream({ seed: 1, purpose: 'noise', run, rung: cell }).below(spread);
  const task = expansion.task(cell, run);
  return { task, result: searchResult(task.cell.search, 20 + rung), provenance: PROVENANCE };
}

/** The rule, as docs say it. */
function runsByRule(cell: number): number {
  for (let runs = 4; ; runs = Math.min(22, runs + 4)) {
    const stepSizes = Array.from({ length: runs }, (_, run) => outcomeOf(cell, run).result.stepSize);
    const { mean, ci95 } = moments(histogramOf(stepSizes));
    if (ci95! / mean <= 0.1 || runs === 22) return runs;
  }
}
const EXPECTED = [0, 1, 2].map(runsByRule);

/** Does what is wanted, in an order of its own, and now and then forgets everything but the outcomes, as a killed run does. */
function simulate(random: () => number): { wanted: number[]; outcomes: SearchOutcome[] } {
  const outcomes: SearchOutcome[] = [];
  for (;;) {
    const growth = growthOf(sweep, expansion)!;
    const progress = new Progress(expansion);
    for (const outcome of outcomes) {
      growth.add(outcome);
      progress.add(outcome.task);
    }
    for (;;) {
      growth.grow();
      progress.want(growth.wanted);
      const pending = [0, 1, 2].flatMap((cell) =>
        Array.from({ length: growth.wanted(cell) }, (_, run) => [cell, run] as const).filter(
          ([, run]) => !progress.isDone(cell, run),
        ),
      );
      expect(progress.total - progress.done).toBe(pending.length);
      if (pending.length === 0) return { wanted: [0, 1, 2].map(growth.wanted), outcomes };
      const outcome = outcomeOf(...pending[Math.floor(random() * pending.length)]);
      outcomes.push(outcome);
      growth.add(outcome);
      progress.add(outcome.task);
      if (random() < 0.1) break;
    }
  }
}

describe('runs that are added as needed', () => {
  it('are those of the rule, whatever the order of outcomes and whenever the run is killed', () => {
    expect(new Set(EXPECTED).size).toBe(3);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const stream = new Stream({ seed, purpose: 'noise', run: 0 });
        const { wanted, outcomes } = simulate(() => stream.uniform());
        expect(wanted).toEqual(EXPECTED);
        expect(outcomes).toHaveLength(EXPECTED.reduce((sum, runs) => sum + runs, 0));
      }),
      { numRuns: 30 },
    );
  });

  it('beyond those of the rule do not count: runs of an earlier, fixed number of them', async () => {
    const all = [0, 1, 2].flatMap((cell) => Array.from({ length: 22 }, (_, run) => outcomeOf(cell, run)));
    const settled = await settle(sweep, expansion, all);
    expect([0, 1, 2].map(settled.expansion.runsOf)).toEqual(EXPECTED);
    expect([...(settled.outcomes as SearchOutcome[])]).toHaveLength(settled.expansion.tasks);
    expect([0, 1, 2].map(settled.expansion.stopOf!)).toEqual(['narrow', 'most', 'narrow']);
  });

  it('are told by the table, with why there are no more', async () => {
    const { outcomes } = simulate(() => 0.5);
    const table = await tableOf(sweep, outcomes as never);
    const text = render(table, 'md');
    expect(text).toContain('narrow enough in 2 of 3 rows, stopped at the most runs in 1');
    expect(text).toContain(`${EXPECTED[0]} of ${EXPECTED[0]}`);
    expect(render(table, 'csv').split('\n')[2]).toMatch(/,most$/);
    const partial = render(await tableOf(sweep, outcomes.slice(0, 3) as never), 'md');
    expect(partial).toContain('partial: 3 of 12 tasks');
    expect(partial).toContain('unfinished in 3');
  });

  it('that are taken back are decided anew', () => {
    const growth = growthOf(sweep, expansion)!;
    const add = (run: number, from = run) => growth.add({ ...outcomeOf(0, from), task: expansion.task(0, run) });
    for (let run = 0; run < 22; run++) add(run);
    growth.grow();
    expect([growth.wanted(0), growth.stop(0)]).toEqual([EXPECTED[0], 'narrow']);
    growth.remove(expansion.task(0, 1));
    growth.grow();
    expect([growth.wanted(0), growth.stop(0)]).toEqual([4, null]);
    add(1);
    growth.grow();
    expect([growth.wanted(0), growth.stop(0)]).toEqual([EXPECTED[0], 'narrow']);
  });

  it('a condition that cannot be met ends at the most runs', () => {
    const growth = growthOf({ ...sweep, runs: { until: { ci95: 1e-9, of: 'mean' }, block: 4, most: 22 } }, expansion)!;
    for (const cell of [0, 1, 2]) for (let run = 0; run < 22; run++) growth.add(outcomeOf(cell, run));
    growth.grow();
    expect(growth.counts()).toEqual({ tasks: 66, narrow: 0, most: 3, missing: 0 });
  });
});

describe('bad conditions are refused with their place', () => {
  const refusal = (runs: string, text = HEAD) => refusalOfText(`${text}${REST}runs: ${runs}\n`).text;

  it.each([
    ['{until: {ci95: 0}}', 'runs.until.ci95'],
    ['{until: {ci95: 2}}', 'runs.until.ci95'],
    ['{until: {ci95: 0.1, of: eta50}}', 'bad value for `runs.until.of`\nmean'],
    ['{until: {ci95: 0.1}, block: 1}', 'runs.block'],
    ['{until: {ci95: 0.1}, block: 20, most: 10}', 'fewer runs than one block'],
    ['{block: 20}', 'missing key `runs.until`'],
    ['{until: {ci95: 0.1}, most: 100000000}', 'the sweep is too large'],
    ['0', 'runs'],
  ])('%s', (runs, text) => expect(refusal(runs)).toContain(text));

  it('an interval that the experiment does not have', () => {
    const survival = 'name: probe\ntitle: Probe\nexperiment: survival\ngrid: {activation: tanh, stepSize: [1, 2]}\n';
    expect(refusalOfText(`${survival}runs: {until: {ci95: 0.1, of: mean}}\n`).text).toContain(
      'bad value for `runs.until.of`\neta50',
    );
    const trajectory =
      'name: probe\ntitle: Probe\nexperiment: trajectory\ngrid: {activation: tanh, scheme: {kind: constant, stepSize: 0.1}}\n';
    expect(refusalOfText(`${trajectory}runs: {until: {ci95: 0.1}}\n`).text).toContain('bad value for `runs`');
  });
});
