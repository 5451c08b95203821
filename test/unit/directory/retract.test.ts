import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSweepDirectory, readOutcomes } from '../../../orchestrator/directory/mod.ts';
import { makeNodeKey, nodeKeyOf, type Outcome, signOutcome } from '../../../shared/mod.ts';
import { makeFolder, makeSweep, OPEN_OPTIONS, outcomesOf } from './support.ts';

const key = nodeKeyOf(makeNodeKey());

it('outcomes that are taken back leave the journal, their tasks are left again, and what is appended then stays', async () => {
  const folder = join(makeFolder(), 'sweep');
  const sweep = makeSweep();
  const outcomes: Outcome[] = outcomesOf(sweep);
  const signed = (outcome: Outcome) => signOutcome(outcome, { sweep: 's', node: 'liar' }, key);
  const directory = await openSweepDirectory(folder, sweep, OPEN_OPTIONS);
  const total = outcomes.length;
  // not waited for: what is under way is taken back as well
  const written = outcomes.map((outcome, i) => directory.append(i < 3 ? signed(outcome) : outcome));
  const reasonOf = ({ provenance }: Outcome) => (provenance.signed?.key === key.publicKey ? 'a liar' : undefined);
  const tasks = await directory.retract(reasonOf);
  await Promise.all(written);
  expect(tasks.map(({ id }) => id)).toEqual(outcomes.slice(0, 3).map(({ task }) => task.id));
  expect(directory.progress.done).toBe(total - 3);
  expect(tasks.some((task) => directory.has(task))).toBe(false);
  expect(await directory.retract(reasonOf)).toEqual([]);
  for (const outcome of outcomes.slice(0, 2)) await directory.append(outcome);
  await directory.close();

  const aside = readFileSync(join(folder, 'damaged-lines.jsonl'), 'utf8').trimEnd().split('\n');
  expect(aside.map((line) => JSON.parse(line).why)).toEqual(['a liar', 'a liar', 'a liar']);
  const again = await openSweepDirectory(folder, sweep, OPEN_OPTIONS);
  expect(again.progress.done).toBe(total - 1);
  await again.close();
  for await (const outcome of readOutcomes(folder)) expect(outcome.provenance.signed).toBeUndefined();
});
