import { duration, EdgesweepError, errorLine, messageOf } from '../../shared/mod.ts';
import { type ProgramSpec, tryProgram } from '../../worker/mod.ts';
import type { AllowedProgram } from '../../worker/node/mod.ts';
import type { Finding } from './finding.ts';

/** How long a program may take to say hello, in milliseconds: PyTorch takes seconds. */
const PATIENCE_MS = 30_000;

/** Starts each allowed program once, one after another, and ends it again. */
export async function examinePrograms(
  allowed: readonly AllowedProgram[],
  directory: string,
  env: NodeJS.ProcessEnv,
  passed: readonly string[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, command } of allowed) {
    findings.push(await examine({ name, command, directory }, env, passed));
  }
  return findings;
}

async function examine(
  program: Pick<ProgramSpec, 'name' | 'command' | 'directory'>,
  env: NodeJS.ProcessEnv,
  passed: readonly string[],
): Promise<Finding> {
  const what = `program ${program.name}`;
  try {
    const { hello, seconds, how, log } = await tryProgram(program, env, passed, PATIENCE_MS);
    if (hello) return { verdict: 'ok', what, text: `persistent: says hello after ${duration(seconds)}` };
    if (how === undefined) {
      return {
        verdict: 'warning',
        what,
        text: `starts, but says nothing for ${duration(PATIENCE_MS / 1000)}; fine for one-shot`,
      };
    }
    const words = log === '' ? '' : `; its log says: ${log}`;
    return { verdict: 'fact', what, text: `starts, and without a task ${how}; fine for one-shot${words}` };
  } catch (error) {
    return { verdict: 'problem', what, text: error instanceof EdgesweepError ? errorLine(error) : messageOf(error) };
  }
}
