import type { KV } from '@nats-io/kv';
import {
  counted,
  EdgesweepError,
  errorLine,
  isKnownNumerics,
  messageOf,
  NUMERICS,
  oneLine,
  PROGRAM_NUMERICS,
  softwareVersion,
  TFJS_NUMERICS,
} from '../../shared/mod.ts';
import {
  decodeSweeps,
  KNOWN_PROTOCOLS,
  type SweepList as ListOfSweeps,
  type Refusal,
  SUBJECTS,
  SWEEPS_KEY,
  type SweepEntry,
} from '../../shared/protocol/mod.ts';
import { requireEngine } from '../engines/mod.ts';
import type { NodeContext } from './context.ts';

export type SweepList = {
  /** Keys of the sweeps to work for, in turn, so that all get their share; undefined when there is none. */
  next(): string | undefined;
  /** Is it a sweep to work for? */
  has(key: string): boolean;
  /** The sweep had a task to give, or none: then it is asked less often while others have some, since asking takes a slot's time. */
  answered(key: string, task: boolean): void;
  /** resolves at the next look, at most `timings.look` from now, and once closed */
  changed(): Promise<void>;
  close(): void;
};

/** Why tasks of that version and arithmetic cannot be computed here; undefined where they can. */
function lackOf({ protocol, version, numerics }: SweepEntry): string | undefined {
  if (!KNOWN_PROTOCOLS.includes(protocol))
    return `has protocol ${protocol} (edgesweep ${oneLine(version)}), but this node has protocol ${KNOWN_PROTOCOLS.join(', ')} (edgesweep ${softwareVersion()}) and takes none of its tasks; install the version of edgesweep that started the sweep`;
  if (!isKnownNumerics(numerics))
    return `needs arithmetic ${numerics}, but this node has ${NUMERICS} and takes none of its tasks; install the version of edgesweep that started the sweep`;
  try {
    if (numerics === TFJS_NUMERICS) requireEngine('tfjs');
  } catch (error) {
    return `needs an engine that this node lacks, so the node takes none of its tasks: ${error instanceof EdgesweepError ? errorLine(error) : messageOf(error)}`;
  }
  return undefined;
}

const REFUSED: { [why in Refusal['why']]: string } = {
  'not-trusted':
    'accepts results of trusted keys only, and the key of this node is not among them, so the node takes none of its tasks; add the line that `edgesweep key` prints to the file of trusted keys',
  differs:
    'has set this node aside: another machine computed a different result for a task, so the node takes none of its tasks; check the memory and the installation of this machine',
};

/** How often the time doubles for which a sweep without tasks is passed over. */
const MOST_DOUBLINGS = 5;

const problemWith = ({ others }: ListOfSweeps): string =>
  others.length === 0
    ? ''
    : `${counted(others.length, 'sweep')} on the list cannot be read and ${others.length === 1 ? 'is' : 'are'} passed over: another version of edgesweep runs ${others.length === 1 ? 'it' : 'them'}; this node has ${softwareVersion()}`;

/**
 * Keeps the list of running sweeps of this node's arithmetic; says once which ones it cannot work for.
 * @param by what computes their tasks: threads, or programs of users
 */
export function watchSweeps(context: NodeContext, sweeps: KV, by: 'threads' | 'programs'): SweepList {
  const { options, cluster } = context;
  const { look: period, rest } = cluster.timings;
  let keys: string[] = [];
  let turn = 0;
  /** those that are new on the list, to be asked first */
  let fresh: string[] = [];
  const resting = new Map<string, { ms: number; until: number }>();
  let closed = false;
  let wake = (): void => {};
  let woken = new Promise<void>((resolve) => (wake = resolve));
  const refused = new Set<string>();

  const accepts = (entry: SweepEntry): boolean => {
    const { key, name, numerics, state, data, program, refused: nodes } = entry;
    if (state !== 'running' || (options.sweeps !== undefined && !options.sweeps.includes(name))) return false;
    const isOfProgram = program !== undefined && numerics === PROGRAM_NUMERICS;
    // without programs of its own a node has no slots that look: what it lacks is reported here
    if (by === 'programs' ? !isOfProgram : isOfProgram && context.programPool !== undefined) return false;
    const refusal = nodes.find((refused) => refused.key === options.key?.publicKey);
    const lack = refusal === undefined ? lackOf(entry) : REFUSED[refusal.why];
    // `unreadable` reports it
    if (context.versions.isUnreadable(key)) return false;
    if (lack === undefined && isOfProgram) {
      context.programNeeds.set(key, program);
      return context.programs.specOf(program) !== undefined;
    }
    // asked of all: each that is not there is looked for
    if (lack === undefined) return data.filter((need) => !context.data.has(need)).length === 0;
    if (!refused.has(key)) context.note(`sweep ${name} ${lack}`);
    refused.add(key);
    return false;
  };
  const take = (listed: string[]): void => {
    fresh = listed.filter((key) => fresh.includes(key) || !keys.includes(key));
    for (const key of resting.keys()) if (fresh.includes(key) || !listed.includes(key)) resting.delete(key);
    keys = listed;
  };
  let told = '';
  const look = async (): Promise<void> => {
    const entry = await sweeps.get(SWEEPS_KEY);
    const empty = { ok: true as const, value: { entries: [], others: [] } };
    const decoded = entry?.operation === 'PUT' ? decodeSweeps(entry.value) : empty;
    const problem = decoded.ok ? problemWith(decoded.value) : `the list of sweeps cannot be read: ${decoded.problem}`;
    if (decoded.ok) {
      context.versions.look(decoded.value.entries);
      take(decoded.value.entries.filter(accepts).map(({ key }) => key));
    }
    if (problem !== '' && problem !== told) context.note(problem);
    told = problem;
  };
  // the orchestrator's `wake` comes sooner than the timer; at most one look under way and one to come, however often this node is woken and however long the server is away
  let looking = false;
  let lookAgain = false;
  const lookQuietly = async () => {
    lookAgain = looking;
    if (looking) return;
    looking = true;
    // the server may be away, or the bucket not made yet
    await look().catch(() => {});
    looking = false;
    if (lookAgain && !closed) void lookQuietly();
    const tell = wake;
    woken = new Promise<void>((resolve) => (wake = resolve));
    tell();
  };
  const subscription = cluster.nc.subscribe(SUBJECTS.wake, { callback: () => void lookQuietly() });
  const timer = setInterval(lookQuietly, period);
  void lookQuietly();
  return {
    next() {
      if (closed || keys.length === 0) return undefined;
      const first = fresh.shift();
      if (first !== undefined) return first;
      const now = performance.now();
      const awake = keys.filter((key) => (resting.get(key)?.until ?? 0) <= now);
      const asked = awake.length > 0 ? awake : keys;
      turn = (turn + 1) % asked.length;
      const key = asked[turn];
      // while this slot asks, the others pass it over
      const passed = resting.get(key);
      if (passed !== undefined) passed.until = now + passed.ms;
      return key;
    },
    has: (key) => keys.includes(key),
    answered(key, task) {
      const ms = Math.min(2 * (resting.get(key)?.ms ?? rest / 2), rest * 2 ** MOST_DOUBLINGS);
      if (task) resting.delete(key);
      else resting.set(key, { ms, until: performance.now() + ms });
    },
    changed: () => (closed ? Promise.resolve() : woken),
    close() {
      closed = true;
      clearInterval(timer);
      subscription.unsubscribe();
      wake();
    },
  };
}
