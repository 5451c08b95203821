import pLimit from 'p-limit';
import type { FailedTask } from '../cluster/mod.ts';
import { findSweeps } from './find.ts';
import { FollowedSweep, idOf, type Summaries } from './follow/mod.ts';
import type { PageEvent, Standing, Trouble } from './wire.ts';

const POLL_MS = 500;
/** Folders are searched for new directories this often, and never for more than a tenth of the time. */
const SEARCH_MS = 3000;
/** Sweeps where nothing happens are looked at in turn, so many a poll. */
const QUIET_A_POLL = 40;
/** Journals read at once. */
const AT_ONCE = 4;
const EVENT_MS = 250;

type Listener = (event: PageEvent) => void;

/** All sweeps below the folders, as they change. */
export class Hub {
  readonly folders: readonly string[];
  readonly #sweeps = new Map<string, FollowedSweep>();
  readonly #limit = pLimit(AT_ONCE);
  readonly #queued = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #listeners = new Set<Listener>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #summaries: Summaries | undefined;
  #folderTroubles = new Map<string, Trouble>();
  #failed: readonly FailedTask[] = [];
  #nextQuiet = 0;
  #searchedAt = 0;
  #searchTook = 0;

  constructor(folders: readonly string[], summaries?: Summaries) {
    this.folders = folders;
    this.#summaries = summaries;
    this.#search();
  }

  start(): void {
    const look = () => this.#look();
    look();
    this.#timers.push(
      setInterval(look, POLL_MS),
      setInterval(() => this.#tell(), EVENT_MS),
    );
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#limit.clearQueue();
    for (const sweep of this.#sweeps.values()) await sweep.save();
  }

  get folderTroubles(): ReadonlyMap<string, Trouble> {
    return this.#folderTroubles;
  }

  /** Tells of a sweep now, such as after an action. */
  touch(sweep: FollowedSweep): void {
    this.#dirty.add(sweep.id);
  }

  /** What a nats-server has set aside, of whatever sweeps. */
  setFailed(failed: readonly FailedTask[]): void {
    this.#failed = failed;
    for (const sweep of this.#sweeps.values()) if (sweep.setFailed(failed)) this.#dirty.add(sweep.id);
  }

  get(id: string): FollowedSweep | undefined {
    return this.#sweeps.get(id);
  }

  standings(): Standing[] {
    return [...this.#sweeps.values()].map((sweep) => sweep.standing());
  }

  /** @returns ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #search(): void {
    const began = performance.now();
    const { directories, troubles } = findSweeps(this.folders);
    this.#folderTroubles = troubles;
    const present = new Set<string>();
    for (const directory of directories) {
      const id = idOf(directory);
      present.add(id);
      if (this.#sweeps.has(id)) continue;
      const sweep = new FollowedSweep(directory, this.#summaries);
      sweep.setFailed(this.#failed);
      this.#sweeps.set(sweep.id, sweep);
      this.#gone.delete(sweep.id);
      this.#dirty.add(sweep.id);
    }
    for (const id of this.#sweeps.keys()) {
      if (present.has(id)) continue;
      this.#sweeps.delete(id);
      this.#gone.add(id);
    }
    this.#searchedAt = performance.now();
    this.#searchTook = this.#searchedAt - began;
  }

  #look(): void {
    if (performance.now() - this.#searchedAt > Math.max(SEARCH_MS, 10 * this.#searchTook)) this.#search();
    const quiet: FollowedSweep[] = [];
    for (const sweep of this.#sweeps.values()) {
      if (sweep.isLively) this.#queue(sweep);
      else quiet.push(sweep);
    }
    for (let i = 0; i < Math.min(QUIET_A_POLL, quiet.length); i += 1) {
      this.#nextQuiet = (this.#nextQuiet + 1) % quiet.length;
      this.#queue(quiet[this.#nextQuiet]);
    }
  }

  #queue(sweep: FollowedSweep): void {
    if (this.#queued.has(sweep.id)) return;
    this.#queued.add(sweep.id);
    void this.#limit(async () => {
      const changed = await sweep.poll(() => this.#dirty.add(sweep.id));
      if (changed) this.#dirty.add(sweep.id);
      this.#queued.delete(sweep.id);
    });
  }

  #tell(): void {
    if (this.#dirty.size === 0 && this.#gone.size === 0) return;
    const sweeps = [...this.#dirty].flatMap((id) => this.#sweeps.get(id)?.standing() ?? []);
    const event: PageEvent = { sweeps, gone: [...this.#gone] };
    this.#dirty.clear();
    this.#gone.clear();
    for (const listener of this.#listeners) listener(event);
  }
}
