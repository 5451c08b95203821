import { leavesCheckpoints, messageOf, type Task } from '../../shared/mod.ts';
import {
  type CheckpointPlace,
  checkpointHeadSchema,
  decode,
  encode,
  getFile,
  LARGEST_CHECKPOINT,
  publishOnce,
  putFile,
  STREAMS,
  SUBJECTS,
} from '../../shared/protocol/mod.ts';
import { removeCheckpoints } from '../experiments/mod.ts';
import { type CheckpointStore, checkpointStore } from './checkpoint-store.ts';
import type { NodeContext } from './context.ts';

/**
 * Before a long task: gets the checkpoint that another machine left on the server, where this one has none. During it: copies the
 * checkpoints of its thread there now and then. Nothing depends on either: a checkpoint that is torn, or of something else, is ignored,
 * and what fails is left out.
 * @returns to be called when the task ends
 */
export async function shareCheckpoints(context: NodeContext, sweep: string, task: Task): Promise<() => void> {
  const { options } = context;
  if (options.checkpoints === undefined || !leavesCheckpoints(task.cell)) return () => {};
  const store = checkpointStore(options.checkpoints.folder, task);
  if (!store.exists()) await getCheckpoint(context, sweep, task.id, store).catch(() => {});
  const ended = new AbortController();
  let copied = await store.stamp().catch(() => undefined);
  let copying = false;
  let noted = false;
  const copy = async (): Promise<void> => {
    const stamp = await store.stamp();
    if (stamp === undefined || stamp === copied) return;
    const file = await store.read();
    if (file.length > LARGEST_CHECKPOINT) {
      const most = LARGEST_CHECKPOINT / 2 ** 20;
      if (!noted) context.note(`task ${task.id}: its checkpoint is above ${most} MiB and stays on this machine`);
      noted = true;
      return;
    }
    if (await putCheckpoint(context, sweep, task.id, file, ended.signal)) copied = stamp;
  };
  const timer = setInterval(() => {
    if (copying) return;
    copying = true;
    void copy()
      .catch(() => {})
      .finally(() => {
        copying = false;
      });
  }, context.cluster.timings.share);
  return () => {
    clearInterval(timer);
    ended.abort();
  };
}

/** Once the result of the task is on the server. */
export function forgetCheckpoints({ options, note }: NodeContext, task: Task): void {
  if (options.checkpoints === undefined || !leavesCheckpoints(task.cell)) return;
  try {
    removeCheckpoints(options.checkpoints.folder, task.id);
  } catch (error) {
    note(`a checkpoint could not be removed from the scratch folder: ${messageOf(error)}`);
  }
}

async function readHead({ cluster }: NodeContext, sweep: string, task: string) {
  const subject = SUBJECTS.checkpoint(sweep, task, 'head', 0);
  const stored = await cluster.jsm.direct.getMessage(STREAMS.checkpoints, { last_by_subj: subject });
  const head = stored && decode(checkpointHeadSchema(), stored.data);
  return head?.ok ? head.value : undefined;
}

async function getCheckpoint(context: NodeContext, sweep: string, task: string, store: CheckpointStore): Promise<void> {
  const head = await readHead(context, sweep, task);
  if (head === undefined) return;
  const { place, bytes } = head;
  const partOf = (part: number) => SUBJECTS.checkpoint(sweep, task, place, part);
  const file = await getFile(context.cluster, STREAMS.checkpoints, bytes, partOf);
  // one of another version throws: here that is no fault of this machine's files
  if (file === undefined || !store.write(file, partOf(0))) return;
  context.note(`task ${task} resumes from a checkpoint that another node stored on the server`);
}

async function putCheckpoint(
  context: NodeContext,
  sweep: string,
  task: string,
  file: Uint8Array,
  ended: AbortSignal,
): Promise<boolean> {
  const whole = (await readHead(context, sweep, task))?.place;
  const place: CheckpointPlace = whole === 'a' ? 'b' : 'a';
  const partOf = (part: number) => SUBJECTS.checkpoint(sweep, task, place, part);
  if (!(await putFile(context.js, file, partOf, async () => false, ended)) || ended.aborted) return false;
  const head = encode({ place, bytes: file.length });
  return (await publishOnce(context.js, SUBJECTS.checkpoint(sweep, task, 'head', 0), head)) === 'stored';
}
