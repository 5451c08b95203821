import { DiscardPolicy, jetstream, StorageType } from '@nats-io/jetstream';
import { messageOf } from '../../shared/mod.ts';
import { type Cluster, permissionViolation } from '../../shared/protocol/mod.ts';
import type { Finding } from './finding.ts';

const STREAM = 'EDGESWEEP_DOCTOR';
const SUBJECT = 'es.doctor';
/** A clock further off than this is told of, in milliseconds. */
const WRONG_MS = 60_000;

/** Has the server store a message for a moment: it says when it did, and whether it can store at all. */
export async function examineClock({ nc, jsm }: Cluster): Promise<Finding> {
  const what = 'clock';
  try {
    await jsm.streams.add({
      name: STREAM,
      subjects: [SUBJECT],
      storage: StorageType.File,
      max_msgs: 1,
      discard: DiscardPolicy.Old,
      allow_direct: true,
    });
    try {
      const before = Date.now();
      await jetstream(nc).publish(SUBJECT, 'doctor');
      const ours = (before + Date.now()) / 2;
      const stored = await jsm.direct.getMessage(STREAM, { last_by_subj: SUBJECT });
      return compare(ours, stored?.time.getTime() ?? Number.NaN);
    } finally {
      await jsm.streams.delete(STREAM);
    }
  } catch (error) {
    if (permissionViolation(error) !== undefined)
      return {
        verdict: 'fact',
        what,
        text: 'not compared with the clock of the server: this user may not create streams',
      };
    return { verdict: 'problem', what: 'storage', text: `the server cannot store a message: ${messageOf(error)}` };
  }
}

function compare(ours: number, theirs: number): Finding {
  const what = 'clock';
  const seconds = (ours - theirs) / 1000;
  const size = `${Math.abs(seconds).toFixed(Math.abs(seconds) < 10 ? 2 : 0)} s ${seconds > 0 ? 'ahead of' : 'behind'} that of the server`;
  if (Math.abs(ours - theirs) <= WRONG_MS) return { verdict: 'ok', what, text: `this machine's is ${size}` };
  return {
    verdict: 'warning',
    what,
    text: `this machine's is ${size}: results do not depend on it, but TLS certificates and logs do; use NTP`,
  };
}
