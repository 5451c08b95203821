import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Json, type Outcome, type TaskOf, taskId } from '../../../shared/mod.ts';
import { filesDigest, hashFile } from '../../../shared/programs/files.ts';
import type { ProgramSettings } from '../../../shared/programs/settings.ts';
import { createProgramPool, type ProgramPool, type ProgramSpec } from '../../../worker/programs/mod.ts';
import { cleanLater, makeFolder } from '../../support/mod.ts';

/** Persistent: says hello, then answers each question with what `answer(question)` returns, or writes for itself. */
const PERSISTENT = (body: string) => `
const { writeSync, readSync } = require('node:fs');
const say = (value) => writeSync(3, (typeof value === 'string' ? value : JSON.stringify(value)) + '\\n');
let tasks = 0;
function answer(question) { const { id, params } = question; ${body} }
say({ protocol: 1 });
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const question = JSON.parse(line);
  tasks += 1;
  const values = answer(question);
  if (values !== undefined) say({ id: question.id, ok: true, ...values });
}).on('close', () => process.exit(0));
`;

const ONE_SHOT = (body: string) => `
const { readFileSync, writeFileSync, renameSync, writeSync } = require('node:fs');
const say = (value) => writeSync(3, (typeof value === 'string' ? value : JSON.stringify(value)) + '\\n');
const question = JSON.parse(readFileSync(process.env.EDGESWEEP_IN, 'utf8'));
const { id, params } = question;
const values = (() => { ${body} })();
if (values !== undefined) {
  writeFileSync(process.env.EDGESWEEP_OUT + '.part', JSON.stringify(values));
  renameSync(process.env.EDGESWEEP_OUT + '.part', process.env.EDGESWEEP_OUT);
}
`;

export type Made = { pool: ProgramPool; spec: ProgramSpec; folder: string; logs: string };

/** A program of Node whose answer is this body, and a pool for it. */
export function makeProgram(
  body: string,
  settings: Partial<ProgramSettings> = {},
  options: { slots?: number; whole?: boolean; command?: string[]; env?: NodeJS.ProcessEnv } = {},
): Made {
  const folder = makeFolder();
  const { mode = 'persistent' } = settings;
  writeFileSync(
    join(folder, 'program.cjs'),
    options.whole ? body : (mode === 'persistent' ? PERSISTENT : ONE_SHOT)(body),
  );
  const spec: ProgramSpec = {
    name: 'probe',
    command: options.command ?? [process.execPath, 'program.cjs'],
    directory: folder,
    files: [hashFile(folder, 'program.cjs')],
    settings: { mode, timeout: 20, start: 20, checkpoints: false, ...settings },
  };
  const logs = join(folder, 'logs');
  const pool = createProgramPool({
    slots: options.slots ?? 1,
    logs,
    folders: join(folder, 'folders'),
    env: options.env ?? { PATH: process.env.PATH },
    grace: 300,
  });
  cleanLater(() => pool.close());
  return { pool, spec, folder, logs };
}

type Search = { parameter: string; initialStepSize: number; growth: number; ceiling: number };

export function taskFor(
  { spec }: Pick<Made, 'spec'>,
  params: Record<string, Json> = {},
  { run = 0, metrics = [] as string[], search }: { run?: number; metrics?: string[]; search?: Search } = {},
): TaskOf<'program'> {
  const program = { name: spec.name, files: filesDigest(spec.files), metrics, ...(search && { search }) };
  const rest = { experiment: 'program', cell: { program, params }, run, seed: 5, numerics: 'program-1' } as const;
  return { id: taskId(rest), ...rest };
}

/** What the program makes of parameters. */
export async function ask(made: Made, params: Record<string, Json> = {}, options: Parameters<typeof taskFor>[2] = {}) {
  const { outcome } = await made.pool.run(taskFor(made, params, options), 1, made.spec);
  return (outcome as Extract<Outcome, { task: { experiment: 'program' } }>).result;
}

/** How a task fails. */
export async function failureOf(
  made: Made,
  params: Record<string, Json> = {},
  options: Parameters<typeof taskFor>[2] = {},
) {
  const error = await ask(made, params, options).then(
    (result) => {
      throw new Error(`no failure, but ${JSON.stringify(result)}`);
    },
    (cause: Error & { code?: string; log?: string; details?: Record<string, string> }) => cause,
  );
  const { message, code = 'machine', log = '', details = {} } = error;
  return { message, code, log, details, text: [message, details.expected, details.got, details.fix].join('\n') };
}
