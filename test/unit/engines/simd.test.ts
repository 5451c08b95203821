import { describe, expect, it } from 'vitest';
import { EdgesweepError, ENGINES } from '../../../shared/mod.ts';
import { engineOf, type Problem, type Trial } from '../../../worker/engines/mod.ts';
import { wasBuilt } from '../../../worker/engines/native/addon.ts';
import { createSimdEngine } from '../../../worker/engines/simd/mod.ts';
import { isAcross } from '../../../worker/engines/simd/trainer.ts';
import { nativeEngines } from '../../support/native.ts';
import { problemOf, trialOf } from './support.ts';

const both = (problem: Problem, trials: Trial[]) =>
  (['reference', 'simd'] as const).map((name) => engineOf(name).prepare(problem).train(trials));

/** A problem without numbers: enough to lay out the memory. */
function hollow(width: number): Problem {
  const problem = problemOf({ inputs: 1, outputs: 1, depth: 3, width }, 1, { iterations: 1 });
  return { ...problem, network: { ...problem.network, width } };
}

describe('the simd engine', () => {
  it('takes any number of trials', () => {
    const problem = problemOf({}, 10);
    for (const count of [0, 1, 3, 4, 5, 9]) {
      const trials = Array.from({ length: count }, (_, rung) => trialOf(0.1 + 0.1 * rung, rung));
      const [reference, simd] = both(problem, trials);
      expect(simd).toHaveLength(count);
      expect(simd).toEqual(reference);
    }
  });

  it('takes many inputs in chunks of which the last is short, full batch and shuffled', () => {
    for (const batchSize of [9, 4, 1]) {
      const problem = problemOf({ inputs: 301, width: 20, activation: 'relu' }, 9, { batchSize, iterations: 5 });
      const trials = [0, 1, 2, 3].map((rung) => trialOf(0.01, rung));
      const [reference, simd] = both(problem, trials);
      expect(simd).toEqual(reference);
    }
  });

  // 256 units are a row whose length is a power of two, which gets a vector more
  it.each([128, 256])('trains networks of %i units one at a time, with the same bits', (width) => {
    for (const batchSize of [20, 16]) {
      const problem = problemOf({ width, depth: 3, activation: 'relu' }, 20, { batchSize, iterations: 3 });
      expect(isAcross(problem)).toBe(true);
      const trials = [0.01, 0.1, 1e9, 0.1].map((stepSize, rung) => trialOf(stepSize, rung));
      const reference = engineOf('reference').prepare(problem).train(trials);
      for (const [name, engine] of [['simd', engineOf('simd')] as const, ...nativeEngines()])
        expect(engine.prepare(problem).train(trials), name).toEqual(reference);
    }
  });

  it('stops at the first trial that diverges, in any lane', () => {
    const problem = problemOf({ activation: 'linear' }, 10, { iterations: 60 });
    for (let diverging = 0; diverging < 6; diverging++) {
      const trials = Array.from({ length: 6 }, (_, rung) => trialOf(rung >= diverging ? 1e3 : 0.01, rung));
      const [reference, simd] = both(problem, trials);
      expect(simd).toHaveLength(diverging + 1);
      expect(simd).toEqual(reference);
    }
  });

  it.each(ENGINES.filter((name) => name !== 'native' || wasBuilt()))(
    'trains all on %s, also those after one that diverges',
    (name) => {
      const cases = [
        problemOf({ activation: 'linear' }, 10, { iterations: 60 }),
        problemOf({ activation: 'linear' }, 10, { iterations: 1500 }),
        problemOf({ activation: 'relu' }, 10, { batchSize: 3, iterations: 60 }),
        // comes back under the bound
        problemOf({}, 10, { iterations: 60, lossLimit: 0.5 }),
      ];
      const stepSizes = [1e3, 0.01, 0.02, 3, 1e5, 0.5, 1e3, 0.01, 1, 2, 1e3];
      const trials = stepSizes.map((stepSize, rung) => trialOf(stepSize, rung));
      for (const problem of cases) {
        const alone = trials.map((trial) => engineOf('reference').prepare(problem).train([trial])[0]);
        const trainer = engineOf(name).prepare(problem);
        expect(trainer.trainAll(trials)).toEqual(alone);
        expect(trainer.trainAll([trials[0], trials[4], trials[6]])).toEqual([alone[0], alone[4], alone[6]]);
        expect(trainer.train(trials)).toEqual([alone[0]]);
      }
    },
  );

  it('trains again with the same trainer, and with another after it, as if for the first time', () => {
    const engine = createSimdEngine();
    const shuffled = problemOf({}, 10, { batchSize: 3, iterations: 9 });
    const trainer = engine.prepare(shuffled);
    const first = trainer.train([trialOf(0.3)]);
    trainer.train([trialOf(2, 5)]);
    expect(trainer.train([trialOf(0.3)])).toEqual(first);
    engine.prepare(problemOf({ depth: 6, width: 20, activation: 'gelu' }, 40)).train([trialOf(1)]);
    expect(engine.prepare(shuffled).train([trialOf(0.3)])).toEqual(first);
  });

  it('says so when network and data do not fit in its memory', () => {
    const prepare = () => createSimdEngine().prepare(hollow(30_000));
    expect(prepare).toThrow(EdgesweepError);
    expect(prepare).toThrow(expect.objectContaining({ code: 'NETWORK_TOO_LARGE' }));
  });

  it('addresses memory above 2 GiB', () => {
    // 67 million weights and their gradients, four lanes each, lie below the data: nothing of it is written to
    expect(() => createSimdEngine().prepare(hollow(8_300))).not.toThrow();
  });
});
