import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fieldsOf, flatten } from '../../orchestrator/runs/fields.ts';
import { EXPERIMENTS, experimentNamed, type Outcome } from '../../shared/mod.ts';

const golden = ['outcomes.jsonl', 'extras.jsonl', 'trajectories.jsonl'].flatMap((name) =>
  readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome),
);

it.each(EXPERIMENTS.filter((name) => golden.some(({ task }) => task.experiment === name)))(
  'every field of a result of %s is a column of its exports',
  (name) => {
    const columns = [...fieldsOf(experimentNamed(name).result()).keys()];
    for (const { task, result } of golden) {
      if (task.experiment !== name) continue;
      // a mapping that is null has no fields of its own
      const fields = [...flatten(result)].flatMap(([field, value]) => (value === null ? [] : [field]));
      expect(columns).toEqual(expect.arrayContaining(fields));
    }
  },
);

it('fields that may be null and lists are columns', () => {
  expect(fieldsOf(experimentNamed('trajectory').result()).get('loss')).toEqual(new Set(['number']));
  expect(fieldsOf(experimentNamed('trajectory').result()).get('plateau.ofEdge')).toEqual(new Set(['number']));
  expect(fieldsOf(experimentNamed('survival').result()).get('divergedAt')).toEqual(new Set(['string']));
});
