/**
 * How long a sweep stands still when the leading one of three servers dies or is cut off, and what it waits for: prints a table.
 * `--rounds N` of each kind, `--kinds kill,cut`. Needs the built package, nats-server, root and an idle machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { STREAMS } from '../../shared/protocol/mod.ts';
import { makeNetwork } from '../../test/chaos/network.ts';
import { type Member, startMembers, untilWhole } from '../../test/chaos/servers.ts';
import { journalSize } from '../../test/chaos/sweeps.ts';
import { killAll, type Running, spawnProgram } from '../../test/support/processes.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { leaderOf, leadersSince, newestIn, ROLES, type Role } from './leaders.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, kinds: { type: 'string', default: 'kill,cut' } },
});
const KINDS = ['kill', 'cut'] as const;
type Kind = (typeof KINDS)[number];

/** Seconds from the fault. */
type Round = { elected: Partial<Record<Role, number>>; stored: number; longest: number; flowing: number };

/** So long outcomes flow before a fault, and after it before it counts as over. */
const STEADY_MS = 4000;
const LEAST_S = 12;
/** Until the server is back, whatever flows. */
const MOST_S = 60;
/** Without outcomes for so long, they do not flow. */
const LONG_GAP_S = 1.5;
const WORKERS = 3;

const say = (text: string) => process.stderr.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-failover-'));
const network = makeNetwork(3 + 1 + WORKERS, true);
let members: Member[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    killAll();
    network.close();
    process.exit(130);
  });
}
try {
  members = await startMembers(folder, network.links.slice(0, 3));
  await untilWhole(members);
  const url = members.map(({ server }) => server.url).join(',');
  const [home, ...places] = network.links.slice(3);
  const workers = places.map(({ namespace }, i) =>
    spawnProgram(['worker', '--nats', url, '--threads', '1', '--name', `w${i}`], { cwd: folder, namespace }),
  );
  await waitFor('the workers are ready', () => workers.every(({ stderr }) => stderr.includes(' ready: ')));
  const results: Record<Kind, Round[]> = { kill: [], cut: [] };
  const run = startSweep(url, home.namespace);
  const journal = join(folder, 'out');
  await waitFor('outcomes', () => journalSize(journal) > 0 || !run.alive);
  if (!run.alive) throw new Error(run.stderr);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const kind of KINDS.filter((kind) => values.kinds.split(',').includes(kind))) {
      const measured = await measure(kind, journal);
      results[kind].push(measured);
      say(`${kind}: ${JSON.stringify(measured)}`);
      if (!run.alive) throw new Error(run.stderr);
    }
  }
  process.stdout.write(`${render(results)}\n`);
} finally {
  killAll();
  await sleep(200);
  network.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Tasks of some hundredths of a second, more than are computed meanwhile. */
function startSweep(url: string, namespace: string): Running {
  const file = join(folder, 'sweep.yaml');
  writeFileSync(
    file,
    `name: failover
title: Failover
experiment: maximal-step-size
runs: 20000
grid: {activation: tanh, depth: 3, width: 20, dataset: {kind: synthetic, examples: 100, dimensions: 5}}
search: {initialStepSize: 0.1, growth: 1.02, steps: 100, ceiling: 1.0e+4}
`,
  );
  const words = ['run', file, '--nats', url, '--out', 'out', '--nats-replicas', '3'];
  return spawnProgram(words, { cwd: folder, silent: true, namespace });
}

/** Outcomes flow, all servers are whole; then the one that leads the results is killed, or its cable is cut. */
async function measure(kind: Kind, journal: string): Promise<Round> {
  await untilWhole(members);
  await steady(journal);
  const victim = leaderOf(members, STREAMS.results);
  if (victim === undefined) throw new Error('nobody leads the results');
  const others = members.filter((member) => member !== victim);
  const logged = others.map(({ server }) => server.process.stderr.length);
  let before = journalSize(journal);
  const since = Date.now();
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  if (kind === 'kill') await victim.server.kill();
  else victim.link.cut();
  const grown = [0];
  const stored = [0];
  let watched = true;
  const watch = async (): Promise<void> => {
    for (let known = 0; watched; await sleep(50)) {
      const now = await newestIn(others[0], STREAMS.results);
      if (known !== 0 && now > known) stored.push(elapsed());
      known = Math.max(known, now);
    }
  };
  void watch();
  const isSteady = () => {
    const recent = [...grown.filter((at) => at > elapsed() - STEADY_MS / 1000), elapsed()];
    return recent.length > 2 && gapsOf(recent).every(({ from, to }) => to - from < LONG_GAP_S);
  };
  while (elapsed() < LEAST_S || !isSteady()) {
    if (elapsed() > MOST_S) break;
    await sleep(10);
    const now = journalSize(journal);
    if (now !== before) grown.push(elapsed());
    before = now;
  }
  watched = false;
  const elected = leadersSince(others, logged, since);
  if (kind === 'kill') await victim.server.restart();
  else victim.link.heal();
  const longIn = (times: readonly number[]) =>
    gapsOf([...times, elapsed()]).filter(({ from, to }) => to - from >= LONG_GAP_S);
  const long = longIn(grown);
  return {
    elected,
    stored: longIn(stored).at(-1)?.to ?? 0,
    longest: Math.max(0, ...long.map(({ from, to }) => to - from)),
    flowing: long.at(-1)?.to ?? 0,
  };
}

function gapsOf(times: readonly number[]): { from: number; to: number }[] {
  return times.slice(1).map((to, i) => ({ from: times[i], to }));
}

/** Waits until outcomes were recorded all the time for a while. */
async function steady(journal: string): Promise<void> {
  let since = performance.now();
  let last = { size: journalSize(journal), at: performance.now() };
  while (performance.now() - since < STEADY_MS) {
    await sleep(20);
    const size = journalSize(journal);
    if (size !== last.size) last = { size, at: performance.now() };
    else if (performance.now() - last.at > 500) since = performance.now();
  }
}

function render(results: Record<Kind, Round[]>): string {
  const rows = KINDS.filter((kind) => results[kind].length > 0).map((kind) => {
    const rounds = results[kind];
    return [
      kind,
      String(rounds.length),
      ...ROLES.map((role) => spread(rounds.flatMap(({ elected }) => elected[role] ?? []))),
      spread(rounds.map(({ stored }) => stored)),
      spread(rounds.map(({ flowing }) => flowing)),
      spread(rounds.map(({ longest }) => longest)),
    ];
  });
  const leaders = ROLES.map((role) => `new leader: ${role}`);
  const header = ['fault', 'rounds', ...leaders, 'results are stored again', 'outcomes flow again', 'longest gap'];
  return markdownTable([header, ...rows], { align: ['l', ...header.slice(1).map(() => 'r')] });
}

/** Median, smallest and largest, in seconds. */
function spread(values: readonly number[]): string {
  if (values.length === 0) return '';
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number) => sorted[i].toFixed(1);
  return `${at(Math.floor(sorted.length / 2))} (${at(0)} to ${at(sorted.length - 1)})`;
}
