import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outcomeLine } from '../../orchestrator/directory/mod.ts';
import { makeNodeKey, nodeKeyOf, type Outcome, signOutcome } from '../../shared/mod.ts';
import { inProcess, journalLines, makeFolder, writeSweep } from '../support/mod.ts';

const key = nodeKeyOf(makeNodeKey());

it('verify checks every signature, why and export show them, and --trusted-keys asks for them', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    name: 'signed',
    runs: 3,
    grid: '{activation: linear, depth: 2, width: 3, dataset: {kind: synthetic, examples: 5, dimensions: 2}}',
    search: '{initialStepSize: 1, growth: 2, steps: 5, ceiling: 100}',
  });
  expect((await inProcess(['run', sweep, '--out', 'out', '--quiet'], { cwd })).code).toBe(0);
  const directory = join(cwd, 'out');
  const unsigned = journalLines(directory).map((line) => {
    const { digest: _, ...outcome } = JSON.parse(line) as Outcome & { digest: string };
    return outcome as Outcome;
  });
  const write = (outcomes: Outcome[]) =>
    writeFileSync(join(directory, 'outcomes.jsonl'), outcomes.map(outcomeLine).join(''));
  const verify = async (...words: string[]) => {
    const ended = await inProcess(['verify', 'out', '--quiet', '--json', ...words], { cwd });
    return { code: ended.code, ...JSON.parse(ended.stdout) };
  };
  const trusted = join(cwd, 'trusted');
  writeFileSync(trusted, `${key.publicKey} this node\n`);
  const [first, second, third] = unsigned;
  const ids = [first, second, third].map(({ task }) => task.id);
  expect(await verify('--trusted-keys', trusted)).toMatchObject({ code: 1, untrusted: ids });

  const signed = unsigned.map((outcome) => signOutcome(outcome, { sweep: 'signed-1', node: 'far' }, key));
  write(signed);
  expect(await verify('--trusted-keys', trusted)).toMatchObject({ code: 0, checked: 3, signed: 3, untrusted: [] });
  const exported = await inProcess(['export', 'out'], { cwd });
  expect(exported.stdout).toContain(`far,${key.publicKey},${signed[0].provenance.signed!.signature}`);
  const told = await inProcess(['why', ids[0], '--in', 'out'], { cwd });
  expect(told.stdout).toContain(`signed by far with ${key.publicKey}`);

  // a signature that is moved to another task, and one by a key that nobody trusts
  const moved = { ...second, provenance: { ...second.provenance, signed: signed[0].provenance.signed! } };
  const foreign = signOutcome(third, { sweep: 'signed-1', node: 'far' }, nodeKeyOf(makeNodeKey()));
  write([signed[0], moved, foreign]);
  expect(await verify()).toMatchObject({ code: 1, differing: [], signed: 3, badSignatures: [ids[1]], untrusted: [] });
  const text = await inProcess(['verify', 'out', '--quiet', '--trusted-keys', trusted], { cwd });
  expect(text.stdout).toContain(`wrong signature: ${ids[1]}\nnot signed by a trusted key: ${ids[2]}\n`);
});
