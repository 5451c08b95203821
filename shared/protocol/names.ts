/** Streams, subjects and buckets of the cluster. `sweep` is a sweep key, see `sweepKey`; neither it nor the id of a task has dots. */
export const STREAMS = {
  tasks: 'EDGESWEEP_TASKS',
  results: 'EDGESWEEP_RESULTS',
  failed: 'EDGESWEEP_FAILED',
  series: 'EDGESWEEP_SERIES',
  checkpoints: 'EDGESWEEP_CHECKPOINTS',
} as const;
export const BUCKETS = { sweeps: 'edgesweep-sweeps', attempts: 'edgesweep-attempts' } as const;
/** An object store with the files of data sets, for nodes that lack them. */
export const DATA_BUCKET = 'edgesweep-data';
export const DATA_STREAM = `OBJ_${DATA_BUCKET}`;

/** Name of the object with one file, packed by gzip, of the data set with this digest. */
export const dataObject = (digest: string, file: string): string => `${digest}.${file}.gz`;

/** the one key of the bucket of sweeps: all sweeps there are, so that a worker learns of them with one read */
export const SWEEPS_KEY = 'all';

export const CHECKPOINT_PLACES = ['a', 'b'] as const;
export type CheckpointPlace = (typeof CHECKPOINT_PLACES)[number];

export const SUBJECTS = {
  /** the sweep twice, for two patterns that differ: see `purgeTasks` */
  task: (sweep: string, task: string) => `es.task.${sweep}.${sweep}.${task}`,
  result: (sweep: string, task: string) => `es.result.${sweep}.${task}`,
  failed: (sweep: string, task: string) => `es.failed.${sweep}.${task}`,
  /** a part of the file that belongs to a result; with the file's SHA-256, so that parts of two files never mix */
  series: (sweep: string, task: string, sha256: string, part: number | '*') =>
    `es.series.${sweep}.${task}.${sha256}.${part}`,
  /** a part of a checkpoint; of the two places, `head` tells which one is whole, so that a node may die while it writes the other */
  checkpoint: (sweep: string, task: string, place: CheckpointPlace | 'head', part: number) =>
    `es.checkpoint.${sweep}.${task}.${place}.${part}`,
  heartbeat: (node: string) => `es.heartbeat.${node}`,
  /** tells workers that the sweeps have changed, so that they need not wait for their next look */
  wake: 'es.wake',
} as const;

export const attemptsKey = (sweep: string, task: string): string => `${sweep}.${task}`;

const TASK_SUBJECT = /^es\.(?:task\.(?<todo>[^.]+)\.\k<todo>|(?:result|failed)\.(?<done>[^.]+))\.(?<task>[^.]+)$/;

/** What the subject of a task, of its result or of its failure names; undefined when it is of another form. */
export function parseSubject(subject: string): { sweep: string; task: string } | undefined {
  const groups = TASK_SUBJECT.exec(subject)?.groups;
  return groups && { sweep: groups.todo ?? groups.done, task: groups.task };
}

/** Prefix of the inboxes of a role: with a prefix each, an account can be kept from reading the replies to another. */
export const INBOX = { worker: '_INBOX_worker', orchestrator: '_INBOX_orchestrator' } as const;
export type Role = keyof typeof INBOX;

/** Tasks that a node asks for at once, at most, and that the server gives for one request. */
export const MOST_AT_ONCE = 32;

/** The oldest nats-server with all that is used here (JetStream's discard_new_per_subject). */
export const OLDEST_SERVER = '2.9.0';
