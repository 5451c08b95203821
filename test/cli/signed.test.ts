import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outcomeLine } from '../../orchestrator/directory/mod.ts';
import { makeNodeKey, nodeKeyOf, type Outcome, signOutcome } from '../../shared/mod.ts';
import { inProcess, journalLines, makeFolder, writeSweep } from '../support/mod.ts';

const key = nodeKeyOf(makeNodeKey());

it('verify checks every signature, why and export show them, --trusted-keys asks for them, and audits take results back', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    name: 'signed',
    runs: 3,
    grid: '{activation: linear, depth: 2, width: 3, dataset: {kind: synthetic, examples: 5, dimensions: 2}}',
    search: '{initialStepSize: 1, growth: 2, steps: 5, ceiling: 100}',
  });
  const audited = await inProcess(['run', sweep, '--out', 'out', '--audit', '100%'], { cwd });
  expect(audited, audited.stderr).toMatchObject({ code: 0 });
  expect(audited.stderr).toContain('audit: 3 tasks computed a second time\n');
  const directory = join(cwd, 'out');
  const unsigned = journalLines(directory).map((line) => {
    const { digest: _, ...outcome } = JSON.parse(line) as Outcome & { digest: string };
    return outcome as Outcome;
  });
  const write = (outcomes: Outcome[]) =>
    writeFileSync(join(directory, 'outcomes.jsonl'), outcomes.map(outcomeLine).join(''));
  const trusted = join(cwd, 'trusted');
  writeFileSync(trusted, `${key.publicKey} this node\n`);
  const [first, second, third] = unsigned;
  const ids = [first, second, third].map(({ task }) => task.id);

  const signed = unsigned.map((outcome) => signOutcome(outcome, { sweep: 'signed-1', node: 'far' }, key));
  write(signed);
  const exported = await inProcess(['export', 'out'], { cwd });
  expect(exported.stdout).toContain(`far,${key.publicKey},${signed[0].provenance.signed!.signature}`);
  const told = await inProcess(['why', ids[0], '--in', 'out'], { cwd });
  expect(told.stdout).toContain(`signed by far with ${key.publicKey}`);

  // a signature that is moved to another task, and one by a key that nobody trusts
  const moved = { ...second, provenance: { ...second.provenance, signed: signed[0].provenance.signed! } };
  const foreign = signOutcome(third, { sweep: 'signed-1', node: 'far' }, nodeKeyOf(makeNodeKey()));
  write([signed[0], moved, foreign]);
  const text = await inProcess(['verify', 'out', '--quiet', '--trusted-keys', trusted], { cwd });
  expect(text.code).toBe(1);
  expect(text.stdout).toContain(
    `3 outcomes signed, 1 with a wrong signature\nwrong signature: ${ids[1]}\nnot signed by a trusted key: ${ids[2]}\n`,
  );

  // killed after it had set the node aside, and before it took its results back
  const file = join(directory, 'audit.json');
  const found = { key: key.publicKey, node: 'far', task: ids[0], time: new Date().toISOString() };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), setAside: [found] }));
  const again = await inProcess(['run', sweep, '--out', 'out'], { cwd });
  expect(again, again.stderr).toMatchObject({ code: 0 });
  expect(again.stderr).toContain('2 recorded results of nodes that were set aside will be computed again\n');
  expect(journalLines(directory).map((line) => JSON.parse(line).provenance.signed?.key)).toEqual([
    foreign.provenance.signed!.key,
    undefined,
    undefined,
  ]);
  const complete = await inProcess(['run', sweep, '--out', 'out', '--audit', '2%'], { cwd });
  expect(complete.stderr).toContain('all tasks are recorded, so none is audited');
});
