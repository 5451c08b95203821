import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsMsg } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { STREAMS, SUBJECTS, TIMINGS } from '../../../shared/protocol/mod.ts';
import { compute } from '../../../worker/node/compute.ts';
import type { NodeContext } from '../../../worker/node/context.ts';
import type { Health } from '../../../worker/node/health.ts';
import { Pace } from '../../../worker/node/pace.ts';
import type { ProgramSpec } from '../../../worker/programs/mod.ts';
import { makeFolder } from '../../support/mod.ts';
import { taskFor } from '../programs/support.ts';

/** The streams that a node asks for a message while it computes a task of a program, and what its scratch folder has afterwards. */
async function computed(checkpoints: boolean, hasFolder: boolean, isHere = true) {
  const settings = { mode: 'persistent', timeout: 1, start: 1, checkpoints } as const;
  const spec: ProgramSpec = { name: 'probe', command: [], directory: '', files: [], settings };
  const task = taskFor({ spec });
  const { program } = task.cell;
  const folder = makeFolder();
  if (hasFolder) {
    mkdirSync(join(folder, `${task.id}.program`));
    writeFileSync(join(folder, `${task.id}.program`, 'state'), '1');
  }
  const streams: string[] = [];
  const answers: string[] = [];
  const provenance = { engine: 'program', host: 'h', seconds: 1, version: '0', node: 'v20', attempts: 1 };
  const result = { values: {}, search: null, series: null };
  const need = { name: program.name, digest: program.files };
  const context = {
    options: { name: 'node', checkpoints: { folder } },
    counts: { busy: 0, done: 0, failed: 0 },
    underWay: new Map(),
    givenBack: new Map(),
    pace: new Pace(),
    programPool: { run: async () => ({ outcome: { task, result, provenance } }) },
    programs: { specOf: () => (isHere ? spec : undefined) },
    programNeeds: new Map([['sweep', need]]),
    cluster: {
      timings: TIMINGS,
      jsm: {
        direct: {
          getMessage(stream: string) {
            streams.push(stream);
            return Promise.resolve(null);
          },
        },
      },
    },
    js: { publish: () => Promise.resolve({}), getOptions: () => ({ timeout: 1000 }) },
    note: () => {},
  } as unknown as NodeContext;
  const message = {
    subject: SUBJECTS.task('sweep', task.id),
    ack: () => answers.push('ack'),
    nak: () => answers.push('nak'),
  } as unknown as JsMsg;
  const { signal: stop } = new AbortController();
  const turn = { take: async () => undefined, give: () => {} };
  const health = { succeeded: () => {} } as unknown as Health;
  await compute(context, health, { sweep: 'sweep', task, attempts: [], message, stop, turn });
  return { streams, left: readdirSync(folder), answers };
}

it('a node asks for the checkpoint of a program that has a folder', async () => {
  expect(await computed(true, false)).toEqual({ streams: [STREAMS.checkpoints], left: [], answers: ['ack'] });
});

it('a node asks for none of a program that has no folder, and removes one of earlier', async () => {
  expect(await computed(false, false)).toEqual({ streams: [], left: [], answers: ['ack'] });
  expect(await computed(false, true)).toEqual({ streams: [], left: [], answers: ['ack'] });
});

it('a task whose program is gone when its turn comes is given back, and has not failed', async () => {
  expect(await computed(false, false, false)).toEqual({ streams: [], left: [], answers: ['nak'] });
});
