import { describe, expect, it } from 'vitest';
import { openAudit } from '../../../orchestrator/audit.ts';
import type { HeardNode } from '../../../orchestrator/cluster/mod.ts';
import { createAudits } from '../../../orchestrator/dispatch/nats/audits.ts';
import { Channel } from '../../../orchestrator/dispatch/nats/channel.ts';
import type { Arrival, Audited } from '../../../orchestrator/dispatch/nats/part.ts';
import { Refusals } from '../../../orchestrator/dispatch/nats/refusals.ts';
import type { Work } from '../../../orchestrator/work.ts';
import { makeNodeKey, NUMERICS, nodeKeyOf, type Outcome, signOutcome, type Task } from '../../../shared/mod.ts';
import { quickTasks, trajectoryTask } from '../../conformance/tasks.ts';
import { makeFolder } from '../../support/mod.ts';
import { outcomeOf } from '../signed.ts';

const [task] = quickTasks(1);
const keys = { a: nodeKeyOf(makeNodeKey()), b: nodeKeyOf(makeNodeKey()) };
type Name = keyof typeof keys;

const TRUE_RUNG = 2;
let seq = 0;

/** The result of a node. */
function answer(node: Name, rung = TRUE_RUNG): Extract<Arrival, { type: 'outcome' }> {
  seq += 1;
  return { type: 'outcome', outcome: signOutcome(outcomeOf(task, rung), { sweep: 's', node }, keys[node]), seq };
}

/** Audits of every task, with these nodes on the server and a machine that computes what is right. */
async function makeAudits(names: readonly Name[]) {
  const did = { removed: [] as number[], sent: [] as Task[], computed: 0, setAside: [] as string[] };
  const channel = new Channel<Arrival>(10);
  const audit = await openAudit(makeFolder(), 1);
  const audits = createAudits(
    {
      channel,
      signal: new AbortController().signal,
      note: () => {},
      work: { isSettled: () => false } as unknown as Work,
      sawProgress: () => {},
    },
    {
      nodes: {
        list: () =>
          names.map(
            (name) => ({ state: 'ready', numerics: NUMERICS, key: keys[name].publicKey }) as unknown as HeardNode,
          ),
      },
      audit,
      refusals: new Refusals([]),
      pool: () => ({
        threads: 1,
        async run() {
          did.computed += 1;
          return { outcome: outcomeOf(task, TRUE_RUNG) };
        },
        close: async () => {},
      }),
      setAside: async ({ node }) => void did.setAside.push(node),
      onServer: {
        remove: async (_, at) => void did.removed.push(at),
        sendAgain: async (again) => void did.sent.push(again),
      },
    },
  );
  /** Judges what was computed here. */
  const judge = async () => {
    const { value } = await channel[Symbol.asyncIterator]().next();
    return audits.judge(value as Audited);
  };
  return { audits, audit, did, judge };
}

const rungOf = ({ outcome }: { outcome: Outcome }) => ('rung' in outcome.result ? outcome.result.rung : undefined);

describe('an audit', () => {
  it('takes the first result off the server, and records the second where another node signs the same', async () => {
    const { audits, audit, did } = await makeAudits(['a', 'b']);
    const [one, two] = [answer('a'), answer('b')];
    expect(await audits.screen(one)).toBeUndefined();
    expect(did).toMatchObject({ removed: [one.seq], sent: [task] });
    expect(await audits.screen(two)).toBe(two);
    expect(did).toMatchObject({ computed: 0, setAside: [] });
    expect(audit.summary()).toContain('1 task computed');
  });

  it('is computed here where the same node answers twice, and where there is no other', async () => {
    for (const names of [['a', 'b'], ['a']] as const) {
      const { audits, did, judge } = await makeAudits(names);
      const last = answer('a');
      if (names.length === 2) expect(await audits.screen(answer('a'))).toBeUndefined();
      expect(await audits.screen(last)).toBeUndefined();
      expect(audits.isIdle()).toBe(false);
      // comes again meanwhile
      expect(await audits.screen(answer('b', 0))).toBeUndefined();
      expect(await judge()).toBe(last);
      expect(audits.isIdle()).toBe(true);
      expect(did).toMatchObject({ computed: 1, setAside: [] });
    }
  });

  it('sets aside whoever gave another result than this machine, and records what is right', async () => {
    const cases = [
      { first: 1, second: TRUE_RUNG, wrong: ['a'], recorded: 'outcome' },
      { first: TRUE_RUNG, second: 1, wrong: ['b'], recorded: 'decided' },
      { first: 0, second: 1, wrong: ['a', 'b'], recorded: 'decided' },
    ];
    for (const { first, second, wrong, recorded } of cases) {
      const { audits, did, judge } = await makeAudits(['a', 'b']);
      await audits.screen(answer('a', first));
      const last = answer('b', second);
      expect(await audits.screen(last)).toBeUndefined();
      const judged = await judge();
      expect({ type: judged.type, rung: rungOf(judged) }).toEqual({ type: recorded, rung: TRUE_RUNG });
      expect(did.setAside).toEqual(wrong);
      // a wrong result must not stay for others to collect
      expect(did.removed.includes(last.seq)).toBe(recorded === 'decided');
    }
  });

  it('of a long task is computed here, since nodes go on from each other’s checkpoints', async () => {
    const { audits, did } = await makeAudits(['a', 'b']);
    const long = { ...answer('a').outcome, task: trajectoryTask(0) } as Outcome;
    expect(await audits.screen({ type: 'outcome', outcome: long, seq: 1 })).toBeUndefined();
    expect(did).toMatchObject({ removed: [], sent: [], computed: 1 });
  });
});
