import { join } from 'node:path';
import type { ServerOptions } from '../../shared/protocol/mod.ts';
import { dataDirectoryOf, directoryNameOf, loadSweep } from '../../shared/sweep/mod.ts';
import { parseAddresses } from '../addresses.ts';
import { completeSweep, inSweepDirectory, type Place } from '../complete-sweep.ts';
import { requireLimits } from '../limits.ts';
import { checkpointSeconds, dataFolders, shareOf, threadCount } from '../options/common.ts';
import { allowedProgram, slotCount } from '../options/program.ts';
import { readTrustedKeys } from '../options/trusted-keys.ts';
import { failuresError } from '../sweep-run.ts';
import { listen } from './listen.ts';
import type { SweepFile } from './outcomes.ts';
import type { NatsOptions, ProgramsOptions, RunOptions, RunResult } from './types.ts';

/**
 * Runs a sweep in its directory, as `edgesweep run` does: whatever is recorded there is kept, and the rest is computed.
 * @param sweep path of a sweep file, name of a built-in sweep, or a sweep as an object
 * @throws EdgesweepError with the codes of `edgesweep run`, TASK_FAILED when all was tried and tasks failed; the reason of `signal`
 */
export async function runSweep(sweep: string | SweepFile, options: RunOptions = {}): Promise<RunResult> {
  const { set = {}, nats, signal, drain, onEvent } = options;
  signal?.throwIfAborted();
  requireLimits(options);
  const loaded = loadSweep(sweep, { values: set });
  const server = nats && serverOf(nats);
  const path = options.directory ?? join('results', directoryNameOf(loaded));
  const place = {
    ...options,
    directory: path,
    command: typeof sweep === 'string' ? ['run', sweep, ...setWords(set), '--out', path, ...natsWords(server)] : [],
    server,
    replicas: nats?.replicas ?? 1,
    threads: threadCount(options.threads, SURROUNDINGS),
    data: dataFolders(options.dataDirectory, SURROUNDINGS, dataDirectoryOf(loaded)),
    checkpoint: checkpointSeconds(options.checkpoint ?? 30),
    programs: programsOf(options.programs),
    audit: options.audit === undefined ? 0 : shareOf(options.audit, '--audit'),
    trusted: nats?.trustedKeys === undefined ? undefined : readTrustedKeys(nats.trustedKeys),
  };
  const { reporter, thrown, rethrow } = listen(onEvent);
  const stop = AbortSignal.any([thrown, ...(signal === undefined ? [] : [signal])]);
  const interrupt = { drain: AbortSignal.any([stop, ...(drain === undefined ? [] : [drain])]), stop, release() {} };
  return inSweepDirectory(
    loaded,
    place,
    () => interrupt,
    reporter,
    async (directory) => {
      const swept = await completeSweep(loaded, directory, place, interrupt, reporter);
      rethrow();
      if (swept.interrupted) signal?.throwIfAborted();
      else if (swept.failed > 0) throw failuresError(swept, path);
      const { done, total } = directory.progress;
      const ended = swept.interrupted ? 'drained' : swept.limit !== undefined ? 'limit' : 'done';
      return { directory: path, ended, done, failed: swept.failed, total };
    },
  );
}

/** Settings come from options alone: no environment variable changes what a user asks for, except for the user's own folder. */
const SURROUNDINGS = { env: { XDG_DATA_HOME: process.env.XDG_DATA_HOME }, cwd: '.' };

/** JSON is YAML. */
const setWords = (set: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(set).flatMap(([key, value]) =>
    value === undefined ? [] : ['--set', `${key}=${JSON.stringify(value)}`],
  );

function programsOf({ slots, passEnv, env = process.env, allow }: ProgramsOptions = {}): Place['programs'] {
  const allowed = allow && Object.entries(allow).map(([name, command]) => allowedProgram(name, command));
  return { slots: slotCount(slots), env: { ...env }, passed: passEnv, allowed };
}

const natsWords = (server: ServerOptions | undefined): string[] =>
  server === undefined ? [] : ['--nats', server.servers.join(',')];

function serverOf({ servers, replicas: _replicas, trustedKeys: _keys, ...rest }: NatsOptions): ServerOptions {
  return { ...rest, servers: parseAddresses([servers].flat().join(','), 'nats.servers') };
}
