import { z } from 'zod';
import { STREAMS } from '../../shared/protocol/mod.ts';
import { type Member, MONITOR_PORT } from '../../test/chaos/servers.ts';

/** What servers choose leaders of: who assigns streams and consumers, who takes messages, who hands out tasks. */
export const ROLES = ['meta', 'results', 'tasks', 'consumer'] as const;
export type Role = (typeof ROLES)[number];

const LINES: Record<Role, RegExp> = {
  meta: /new metadata leader/,
  results: new RegExp(`new stream leader for '.* > ${STREAMS.results}'`),
  tasks: new RegExp(`new stream leader for '.* > ${STREAMS.tasks}'`),
  consumer: new RegExp(`new consumer leader for '.* > ${STREAMS.tasks} > `),
};

/** The member that has logged last that it leads the stream. */
export function leaderOf(members: readonly Member[], stream: string): Member | undefined {
  const pattern = new RegExp(`new stream leader for '.* > ${stream}'`);
  const claims = members.map((member) => ({ member, at: lastOf(member, pattern) }));
  return claims.filter(({ at }) => at > 0).sort((a, b) => b.at - a.at)[0]?.member;
}

const linesOf = ({ server }: Member): string[] => server.process.stderr.split('\n');

function lastOf(member: Member, pattern: RegExp): number {
  return Math.max(0, ...linesOf(member).map((line) => (pattern.test(line) ? timeOf(line) : 0)));
}

/** Of a line of the log, in milliseconds; the servers log in UTC. */
function timeOf(line: string): number {
  const [, date, time] = /(\d{4}\/\d\d\/\d\d) (\d\d:\d\d:\d\d\.\d+)/.exec(line) ?? [];
  return date === undefined ? 0 : Date.parse(`${date.replaceAll('/', '-')}T${time.slice(0, 12)}Z`);
}

/** Seconds from `since` until the first new leader of each role, by the logs. */
export function leadersSince(
  members: readonly Member[],
  logged: readonly number[],
  since: number,
): Partial<Record<Role, number>> {
  const lines = members.flatMap(({ server }, i) => server.process.stderr.slice(logged[i]).split('\n'));
  return Object.fromEntries(
    ROLES.flatMap((role) => {
      const times = lines.filter((line) => LINES[role].test(line)).map(timeOf);
      return times.length === 0 ? [] : [[role, (Math.min(...times) - since) / 1000]];
    }),
  );
}

const detailSchema = z.object({
  account_details: z.array(
    z.object({ stream_detail: z.array(z.object({ name: z.string(), state: z.object({ last_seq: z.int() }) })) }),
  ),
});

/** Sequence number of the newest message in the stream, as this server knows; 0 when it does not answer. */
export async function newestIn({ link }: Member, stream: string): Promise<number> {
  try {
    const url = `http://${link.host}:${MONITOR_PORT}/jsz?accounts=true&streams=true`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
    const { account_details: accounts } = detailSchema.parse(await answer.json());
    const streams = accounts.flatMap(({ stream_detail }) => stream_detail);
    return streams.find(({ name }) => name === stream)?.state.last_seq ?? 0;
  } catch {
    return 0;
  }
}
