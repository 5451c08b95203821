import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killHard, PROGRAM, type Running, spawnProcess, spawnProgram } from '../support/processes.ts';
import { type Monitor, startMonitor } from './monitor.ts';
import type { Client, Place, Servers } from './servers.ts';
import { compare, journalSize, makeTrial, searches, type Trial } from './sweeps.ts';

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
  /** of three servers: how often one of them was in trouble meanwhile */
  troubles?: { kill: number; cut: number; slow: number };
};

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
  readonly #workers = new Set<Running>();
  #trials = 0;

  private constructor(folder: string, random: () => number, servers: Servers, monitor: Monitor) {
    this.folder = folder;
    this.random = random;
    this.servers = servers;
    this.#monitor = monitor;
  }

  /** @param servers of this lab, which closes them */
  static async open(folder: string, random: () => number, servers: Servers): Promise<Lab> {
    return new Lab(folder, random, servers, await startMonitor(servers.addresses));
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
    return spawnProcess(process.execPath, words, { cwd: this.folder, silent: true, namespace });
  }

  /** A run on this machine alone. */
  startLocalRun({ file }: Trial, out: string, words: readonly string[]): Running {
    return spawnProgram(['run', file, '--out', out, ...words], { cwd: this.folder, silent: true });
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
    if (troubles !== undefined) {
      const { problems, ...counts } = troubles.counts;
      this.measured.troubles = counts;
      this.measured.problems.push(...problems);
    }
    return this.measured;
  }
}

/** Default: where workers, or runs, are at home. `words`: more options of a worker. `program`: of another build. */
type Where = Partial<Place> & { words?: readonly string[]; program?: string | undefined };

const placeOf = ({ url, namespace }: Partial<Place>, home: Place): Place =>
  url === undefined ? home : { url, namespace };
