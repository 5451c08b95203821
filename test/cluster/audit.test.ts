import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { beforeEach, expect, it } from 'vitest';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import { makeNodeKey, type NodeKey, nodeKeyOf, type Outcome, signOutcome } from '../../shared/mod.ts';
import { encode, SUBJECTS } from '../../shared/protocol/mod.ts';
import { runTask } from '../../worker/mod.ts';
import {
  cleanLater,
  inProcess,
  makeFolder,
  type NatsServer,
  searchResult,
  start,
  startNats,
  writeSweep,
} from '../support/mod.ts';
import { connectTo, describeSweep } from './deployed.ts';
import { startNode } from './dispatching.ts';
import { contentsOf, outcomesOf, recorded, untilRecorded } from './support.ts';

const LYING = new URL('./lying-thread.mjs', import.meta.url);
const honest = nodeKeyOf(makeNodeKey());
const liar = nodeKeyOf(makeNodeKey());

let server: NatsServer;
let cwd: string;
let sweep: string;

beforeEach(async () => {
  server = await startNats();
  cwd = makeFolder();
  sweep = writeSweep(cwd, {
    name: 'audited',
    runs: 8,
    grid: '{activation: [linear, tanh], depth: 2, width: 4, dataset: {kind: synthetic, examples: 20, dimensions: 4}}',
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });
});

const run = (...words: string[]) => inProcess(['run', sweep, '--nats', server.url, '--out', 'out', ...words], { cwd });
const signersOf = (directory: string) =>
  new Set(outcomesOf(directory).map(({ provenance }) => provenance.signed?.node));

/** What a local run leaves. */
let truth: ReturnType<typeof contentsOf> | undefined;

async function expectTruth(): Promise<void> {
  if (truth === undefined) {
    expect((await inProcess(['run', sweep, '--out', 'local', '--quiet'], { cwd })).code).toBe(0);
    truth = contentsOf(join(cwd, 'local'));
  }
  expect(contentsOf(join(cwd, 'out'))).toEqual(truth);
}

function trustOnly(...keys: NodeKey[]): string[] {
  const file = join(cwd, 'nodes.keys');
  writeFileSync(file, keys.map(({ publicKey }) => `${publicKey} node\n`).join(''));
  return ['--trusted-keys', file];
}

it('a node that gives wrong results is found, set aside, and all its results are computed again', async () => {
  const directory = join(cwd, 'out');
  const { notes } = await startNode(server.url, 'liar', { key: liar, thread: LYING });
  expect((await run('--max-tasks', '5')).code).toBe(3);
  expect(signersOf(directory)).toEqual(new Set(['liar']));
  expect(recorded(directory)).toBeGreaterThanOrEqual(5);

  await startNode(server.url, 'honest', { key: honest });
  const ended = await run('--audit', '100%');
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stderr).toMatch(/node liar is set aside: its result of task \w{32} .* recorded results? of its key/);
  expect(ended.stderr).toContain('; set aside: liar\n');
  expect(notes.join('\n')).toContain('sweep audited has set this node aside');
  await expectTruth();
  expect(signersOf(directory)).not.toContain('liar');
  const audit = JSON.parse(readFileSync(join(directory, 'audit.json'), 'utf8'));
  expect(audit.setAside).toMatchObject([{ key: liar.publicKey, node: 'liar' }]);
  expect(statSync(join(directory, 'audit.json')).mode & 0o777).toBe(0o600);
  const status = await inProcess(['status', 'out'], { cwd });
  expect(status.stdout).toMatch(/^ {2}node liar set aside at .*: its result of task \w{32} was wrong; key ed25519:/m);
  // what was moved out of the journal says why
  const [line] = readFileSync(join(directory, 'damaged-lines.jsonl'), 'utf8').split('\n');
  expect(JSON.parse(line).why).toContain('node liar was set aside after task');
});

it('a run that is killed in the middle of its audits goes on with them, and loses nothing; one node alone is audited by the orchestrator', async () => {
  await startNode(server.url, 'honest', { key: honest });
  const killed = start(['run', sweep, '--nats', server.url, '--out', 'out', '--audit', '100%'], { cwd });
  await untilRecorded(join(cwd, 'out'), 2);
  killed.kill();
  await killed.ended;
  const before = JSON.parse(readFileSync(join(cwd, 'out', 'audit.json'), 'utf8'));
  const ended = await run('--audit', '100%');
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(readFileSync(join(cwd, 'out', 'audit.json'), 'utf8'))).toEqual(before);
  await expectTruth();
});

it('results that no trusted key signed are refused, and so is a signature of another result', async () => {
  const { key, tasks } = describeSweep(sweep);
  const cluster = await connectTo(server);
  await ensureStreams(cluster, 1);
  const [task, other] = tasks;
  const outcome = async (index: number): Promise<Outcome> => {
    const provenance = { engine: 'simd', host: 'far', seconds: 1, version: '0', node: 'v20', attempts: 1 };
    const { result } = await runTask(tasks[index], 'simd');
    return { task: tasks[index], result, provenance } as Outcome;
  };
  const signed = signOutcome(await outcome(0), { sweep: key, node: 'far' }, honest);
  if (!('search' in task.cell)) throw new Error('a search');
  const changed = { ...signed, result: searchResult(task.cell.search, 3) } as Outcome;
  const elsewhere = signOutcome(await outcome(1), { sweep: 'another', node: 'far' }, honest);
  const js = jetstream(cluster.nc);
  await js.publish(SUBJECTS.result(key, task.id), encode(changed));
  await js.publish(SUBJECTS.result(key, other.id), encode(elsewhere));
  const { notes } = await startNode(server.url, 'stranger', { key: liar, thread: LYING });
  const running = run(...trustOnly(honest));
  await expect.poll(() => notes.join('\n'), { timeout: 60_000 }).toContain('accepts results of trusted keys only');
  const status = await inProcess(['status', '--nats', server.url], { cwd });
  expect(status.stdout).toContain(`stranger      ${liar.publicKey}  its key is not trusted`);
  await startNode(server.url, 'honest', { key: honest });
  const ended = await running;
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stderr).toContain(`task ${task.id} from far is refused: its signature is not one of its content`);
  expect(ended.stderr).toContain(`task ${other.id} from far is refused: it is signed for another sweep`);
  expect(ended.stderr).toContain(`node stranger is not trusted`);
  expect(signersOf(join(cwd, 'out'))).toEqual(new Set(['honest']));
  await expectTruth();
});

it('a node that goes on answering without a signature does not keep a run for ever', async () => {
  await startNode(server.url, 'unsigned');
  const warnings: string[] = [];
  const listen = ({ message }: Error) => warnings.push(message);
  process.on('warning', listen);
  cleanLater(() => void process.off('warning', listen));
  const ended = await run(...trustOnly(honest));
  expect(ended, ended.stderr).toMatchObject({ code: 1 });
  // all of them wait to be sent again at once
  expect(ended.stderr).toContain('16 tasks failed');
  expect(warnings).toEqual([]);
  expect(ended.stderr).toMatch(/is refused: it is not signed; so were 4 before it \[RESULT_REFUSED\]/);
});
