import { join } from 'node:path';
import { headers } from '@nats-io/transport-node';
import { ensureStreams } from '../../orchestrator/cluster/streams.ts';
import type { NatsDispatcherOptions } from '../../orchestrator/dispatch/nats/mod.ts';
import { makeNodeKey, type NodeKey, NUMERICS, nodeKeyOf, type Task } from '../../shared/mod.ts';
import {
  type Cluster,
  encode,
  type Role,
  type ServerOptions,
  STREAMS,
  SUBJECTS,
  sweepKey,
} from '../../shared/protocol/mod.ts';
import { expand, loadSweep } from '../../shared/sweep/mod.ts';
import { runTask } from '../../worker/mod.ts';
import { asOrchestrator, connectTo, describeSweep, makeSweep, PASSWORDS, startDeployed } from '../cluster/deployed.ts';
import { connectDispatcher, startNode } from '../cluster/dispatching.ts';
import { DANGEROUS, publishable, subjectUnder } from '../cluster/worker-subjects.ts';
import { quickTasks, trajectoryTask } from '../conformance/tasks.ts';
import { dispatchAll, taskOf } from '../conformance/work.ts';
import { cleanUp, makeFolder } from '../support/folders.ts';
import { inProcess } from '../support/in-process.ts';
import type { NatsServer } from '../support/nats-server.ts';
import { FORGERIES, type Known, type Message, UNSIGNED } from './forgeries.ts';

/** Of one attack. `accepted`: had the effect that it aimed at. `withheld`: tasks that got no result, and are sent again later. */
export type WireCounts = { attack: string; messages: number; accepted: number; withheld: number };

const sweep = loadSweep('smoke');
const expansion = expand(sweep);
const key = sweepKey(sweep, expansion);
const never = new AbortController().signal;

const user = (server: NatsServer, role: Role): ServerOptions => ({
  servers: [server.url],
  user: role,
  password: PASSWORDS[role === 'worker' ? 'EDGESWEEP_WORKER_PASSWORD' : 'EDGESWEEP_ORCHESTRATOR_PASSWORD'],
});

/** The server of deploy/, whose streams are there, and an attacker with the credentials of a worker. */
async function prepare(): Promise<{ server: NatsServer; orchestrator: Cluster; attacker: Cluster }> {
  const server = await startDeployed();
  const orchestrator = await connectTo(user(server, 'orchestrator'), 'orchestrator');
  await ensureStreams(orchestrator, 1);
  return { server, orchestrator, attacker: await connectTo(user(server, 'worker'), 'worker') };
}

async function send({ nc }: Cluster, messages: readonly Message[]): Promise<void> {
  for (const { subject, data } of messages) nc.publish(subject, data);
  await nc.flush();
}

/** What a run makes of the tasks, with one honest node, after these messages and once more in the middle. */
async function runAgainst(
  attack: string,
  tasks: Task[],
  messages: Message[],
  isTrue: (event: { task: Task; result: object; file: Uint8Array | undefined }) => boolean,
  { nodeKey, ...options }: Partial<NatsDispatcherOptions> & { nodeKey?: NodeKey } = {},
): Promise<WireCounts> {
  const { server, attacker } = await prepare();
  await send(attacker, messages);
  await startNode(user(server, 'worker'), 'honest', { key: nodeKey });
  const dispatcher = await connectDispatcher(user(server, 'orchestrator'), { sweep, expansion, ...options });
  const counts: WireCounts = { attack, messages: 2 * messages.length, accepted: 0, withheld: 0 };
  const ended = new Set<string>();
  for await (const event of dispatchAll(dispatcher, tasks, never)) {
    ended.add(taskOf(event).id);
    if (ended.size === Math.ceil(tasks.length / 2)) await send(attacker, messages);
    if (event.type === 'failure') counts.withheld += 1;
    else if (!isTrue({ ...event.outcome, file: event.file })) counts.accepted += 1;
  }
  counts.withheld += tasks.length - ended.size;
  await cleanUp();
  return counts;
}

async function attackResults(each: number): Promise<WireCounts[]> {
  const [tasks, foreign] = [quickTasks(each), quickTasks(2 * each).slice(each)];
  const truth = new Map<string, object>();
  for (const task of [...tasks, ...foreign]) truth.set(task.id, (await runTask(task, 'simd')).result);
  const known: Known = { key, tasks, foreign, truth };
  const isTrue = ({ task, result }: { task: Task; result: object }) =>
    JSON.stringify(result) === JSON.stringify(truth.get(task.id));
  const rows: WireCounts[] = [];
  for (const [attack, forge] of Object.entries(FORGERIES))
    rows.push(
      await runAgainst(
        attack,
        tasks,
        tasks.flatMap((_, i) => forge(known, i)),
        isTrue,
      ),
    );
  const nodeKey = nodeKeyOf(makeNodeKey());
  const unsigned = tasks.flatMap((_, i) => UNSIGNED(known, i));
  const trusted = new Set([nodeKey.publicKey]);
  // what nobody can tell from a true result has to be seen here, or the zeros mean nothing
  const { accepted } = await runAgainst('control', tasks, unsigned, isTrue);
  if (accepted === 0) throw new Error('the control attack had no effect: these attacks do not reach the run');
  return [
    ...rows,
    await runAgainst('possible result, with `--trusted-keys`', tasks, unsigned, isTrue, { nodeKey, trusted }),
  ];
}

/** Results that are true, and name a file that is not what it should be. */
async function attackSeries(): Promise<WireCounts> {
  const tasks = Array.from({ length: 6 }, (_, run) => trajectoryTask(run, { iterations: 200 }));
  const files = new Map<string, string>();
  const messages: Message[] = [];
  for (const [i, task] of tasks.entries()) {
    const { result, file = new Uint8Array() } = await runTask(task, 'simd');
    files.set(task.id, Buffer.from(file).toString('base64'));
    const sha256 = String(i).repeat(64);
    const named = { sha256, bytes: i % 3 === 0 ? 2 ** 40 : file.length };
    const provenance = { engine: 'simd', host: 'x', seconds: 1, version: '0', node: 'v0', attempts: 1, file: named };
    messages.push({ subject: SUBJECTS.result(key, task.id), data: encode({ task, result, provenance }) });
    if (i % 3 === 1) messages.push({ subject: SUBJECTS.series(key, task.id, sha256, 0), data: file.toReversed() });
  }
  return runAgainst('series that is missing, endless or damaged', tasks, messages, ({ task, file }) => {
    return Buffer.from(file ?? []).toString('base64') === files.get(task.id);
  });
}

type Contents = Record<string, unknown>;

const changesIn = (before: Contents, after: Contents): number =>
  Object.keys({ ...before, ...after }).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .length;

/** Headers that erase or replace, and requests that only an administrator or an orchestrator may make. */
async function attackStreams(): Promise<WireCounts[]> {
  const { attacker, server } = await prepare();
  const patterns = publishable();
  const publish = (task: string, name?: string, value = '') => {
    for (const pattern of patterns) {
      const header = headers();
      if (name !== undefined) header.set(name, value);
      attacker.nc.publish(subjectUnder(pattern, 'victim', task), 'x', { headers: header });
    }
  };
  publish('one');
  publish('two');
  await attacker.nc.flush();
  const watcher = await connectTo(user(server, 'orchestrator'), 'orchestrator');
  const names = [...Object.values(STREAMS), 'KV_edgesweep-attempts', 'KV_edgesweep-sweeps'];
  const look = async (): Promise<Contents> => {
    const read = names.map(async (name) => {
      const { config, state } = await watcher.jsm.streams.info(name, { subjects_filter: '>' });
      const kept = Object.keys(state.subjects ?? {}).filter((subject) => /victim\.(one|two)/.test(subject));
      return [name, [config, kept]] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  };
  const before = await look();
  for (const [name, value] of DANGEROUS) publish(`attack-${name}-${value}`, name, value);
  await attacker.nc.flush();
  const headersChanged = changesIn(before, await look());
  const requests = names.flatMap((name) =>
    ['UPDATE', 'PURGE', 'DELETE', 'MSG.DELETE', 'CREATE', 'SNAPSHOT', 'RESTORE'].map(
      (verb) => `$JS.API.STREAM.${verb}.${name}`,
    ),
  );
  for (const subject of requests) attacker.nc.publish(subject, subject.includes('DELETE') ? '' : '{"seq":1}');
  for (const subject of [SUBJECTS.task('victim', 'three'), '$KV.edgesweep-sweeps.all', '$O.edgesweep-data.M.x'])
    attacker.nc.publish(subject, '[]');
  await attacker.nc.flush();
  const requestsChanged = changesIn(before, await look());
  await cleanUp();
  return [
    {
      attack: 'headers that erase or replace',
      messages: DANGEROUS.length * patterns.length,
      accepted: headersChanged,
      withheld: 0,
    },
    { attack: 'requests of an orchestrator', messages: requests.length + 3, accepted: requestsChanged, withheld: 0 },
  ];
}

/** Text that would control a terminal, wherever a user reads what others have sent. Counted: control characters in what is printed. */
async function attackTerminal(): Promise<WireCounts> {
  const { server, attacker } = await prepare();
  const cwd = makeFolder();
  const file = makeSweep(cwd);
  const described = describeSweep(file);
  const evil = '\u001b]0;owned\u0007\r\n\u009b2J\u202e';
  const messages: Message[] = [];
  for (const [i, task] of described.tasks.entries()) {
    const provenance = { engine: evil, host: evil, seconds: 1, version: evil, node: evil, attempts: 1 };
    const { result } = await runTask(task, 'simd');
    const data = i % 2 === 0 ? encode({ task, result, provenance }) : Buffer.from(evil);
    messages.push({ subject: SUBJECTS.result(described.key, task.id), data });
    const failure = { task, error: { code: evil, message: evil }, attempts: [] };
    if (i % 2 === 1) messages.push({ subject: SUBJECTS.failed(described.key, task.id), data: encode(failure) });
  }
  const beat = {
    node: 'evil',
    host: evil,
    pid: 1,
    version: evil,
    numerics: `${NUMERICS}${evil}`,
    runtime: evil,
    threads: 1,
  };
  const rest = { busy: 0, done: 0, failed: 0, load: 0, state: 'set-aside', time: new Date(0).toISOString() };
  messages.push({ subject: SUBJECTS.heartbeat('evil'), data: encode({ ...beat, ...rest }) });
  await send(attacker, messages);
  const beating = setInterval(() => void send(attacker, messages.slice(-1)), 100);
  let accepted = 0;
  let shown = '';
  const env = asOrchestrator;
  const out = join(cwd, 'out');
  const [first] = described.tasks;
  for (const words of [
    ['run', file, '--out', out, '--max-time', '2'],
    ['why', first.id],
    ['status'],
    ['status', '--nodes'],
  ]) {
    const { stdout, stderr } = await inProcess([...words, '--nats', server.url], { cwd, env });
    shown += stdout + stderr;
    accepted += `${stdout}${stderr}`.replaceAll('\n', '').match(/[\p{Cc}\p{Bidi_Control}]/gu)?.length ?? 0;
  }
  if (!shown.includes('\\u001b'))
    throw new Error('nothing of what was sent is shown: this attack does not reach the terminal');
  clearInterval(beating);
  await cleanUp();
  return { attack: 'escapes in hosts, errors and heartbeats', messages: messages.length, accepted, withheld: 0 };
}

/** @param each tasks of each attack */
export async function attackWire(each: number): Promise<WireCounts[]> {
  return [...(await attackResults(each)), await attackSeries(), ...(await attackStreams()), await attackTerminal()];
}
