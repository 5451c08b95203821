import { execFileSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import yargs from 'yargs';
import { messageOf, softwareVersion } from '../../shared/mod.ts';
import { natsVersion } from '../support/nats-server.ts';
import { killAll, PROGRAM } from '../support/processes.ts';
import { Lab } from './lab.ts';
import { closeNetworks, whyNoNetwork } from './network.ts';
import { randomOf } from './random.ts';
import { isClean, type Part, type Report, render } from './report.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/mod.ts';
import { type Servers, startOne, startThree } from './servers.ts';
import { whyNoSlowLinks } from './slow-link.ts';

/** Most of the time is waited. */
const AT_ONCE = 3;
const INTERRUPTED = 'the run was interrupted';

const options = yargs(process.argv.slice(2))
  .scriptName('make chaos')
  .option('quick', { type: 'boolean', default: false, describe: 'fewer rounds' })
  .option('only', { type: 'array', string: true, choices: SCENARIOS.map(({ name }) => name), describe: 'these faults' })
  .option('cluster', {
    type: 'boolean',
    default: false,
    describe: 'three servers in network namespaces, one of them killed, cut off or slow in turn; needs root',
  })
  .option('seed', { type: 'number', default: Date.now() % 1_000_000, describe: 'of the randomness' })
  .option('write', { type: 'string', requiresArg: true, describe: 'write the report there too' })
  .strict()
  .parseSync();

if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: npm run build makes it`);
const impossible = options.cluster ? (whyNoNetwork() ?? whyNoSlowLinks()) : undefined;
if (impossible !== undefined) {
  process.stderr.write(`not done: ${impossible}\n`);
  process.exit(2);
}
process.stderr.write(`seed ${options.seed}\n`);
const folder = mkdtempSync(join(tmpdir(), 'edgesweep-chaos-'));
/** The first signal ends what runs and reports what is done; a second ends at once. */
const interrupted = new AbortController();
// each scenario listens
setMaxListeners(0, interrupted.signal);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (!interrupted.signal.aborted) return interrupted.abort();
    killAll();
    closeNetworks();
    process.exit(130);
  });
}
const started = performance.now();
const chosen = SCENARIOS.filter(
  ({ name, servers }) => (options.only?.includes(name) ?? true) && servers !== (options.cluster ? 'none' : 'three'),
);
const limit = pLimit(AT_ONCE);
const parts = await Promise.all(chosen.map((scenario) => limit(runScenario, scenario)));
killAll();
closeNetworks();
rmSync(folder, { recursive: true, force: true });

const report: Report = {
  command: ['node --import tsx test/chaos/main.ts', ...process.argv.slice(2)].join(' '),
  revision: revision(),
  date: new Date().toISOString().slice(0, 16).replace('T', ' '),
  seed: options.seed,
  cluster: options.cluster,
  versions: `edgesweep ${softwareVersion()}, ${natsVersion()}, Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores`,
  minutes: (performance.now() - started) / 60_000,
  parts,
};
const text = render(report);
process.stdout.write(text);
if (options.write !== undefined) writeFileSync(options.write, text);
// a scenario that was given up may still wait for something
process.exit(interrupted.signal.aborted ? 130 : isClean(report) ? 0 : 1);

async function runScenario(scenario: Scenario): Promise<Part> {
  const { name, rounds } = scenario;
  const skipped = scenario.impossible?.();
  if (skipped !== undefined) return { scenario, skipped };
  if (interrupted.signal.aborted) return { scenario, skipped: INTERRUPTED };
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  process.stderr.write(`${name} ...\n`);
  const [place, random] = [join(folder, name), randomOf(options.seed, name)];
  let servers: Servers | undefined;
  let giveUp = (_error: Error): void => {};
  const givenUp = new Promise<never>((_, reject) => (giveUp = reject));
  interrupted.signal.addEventListener('abort', () => giveUp(new Error(INTERRUPTED)));
  const open = async (clients = 0): Promise<Lab> => {
    mkdirSync(place, { recursive: true });
    servers = await (options.cluster ? startThree : startOne)(place, clients, random, giveUp);
    return Lab.open(place, random, servers, giveUp);
  };
  try {
    const measured = await Promise.race([scenario.run(open, options.quick ? rounds.quick : rounds.full), givenUp]);
    process.stderr.write(`${name}: ${elapsed().toFixed(0)} s\n`);
    return { scenario, measured, seconds: elapsed() };
  } catch (error) {
    if (interrupted.signal.aborted) return { scenario, skipped: INTERRUPTED };
    process.stderr.write(`${name} broke off: ${error instanceof Error ? error.stack : error}\n`);
    return { scenario, crashed: messageOf(error) };
  } finally {
    await servers?.close();
  }
}

function revision(): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '-dirty'}`;
  } catch {
    return 'unknown';
  }
}
