import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killHard, PROGRAM, type Running, spawnProcess, spawnProgram } from '../support/processes.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import type { Client, Place, Servers } from './servers.ts';
import { compare, journalSize, makeTrial, searches, type Trial } from './sweeps.ts';
import type { TroubleCounts } from './troubles.ts';

/** What a scenario came to. */
export type Measured = {
  tasks: number;
  faults: number;
  lost: number;
  twice: number;
  differing: number;
  extraExecutions: number;
  /** seconds from the end of each fault to the next recorded outcome */
  next: number[];
  /** seconds from the end of the last fault of each sweep to its completion */
  completion: number[];
  /** what should not have happened: exit codes, stack traces */
  problems: string[];
  /** of three servers: how often one of them was in trouble meanwhile, and how long after it all were whole again, in seconds */
  troubles?: TroubleCounts;
};

/** A run that records nothing for so long, and does not end, never will. */
const STALLED_MS = 600_000;

/** Servers, workers and orchestrators of one scenario, and what is counted of them. */
export class Lab {
  readonly folder: string;
  readonly random: () => number;
  readonly servers: Servers;
  readonly measured: Measured = {
    tasks: 0,
    faults: 0,
    lost: 0,
    twice: 0,
    differing: 0,
    extraExecutions: 0,
    next: [],
    completion: [],
    problems: [],
  };
  readonly #monitor: Monitor;
  readonly #giveUp: (error: Error) => void;
  readonly #workers = new Set<Running>();
  #trials = 0;

  private constructor(
    folder: string,
    random: () => number,
    servers: Servers,
    monitor: Monitor,
    giveUp: (error: Error) => void,
  ) {
    this.folder = folder;
    this.random = random;
    this.servers = servers;
    this.#monitor = monitor;
    this.#giveUp = giveUp;
  }

  /** @param servers of this lab, which closes them @param giveUp told of a run that does not end */
  static async open(
    folder: string,
    random: () => number,
    servers: Servers,
    giveUp: (error: Error) => void,
  ): Promise<Lab> {
    return new Lab(folder, random, servers, await startMonitor(servers.addresses), giveUp);
  }

  /** Places with cables of their own. */
  get clients(): readonly Client[] {
    return this.servers.clients;
  }

  between(low: number, high: number): number {
    return low + this.random() * (high - low);
  }

  /** A new sweep of `4 * runs` tasks, or of as many as another kind has. @param code with which a run of it ends */
  makeTrial(runs: number, kind = searches, code = 0): Promise<Trial> {
    this.#trials += 1;
    return makeTrial(this.folder, `sweep-${this.#trials}`, Math.floor(this.random() * 1e6), kind(runs), code);
  }

  async startWorker(name: string, { words: more = [], program = PROGRAM, ...place }: Where = {}): Promise<Running> {
    const { url, namespace } = placeOf(place, this.servers.home.worker);
    const words = [program, 'worker', '--nats', url, '--threads', '1', '--name', name, ...more];
    return this.addWorker(spawnProcess(process.execPath, words, { cwd: this.folder, silent: true, namespace }));
  }

  async addWorker(worker: Running): Promise<Running> {
    this.#workers.add(worker);
    while (!worker.stderr.includes(' ready: ')) {
      if (!worker.alive) throw new Error(`a worker ended: ${worker.stderr}`);
      await sleep(20);
    }
    return worker;
  }

  startRun({ file }: Trial, out: string, { program = PROGRAM, ...place }: Where = {}): Running {
    const { url, namespace } = placeOf(place, this.servers.home.run);
    const words = [program, 'run', file, '--nats', url, '--out', out, ...this.servers.words];
    const run = spawnProcess(process.execPath, words, { cwd: this.folder, silent: true, namespace });
    return this.#watch(run, out);
  }

  /** A run on this machine alone. */
  startLocalRun({ file }: Trial, out: string, words: readonly string[]): Running {
    return this.#watch(spawnProgram(['run', file, '--out', out, ...words], { cwd: this.folder, silent: true }), out);
  }

  /** Gives up when the run stands still. */
  #watch(run: Running, out: string): Running {
    let last = { size: 0, at: performance.now() };
    const end = () => clearInterval(timer);
    const timer = setInterval(() => {
      const size = journalSize(out);
      if (size !== last.size) last = { size, at: performance.now() };
      if (performance.now() - last.at < STALLED_MS) return;
      end();
      const minutes = STALLED_MS / 60_000;
      this.#giveUp(
        new Error(`a run has recorded nothing for ${minutes} minutes, and has not ended: ${run.stderr.slice(-500)}`),
      );
    }, 1000).unref();
    run.ended.then(end, end);
    return run;
  }

  /** A directory for outcomes, new. */
  directory(name: string): string {
    return join(this.folder, name);
  }

  /** Counts a fault that ended just now, and measures until the next outcome is recorded; at most until the run ends. */
  async recovered(directory: string, run: Running): Promise<void> {
    this.measured.faults += 1;
    const [started, size] = [performance.now(), journalSize(directory)];
    while (run.alive && journalSize(directory) === size) await sleep(10);
    if (journalSize(directory) > size) this.measured.next.push((performance.now() - started) / 1000);
  }

  /** Waits for the end of a run and compares what it left. @param lastFault when the last fault ended, as of `performance.now()` */
  async finish(run: Running, directory: string, trial: Trial, lastFault?: number): Promise<void> {
    const { code, signal } = await run.ended;
    const { measured } = this;
    if (lastFault !== undefined) measured.completion.push((performance.now() - lastFault) / 1000);
    if (code !== trial.code) measured.problems.push(`a run ended with ${code ?? signal}: ${run.stderr.slice(-500)}`);
    this.inspect('a run', run);
    if (code !== trial.code && code !== 0) return;
    const { lost, twice, differing } = compare(directory, trial);
    measured.tasks += trial.tasks.length;
    measured.lost += lost;
    measured.twice += twice;
    measured.differing += differing;
  }

  /** What a user should never see is a problem. */
  inspect(what: string, { stderr }: Running): void {
    const bad = stderr.split('\n').find((line) => /^ +at |Warning|Unhandled|uncaught/.test(line));
    if (bad !== undefined) this.measured.problems.push(`${what} wrote: ${bad}`);
  }

  /** A scenario's own end of a worker: kill -9. */
  async killWorker(worker: Running): Promise<void> {
    this.#workers.delete(worker);
    await killHard(worker);
    this.inspect('a worker', worker);
  }

  /** SIGTERM: it finishes what it has, and ends well. */
  async drainWorker(worker: Running): Promise<void> {
    this.#workers.delete(worker);
    worker.interrupt();
    const { code, signal } = await worker.ended;
    if (code !== 0) this.measured.problems.push(`a worker ended with ${code ?? signal}: ${worker.stderr.slice(-500)}`);
    this.inspect('a worker', worker);
  }

  async close(): Promise<Measured> {
    for (const worker of this.#workers) {
      if (!worker.alive) this.measured.problems.push(`a worker ended by itself: ${worker.stderr.slice(-500)}`);
      await this.killWorker(worker);
    }
    await this.#monitor.close();
    this.measured.extraExecutions += this.#monitor.extraExecutions();
    const { troubles } = this.servers;
    if (troubles !== undefined) this.measured.troubles = troubles.counts;
    return this.measured;
  }
}

/** Default: where workers, or runs, are at home. `words`: more options of a worker. `program`: of another build. */
type Where = Partial<Place> & { words?: readonly string[]; program?: string | undefined };

const placeOf = ({ url, namespace }: Partial<Place>, home: Place): Place =>
  url === undefined ? home : { url, namespace };
