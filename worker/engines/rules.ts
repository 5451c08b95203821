import { EdgesweepError, type EngineName, EXACT_OPTIMIZERS, type Loss, optimizerFacts } from '../../shared/mod.ts';
import type { Problem } from './problem.ts';

/** How the engines of exact arithmetic train; `momentum` is a float32, 0 for sgd. */
export type Rules = { loss: Loss; optimizer: 'sgd' | 'momentum' | 'nesterov'; momentum: number };

/** @throws EdgesweepError USAGE for an optimiser that only another engine has */
export function rulesOf(engine: EngineName, { loss = 'mse', optimizer }: Problem): Rules {
  const { kind, ...values } = optimizer ?? ({ kind: 'sgd' } as const);
  if (optimizerFacts({ kind }).search !== 'exact') throw missing(engine, kind, EXACT_OPTIMIZERS.join(', '));
  const momentum = 'momentum' in values ? Math.fround(values.momentum) : 0;
  return { loss, optimizer: kind as Rules['optimizer'], momentum };
}

function missing(engine: string, got: string, expected: string): EdgesweepError {
  return new EdgesweepError('USAGE', `the ${engine} engine has no optimizer ${got}`, {
    expected,
    got,
    fix: 'set `engine: tfjs` in the sweep',
  });
}
