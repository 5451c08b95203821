import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EdgesweepError, type Outcome, type Provenance, softwareVersion, type TaskOf } from '../../shared/mod.ts';
import { programFolder } from '../experiments/mod.ts';
import type { ComputedOutcome } from '../pool.ts';
import { processesWithCookie, signal } from './descendants.ts';
import { environmentOf } from './environment.ts';
import { MachineFault, ProgramFailure } from './failure.ts';
import { startGuardian } from './guardian.ts';
import type { Asker, Launch } from './launch.ts';
import { TaskLog } from './log.ts';
import { oneShot } from './one-shot.ts';
import { persistent } from './persistent.ts';
import { FileCheck, type ProgramSpec, resolveCommand } from './spec.ts';
import { computeTask } from './task.ts';

export type ProgramPoolOptions = {
  /** processes at the same time */
  slots: number;
  /** folder of the logs, one file per task that wrote something */
  logs: string;
  /** folder of the tasks' own folders, of programs that ask for them */
  folders: string;
  env: NodeJS.ProcessEnv;
  /** names of further variables that programs get */
  passed?: readonly string[] | undefined;
  /** milliseconds between TERM and KILL */
  grace?: number;
};

/** Processes of users' programs, in slots. */
export type ProgramPool = {
  readonly slots: number;
  /** Can the program be started, and has it the right files? @throws EdgesweepError PROGRAM_MISSING, PROGRAM_DIFFERS */
  require(spec: ProgramSpec): void;
  /**
   * @throws ProgramFailure when the program failed the task; EdgesweepError PROGRAM_MISSING or PROGRAM_DIFFERS; any other error when the
   * task should be tried again
   */
  run(task: TaskOf<'program'>, attempt: number, spec: ProgramSpec): Promise<ComputedOutcome>;
  /** Ends all processes; tasks under way are rejected. */
  close(): Promise<void>;
};

type Slot = { number: number; key: object | undefined; asker: Asker | undefined };

const MODES = { 'one-shot': oneShot, persistent } as const;
const GRACE_MS = 10_000;
/** Milliseconds for which a good check of a persistent program's files holds: its process read them earlier anyway. */
const TRUST_MS = 100;
/** Milliseconds from the end of a process to the search for processes that left its group. */
const REAP_MS = 300;

export function createProgramPool({
  slots: count,
  logs,
  folders,
  env,
  passed = [],
  grace = GRACE_MS,
}: ProgramPoolOptions): ProgramPool {
  const pool = `${process.pid}-${randomBytes(6).toString('hex')}`;
  const scratch = mkdtempSync(join(tmpdir(), 'edgesweep-'));
  const guardian = startGuardian(pool, grace);
  const free: Slot[] = Array.from({ length: count }, (_, i) => ({
    number: count - 1 - i,
    key: undefined,
    asker: undefined,
  }));
  const all = [...free];
  const waiting: ((slot: Slot) => void)[] = [];
  const specs = new WeakMap<ProgramSpec, { command: string[]; check: FileCheck }>();
  const host = hostname();
  let closed = false;
  let processes = 0;
  /** cookies of processes that have ended */
  const ended = new Set<string>();
  let reaping: NodeJS.Timeout | undefined;

  const reap = (): void => {
    reaping = undefined;
    for (const { pid, rest } of processesWithCookie(`${pool}.`)) if (ended.has(rest)) signal(pid, 'SIGKILL');
    ended.clear();
  };
  const take = (key: object): Promise<Slot> => {
    if (free.length === 0) return new Promise((resolve) => waiting.push(resolve));
    // a slot that already has a process of this program comes first
    const at = free.findLastIndex((slot) => slot.key === key);
    return Promise.resolve(free.splice(at < 0 ? free.length - 1 : at, 1)[0]);
  };
  const give = (slot: Slot): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(slot);
    else next(slot);
  };
  const prepared = (spec: ProgramSpec) => {
    let found = specs.get(spec);
    if (found === undefined) {
      found = { command: resolveCommand(spec, env.PATH ?? ''), check: new FileCheck(spec) };
      specs.set(spec, found);
    }
    const problems = found.check.problems(spec.settings.mode === 'persistent' ? TRUST_MS : 0);
    if (problems.length === 0) return found;
    throw new EdgesweepError('PROGRAM_DIFFERS', `files of the program \`${spec.name}\` are not those of the sweep`, {
      where: spec.directory,
      expected: 'the files as they were when the sweep was loaded',
      got: problems.slice(0, 5).join(', '),
      fix: 'run the sweep again: tasks of changed files are new tasks',
    });
  };
  const askerIn = async (slot: Slot, spec: ProgramSpec, command: string[]): Promise<Asker> => {
    if (slot.key === spec && slot.asker !== undefined) return slot.asker;
    await slot.asker?.close();
    const launch: Launch = {
      spec,
      command,
      env: { ...environmentOf(env, slot.number, count, passed), EDGESWEEP_ROOT: spec.directory },
      cookie: () => `${pool}.${processes++}`,
      scratch: join(scratch, String(slot.number)),
      grace,
      onEnd(cookie) {
        ended.add(cookie.slice(pool.length + 1));
        if (!closed) reaping ??= setTimeout(reap, REAP_MS).unref();
      },
    };
    slot.key = spec;
    slot.asker = MODES[spec.settings.mode](launch);
    return slot.asker;
  };

  return {
    slots: count,
    require: (spec) => void prepared(spec),
    async run(task, attempt, spec) {
      const slot = await take(spec);
      try {
        if (closed) throw new MachineFault('the programs were ended');
        const { command } = prepared(spec);
        const asker = await askerIn(slot, spec, command);
        const folder = spec.settings.checkpoints ? programFolder(folders, task.id) : undefined;
        if (folder !== undefined) mkdirSync(folder, { recursive: true });
        const started = performance.now();
        const { result, file } = await withLog(join(logs, `${task.id}.log`), (log) =>
          computeTask(task, asker, { log, folder }),
        );
        // nobody knows which of the two contents a program has read that was changed under it
        prepared(spec);
        const provenance: Provenance = {
          engine: `program ${spec.name}`,
          host,
          seconds: (performance.now() - started) / 1000,
          version: softwareVersion(),
          node: process.version,
          attempts: attempt,
          ...(file !== undefined && {
            file: { sha256: createHash('sha256').update(file).digest('hex'), bytes: file.length },
          }),
        };
        return { outcome: { task, result, provenance } as Outcome, file };
      } catch (error) {
        if (closed) throw new MachineFault('the programs were ended');
        throw error;
      } finally {
        give(slot);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      clearTimeout(reaping);
      await Promise.all(all.map(({ asker }) => asker?.close()));
      for (const { pid } of processesWithCookie(`${pool}.`)) signal(pid, 'SIGKILL');
      guardian?.kill('SIGKILL');
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

async function withLog<T>(path: string, use: (log: TaskLog) => Promise<T>): Promise<T> {
  const log = new TaskLog(path);
  try {
    return await use(log);
  } catch (error) {
    if (error instanceof ProgramFailure || error instanceof MachineFault) error.log = log.headAndTail();
    if (error instanceof ProgramFailure) error.quoteLog();
    throw error;
  } finally {
    log.close();
  }
}
