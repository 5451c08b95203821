/**
 * Answers the tasks of an edgesweep sweep. Printed by `edgesweep program node`; Node 18 or later, no dependencies.
 *
 *     import { serve } from './edgesweep-task.mjs';
 *
 *     serve(async ({ params, run, seed, random, folder }, step) => {
 *       step(1, { loss: 0.5 });        // optional: a row of the task's series
 *       return { loss: 0.25 };         // numbers; in a search also `diverged: true` or `false`
 *     });
 */
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const say = (value) => {
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(3, bytes, sent);
};

const RESERVED = ['id', 'ok', 'error', 'retry', 'step', 'protocol'];

/** What to say of numbers by name. */
function checked(values) {
  const taken = Object.keys(values).find((name) => RESERVED.includes(name));
  if (taken !== undefined) throw new TypeError(`${taken} has a meaning of its own: choose another name`);
  return Object.entries(values);
}

async function ask(compute, question) {
  const { id } = question;
  const step = (at, values) =>
    say({
      id,
      step: at,
      ...Object.fromEntries(checked(values).map(([n, v]) => [n, Number.isFinite(v) ? v : null])),
    });
  try {
    const values = await compute(question, step);
    for (const [name, value] of checked(values)) {
      if (name === 'diverged' ? typeof value !== 'boolean' : !Number.isFinite(value)) {
        throw new TypeError(`${name} is ${value}: leave it out, or report \`diverged\` in a search`);
      }
    }
    say({ id, ok: true, ...values });
    return true;
  } catch (error) {
    console.error(error);
    say({ id, ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    return false;
  }
}

/** Calls the function for each task. What it prints goes to the task's log; results take file descriptor 3. */
export async function serve(compute) {
  if (process.env.EDGESWEEP_MODE !== 'persistent') {
    const question = JSON.parse(readFileSync(process.env.EDGESWEEP_IN, 'utf8'));
    process.exit((await ask(compute, question)) ? 0 : 1);
  }
  say({ protocol: 1 });
  for await (const line of createInterface({ input: process.stdin })) await ask(compute, JSON.parse(line));
  process.exit(0);
}
