import { JetStreamApiError, type JetStreamClient } from '@nats-io/jetstream';

/**
 * What a publication came to. `exists`: the subject has a message already, and the first stays. `full`: the server has no room.
 * `unknown`: nobody answered in time, so it may or may not have been stored; publishing again is safe, for there is one message a
 * subject.
 */
export type Published = 'stored' | 'exists' | 'full' | 'unknown';

/** The slowest line that a message has to get through in time, in bytes per millisecond. */
const SLOWEST_LINE = 10;

/** An answer is waited for as long as any, and as the message may take on a slow line. */
export async function publishOnce(js: JetStreamClient, subject: string, data: Uint8Array): Promise<Published> {
  try {
    await js.publish(subject, data, { retries: 1, timeout: js.getOptions().timeout! + data.length / SLOWEST_LINE });
    return 'stored';
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) return 'unknown';
    return /maximum messages per subject/.test(error.message) ? 'exists' : 'full';
  }
}
