import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { LIMITS } from '../limits.ts';
import {
  experimentIn,
  IMAGE_KINDS,
  messageOf,
  type Outcome,
  outcomeSchemaOf,
  publicKeySchema,
  resultProblem,
  type Task,
  taskId,
  taskSchema,
} from '../mod.ts';
import { LONGEST_PATH, MOST_FILES } from '../programs/files.ts';
import { programSettingsSchema } from '../programs/settings.ts';
import { CHECKPOINT_PLACES } from './names.ts';

/** How long an error may be in a message, in characters. */
const LONGEST_ERROR = 2000;
/** Letters of a program's log in a message, at most. */
export const LONGEST_LOG = 70_000;
/** No message of ours is longer, in bytes; longer ones are not parsed. */
export const LARGEST_MESSAGE = 256 * 1024;

const nodeName = () => z.string().min(1).max(200);
const errorSchema = lazily(() => z.object({ code: z.string().max(100), message: z.string().max(LONGEST_ERROR) }));

/** What became of one try of a task that gave no result. */
const attemptSchema = lazily(() => z.object({ node: nodeName(), error: errorSchema(), time: z.string().max(40) }));
export type Attempt = Parsed<typeof attemptSchema>;
export const attemptsSchema = lazily(() => z.array(attemptSchema()).max(100));

/** A task that has been set aside. `task` is absent when the message that should have held it could not be read. */
export const failureMessageSchema = lazily(() =>
  z.object({
    task: taskSchema().optional(),
    /** with beginning and end of what a program wrote */
    error: errorSchema().extend({ log: z.string().max(LONGEST_LOG).optional() }),
    attempts: attemptsSchema(),
  }),
);
export type FailureMessage = Parsed<typeof failureMessageSchema>;

/** Letters of a file's digest on the list of sweeps: they tell which file differs, and the digest of all decides. */
export const DIGEST_LETTERS = 12;

/** What a node needs to compute tasks with a user's program. It never holds a command: nodes have their own. */
const programNeedSchema = lazily(() =>
  z.object({
    name: z.string().max(64),
    /** of all files, see `filesDigest` */
    digest: z.string().max(64),
    /** path, and the beginning of its SHA-256 */
    files: z.array(z.tuple([z.string().max(LONGEST_PATH), z.string().max(DIGEST_LETTERS)])).max(MOST_FILES),
    settings: programSettingsSchema(),
  }),
);
export type ProgramNeed = Parsed<typeof programNeedSchema>;

const sweepKeySchema = lazily(() => z.string().regex(/^[A-Za-z0-9_-]{1,200}$/));
export const isSweepKey = (key: unknown): key is string => sweepKeySchema().safeParse(key).success;

/** Why results of a node are not taken: its key is not among the trusted ones, or a result was not what the task comes to. */
export const REFUSAL_REASONS = ['not-trusted', 'differs'] as const;
/** A node that is to take no tasks of a sweep. */
const refusalSchema = lazily(() =>
  z.object({ key: publicKeySchema(), node: nodeName(), why: z.enum(REFUSAL_REASONS) }),
);
export type Refusal = Parsed<typeof refusalSchema>;
/** Refused nodes of a sweep, at most: anyone may invent keys. */
export const MOST_REFUSED = 100;

/** Of the messages of a sweep, or those that a node knows; absent before there was a second one. */
const protocolSchema = lazily(() => z.int().positive());

/** Groups of tasks that cost alike, at most. */
export const MOST_COSTS = 32;

export const SWEEP_STATES = ['running', 'paused', 'cancelled'] as const;
/** What else another version has written of a sweep stays: every change writes the whole list. */
const sweepEntrySchema = lazily(() =>
  z.looseObject({
    key: sweepKeySchema(),
    /** in which nodes have to read its tasks and to answer */
    protocol: protocolSchema().default(1),
    /** of the software that sends the tasks */
    version: z.string().max(100).default('unknown'),
    name: z.string().max(200),
    state: z.enum(SWEEP_STATES),
    numerics: z.string().max(100),
    /** tasks of the sweep */
    total: z.int().nonnegative(),
    /** expected multiply-adds of a task and how many have as many, in the order in which they are sent; absent where that is not known */
    costs: z
      .array(z.tuple([z.number().nonnegative(), z.int().positive()]))
      .max(MOST_COSTS)
      .default([]),
    /** the files that some of its tasks need; absent in entries of earlier versions */
    data: z
      .array(z.object({ kind: z.enum(IMAGE_KINDS), digest: z.string().max(100), part: z.literal('test').optional() }))
      .default([]),
    /** the program that computes its tasks, where one does */
    program: programNeedSchema().optional(),
    /** those that were done elsewhere before, and are not among the results on the server */
    elsewhere: z.int().nonnegative(),
    refused: z.array(refusalSchema()).max(MOST_REFUSED).default([]),
  }),
);
export type SweepEntry = Parsed<typeof sweepEntrySchema>;

/** The list of sweeps: entries that can be read, and what another version has written, as it is. */
export type SweepList = { entries: SweepEntry[]; others: unknown[] };

/** No node shares a longer checkpoint, in bytes, or reads one. */
export const LARGEST_CHECKPOINT = 64 * 2 ** 20;
/** Which of a task's checkpoints on the server is whole. */
export const checkpointHeadSchema = lazily(() =>
  z.object({
    place: z.enum(CHECKPOINT_PLACES),
    bytes: z.int().positive().max(LARGEST_CHECKPOINT),
  }),
);

/** Long tasks told of in a heartbeat, at most: more threads than a machine has. */
export const MOST_UNDER_WAY = 256;
/** How far a long task is on a node. */
const underWaySchema = lazily(() =>
  z.object({
    sweep: sweepKeySchema(),
    task: z.string().regex(/^[0-9a-f]{32}$/),
    iterations: z.int().min(0).max(LIMITS.iterations),
  }),
);
export type UnderWay = Parsed<typeof underWaySchema>;

/** Sweeps that a heartbeat names as unreadable, at most. */
export const MOST_UNREADABLE = 20;

export const NODE_STATES = ['ready', 'draining', 'set-aside'] as const;
/** Sent every two seconds. `time` is the node's own clock, to warn of a wrong one; nothing depends on it. */
export const heartbeatSchema = lazily(() =>
  z.object({
    node: nodeName(),
    host: z.string().max(300),
    pid: z.int(),
    version: z.string().max(100),
    numerics: z.string().max(100),
    runtime: z.string().max(100),
    threads: z.int().positive(),
    busy: z.int().nonnegative(),
    done: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    /** load average of the last minute */
    load: z.number().nonnegative(),
    /** absent where there is no long task */
    underWay: z.array(underWaySchema()).max(MOST_UNDER_WAY).optional(),
    protocols: z.array(protocolSchema()).min(1).max(20).default([1]),
    /** sweeps with tasks that it cannot read, because a newer version sends them; absent where there are none */
    unreadable: z.array(sweepKeySchema()).max(MOST_UNREADABLE).optional(),
    /** with which the node signs its results */
    key: publicKeySchema().optional(),
    state: z.enum(NODE_STATES),
    time: z.string().max(40),
  }),
);
export type Heartbeat = Parsed<typeof heartbeatSchema>;

/** Nodes that are remembered at once, at most. */
export const MOST_NODES = 10_000;

export function shorten(message: string): string {
  return message.length <= LONGEST_ERROR ? message : `${message.slice(0, LONGEST_ERROR - 3)}...`;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const encode = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));

export type Decoded<T> = { ok: true; value: T } | { ok: false; problem: string };

/** Everything from the wire goes through here. */
export const decode = <T>(schema: z.ZodType<T>, data: Uint8Array): Decoded<T> => decodeBy(() => schema, data);

function decodeBy<T>(schemaFor: (value: unknown) => z.ZodType<T>, data: Uint8Array): Decoded<T> {
  if (data.length > LARGEST_MESSAGE)
    return { ok: false, problem: `${data.length} bytes, more than ${LARGEST_MESSAGE}` };
  try {
    const value: unknown = JSON.parse(decoder.decode(data));
    const parsed = schemaFor(value).safeParse(value);
    return parsed.success
      ? { ok: true, value: parsed.data }
      : { ok: false, problem: shorten(z.prettifyError(parsed.error)) };
  } catch (error) {
    return { ok: false, problem: shorten(messageOf(error)) };
  }
}

/** The list of sweeps. An entry that this version cannot read hides no other. */
export function decodeSweeps(data: Uint8Array): Decoded<SweepList> {
  const list = decode(z.array(z.unknown()), data);
  if (!list.ok) return list;
  const parsed = list.value.map((value) => ({ value, entry: sweepEntrySchema().safeParse(value).data }));
  const entries = parsed.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  return { ok: true, value: { entries, others: parsed.flatMap(({ value, entry }) => (entry ? [] : [value])) } };
}

/** The key in an entry of the list that cannot be read; undefined where it has none. */
export const keyIn = (entry: unknown): unknown => (entry as { key?: unknown } | null)?.key;

/** Whether data that cannot be read as a task have the hash that their subject says: then another build has written it, and nothing garbled it. */
export function isIntact(data: Uint8Array, subjectTask: string): boolean {
  const claim = decode(z.looseObject({ id: z.literal(subjectTask), cell: z.looseObject({}) }), data);
  return claim.ok && taskId(claim.value as unknown as Task) === subjectTask;
}

/** A task whose id is the hash of its text and the last token of its subject. */
export function decodeTask(data: Uint8Array, subjectTask: string): Decoded<Task> {
  const decoded = decode(taskSchema(), data);
  return decoded.ok ? checkId(decoded, decoded.value, subjectTask) : decoded;
}

/** An outcome whose result can be the result of its task. */
export function decodeOutcome(data: Uint8Array, subjectTask: string): Decoded<Outcome> {
  const decoded = decodeBy((value) => outcomeSchemaOf(experimentIn(value)), data);
  if (!decoded.ok) return decoded;
  const { task, result } = decoded.value;
  const problem = resultProblem(task, result);
  return problem === undefined ? checkId(decoded, task, subjectTask) : { ok: false, problem };
}

function checkId<T>(decoded: Decoded<T>, task: Task, subjectTask: string): Decoded<T> {
  const id = taskId(task);
  if (task.id === id && subjectTask === id) return decoded;
  return {
    ok: false,
    problem: `the task's id is ${task.id}, its subject says ${subjectTask}, the hash of its text is ${id}`,
  };
}
