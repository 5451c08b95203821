import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What the language leaves to its engine: the last bit may differ between versions of V8, and in one of them between compiled and
 * interpreted code. Powers of 2 with a written exponent are exact.
 */
const INEXACT =
  /\bMath\.(?:a?(?:cos|sin|tan)h?|atan2|exp|expm1|log|log1p|log10|log2|pow|cbrt|hypot)\b|(?<!\b2) \*\* |\b2 \*\* (?!-?\d)/;

/** Where it is used nevertheless, and why no bit of a task or of a result depends on it. */
const HARMLESS: Record<string, string> = {
  'shared/experiments/maximal-step-size.ts': 'expected cost: the order of tasks and the estimate of a dry run',
  'shared/map-points.ts': 'squares of small whole numbers',
  'shared/models.ts': 'squares of small whole numbers',
  'shared/sweep/model-rules.ts': 'squares of small whole numbers',
  'worker/engines/graph/pointwise.ts': 'squares of small whole numbers',
  'worker/engines/tfjs/models.ts': 'squares of small whole numbers',
  'worker/experiments/bisect.ts': 'how many trainings run at once, rounded down',
  'worker/node/': 'milliseconds to wait',
  'orchestrator/launch/': 'milliseconds to wait',
  'orchestrator/dispatch/nats/held.ts': 'milliseconds to wait',
  'orchestrator/estimate/': 'expected seconds',
  'orchestrator/diff/welch.ts': 'a test of two samples, printed with a few digits',
  'orchestrator/data/npm/cifar-png.ts': 'squares of small whole numbers',
  'orchestrator/ui/page/': 'places on the screen',
  'orchestrator/experiments/map/': 'colours, and a dimension printed with two decimals',
  'orchestrator/experiments/maximal-step-size/figure/': 'ticks of axes',
  'orchestrator/experiments/trajectory/figure/': 'ticks, and places rounded to seven digits',
  'orchestrator/experiments/survival/': 'statistics, rounded to nine digits before they are compared or written',
  'orchestrator/experiments/program/starter.ts': 'a program in Python',
};

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

it('numbers of tasks and results come from operations that are the same on every machine', () => {
  const inexact = ['shared', 'worker', 'orchestrator']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter(
      (path) => /\.(tsx?|mjs)$/.test(path) && INEXACT.test(withoutComments(readFileSync(join(root, path), 'utf8'))),
    );
  const harmless = Object.keys(HARMLESS);
  expect(inexact.filter((path) => !harmless.some((known) => path.startsWith(known)))).toEqual([]);
  expect(harmless.filter((known) => !inexact.some((path) => path.startsWith(known)))).toEqual([]);
});
