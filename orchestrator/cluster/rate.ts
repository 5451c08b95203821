import { DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { type Cluster, STREAMS, SUBJECTS } from '../../shared/protocol/mod.ts';

/** Seconds before the last result that are looked at: a wider window where the narrower one holds few. */
const WINDOWS = [60, 600, 3600];
const ENOUGH = 20;

/** Results per second, and over how many. */
export type Rate = { rate: number; recent: number };

/** Of a sweep over its most recent results, by the clock of the server; undefined while there are fewer than two. */
export async function readRate(cluster: Cluster, sweep: string): Promise<Rate | undefined> {
  const last = await firstMessage(cluster, sweep, { deliver_policy: DeliverPolicy.Last });
  if (last === undefined) return undefined;
  const end = last.time.getTime();
  let rate: Rate | undefined;
  for (const window of WINDOWS) {
    const opt_start_time = new Date(end - 1000 * window).toISOString();
    const first = await firstMessage(cluster, sweep, { deliver_policy: DeliverPolicy.StartTime, opt_start_time });
    if (first === undefined) return rate;
    const { pending } = first.info;
    const seconds = (end - first.time.getTime()) / 1000;
    if (pending > 0 && seconds > 0) rate = { rate: pending / seconds, recent: pending };
    if (pending >= ENOUGH) break;
  }
  return rate;
}

type Start = { deliver_policy: DeliverPolicy; opt_start_time?: string };

async function firstMessage(
  cluster: Cluster,
  sweep: string,
  start: Start,
): Promise<(Pick<JsMsg, 'info'> & { time: Date }) | undefined> {
  const filter_subjects = SUBJECTS.result(sweep, '*');
  const consumer = await cluster.js.consumers.get(STREAMS.results, { filter_subjects, ...start });
  try {
    if ((await consumer.info(true)).num_pending === 0) return undefined;
    const message = await consumer.next({ expires: 2000 });
    return message === null ? undefined : { info: message.info, time: message.time };
  } finally {
    await consumer.delete().catch(() => false);
  }
}
